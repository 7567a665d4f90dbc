import { describe, expect, test } from "vitest";
import { lastUnclearWriteMs, listUnclearLines } from "../../src/core/unclear-lines.ts";
import { resultLine } from "../support/result-line.ts";
import { AT, LATER, line, SENT } from "../support/rollback-record.ts";

const NOW = Date.parse("2026-11-22T05:00:00Z");
const WRITTEN = "2026-11-22T02:00:00.000Z";
const VERIFIED = "2026-11-22T02:01:00.000Z";
const NEVER = { writtenAt: null, verifiedAt: null };

for (const [title, changes, at] of [
  ["a single write that was accepted", {}, null],
  ["a single write that was refused", { status: "failed", ...NEVER }, null],
  ["a row without a write", { attempts: 0, status: "pending", ...NEVER }, null],
  ["a single write whose answer was lost", { status: "undecided", ...NEVER }, NOW],
  ["a set-back whose answer was lost, after a write that was accepted", { status: "undecided" }, NOW],
  ["two writes, then a read that showed the value", { attempts: 2 }, VERIFIED],
  ["two writes, then a look at sync", { attempts: 2, status: "taken-over" }, VERIFIED],
  ["two writes of which the time of the read is missing", { attempts: 2, verifiedAt: null }, WRITTEN],
  ["two writes that were never read back", { attempts: 2, status: "accepted", verifiedAt: null }, NOW],
  ["two writes of which the last was refused", { attempts: 2, status: "failed" }, NOW],
  ["a write that was not seen to arrive", { status: "pending", ...NEVER }, NOW],
] as const) {
  test(`${title} ${at === null ? "is accounted for" : `may have been sent until ${at === NOW ? "now" : at}`}`, () => {
    const found = listUnclearLines([resultLine(2, changes)], NOW).map(({ atMs }) => atMs);
    expect(found).toEqual(at === null ? [] : [typeof at === "number" ? at : Date.parse(at)]);
  });
}

describe("lastUnclearWriteMs", () => {
  for (const [title, lines, expected] of [
    ["a run of clear answers has none", [line(2, null, "A"), line(3, null, "B", SENT("failed"))], null],
    ["a row that was never sent has none", [line(2, null, "A", SENT("pending", 0))], null],
    ["an undecided write counts from now", [line(2, null, "A", SENT("undecided"))], NOW],
    ["a lost write that was settled as not applied counts from now", [line(2, null, "A", SENT("pending"))], NOW],
    ["a lost write that settled as drift counts from now", [line(2, null, "A", SENT("drift"))], NOW],
    ["a lost write before a refused one counts from now", [line(2, null, "A", SENT("failed", 2))], NOW],
    [
      "a lost write before one that was read back counts from that read",
      [line(2, null, "A", { attempts: 2, verifiedAt: LATER })],
      Date.parse(LATER),
    ],
    [
      "a lost write after one that was accepted counts from now",
      [line(2, null, "A", { attempts: 3, status: "accepted" })],
      NOW,
    ],
    [
      "the latest of several counts",
      [line(2, null, "A", { attempts: 2, verifiedAt: LATER }), line(3, null, "B", { attempts: 2, verifiedAt: AT })],
      Date.parse(LATER),
    ],
  ] as const) {
    test(title, () => expect(lastUnclearWriteMs(lines, NOW)).toBe(expected));
  }
});
