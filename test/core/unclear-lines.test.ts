import { expect, test } from "vitest";
import { listUnclearLines } from "../../src/core/unclear-lines.ts";
import { resultLine } from "../support/result-line.ts";

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
