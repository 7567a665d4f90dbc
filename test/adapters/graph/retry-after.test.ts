import { expect, test } from "vitest";
import { backoffMs, readHttpDateMs, retryAfterMs } from "../../../src/adapters/graph/retry-after.ts";

const DATE = "Sun, 22 Nov 2026 01:00:00 GMT";

const cases: { name: string; header: string | null; date: string | null; waitMs: number | null }[] = [
  { name: "zero seconds", header: "0", date: DATE, waitMs: 0 },
  { name: "one second", header: "1", date: DATE, waitMs: 1000 },
  { name: "thirty seconds, without a Date", header: "30", date: null, waitMs: 30_000 },
  { name: "fifteen minutes", header: "900", date: DATE, waitMs: 900_000 },
  { name: "a day", header: "86400", date: DATE, waitMs: 86_400_000 },
  { name: "a fraction, rounded up to the millisecond", header: "2.1285", date: DATE, waitMs: 2129 },
  { name: "a date ahead of the server's clock", header: "Sun, 22 Nov 2026 01:02:00 GMT", date: DATE, waitMs: 120_000 },
  {
    name: "a date two hours behind ours but ahead of the server's",
    header: "Sat, 21 Nov 2026 23:00:30 GMT",
    date: "Sat, 21 Nov 2026 23:00:00 GMT",
    waitMs: 30_000,
  },
  {
    name: "a date with blanks around it",
    header: " Sun, 22 Nov 2026 01:02:00 GMT ",
    date: ` ${DATE} `,
    waitMs: 120_000,
  },
  { name: "the very second of the server's clock", header: DATE, date: DATE, waitMs: 0 },
  { name: "a date in the server's past", header: "Sun, 22 Nov 2026 00:59:00 GMT", date: DATE, waitMs: null },
  {
    name: "a date that cannot be measured, for want of a Date",
    header: "Sun, 22 Nov 2026 01:02:00 GMT",
    date: null,
    waitMs: null,
  },
  { name: "no header", header: null, date: DATE, waitMs: null },
  { name: "an empty header", header: "", date: DATE, waitMs: null },
  { name: "NaN", header: "NaN", date: DATE, waitMs: null },
  { name: "a negative number", header: "-5", date: DATE, waitMs: null },
  { name: "infinity", header: "1e999", date: DATE, waitMs: null },
  { name: "two headers: the longer", header: "1, 30", date: DATE, waitMs: 30_000 },
  { name: "two headers of which one is unreadable", header: "1, soon", date: DATE, waitMs: null },
  { name: "a date in a form of its own", header: "2026-11-22", date: DATE, waitMs: null },
];

for (const { name, header, date, waitMs } of cases) {
  test(`retryAfterMs reads ${name}`, () => {
    expect(retryAfterMs(header, date)).toBe(waitMs);
  });
}

test("readHttpDateMs reads the date form of HTTP and nothing else", () => {
  expect(readHttpDateMs(DATE)).toBe(Date.UTC(2026, 10, 22, 1, 0, 0));
  expect(readHttpDateMs("Sun, 99 Nov 2026 01:00:00 GMT")).toBeNull();
  expect(readHttpDateMs("tomorrow")).toBeNull();
  expect(readHttpDateMs(null)).toBeNull();
});

test("backoffMs stays between one second and a ceiling that doubles up to a minute", () => {
  expect([1, 2, 3, 5, 6, 50].map((attempt) => backoffMs(attempt, 0))).toEqual([1000, 1000, 1000, 1000, 1000, 1000]);
  expect([1, 2, 3, 5, 6, 50].map((attempt) => backoffMs(attempt, 1))).toEqual([
    2000, 4000, 8000, 32_000, 60_000, 60_000,
  ]);
});
