import { expect, test } from "vitest";
import type { Change, Wave } from "../../src/core/change.ts";
import { describeEffort, describeRollbackWindow, estimateEffort } from "../../src/core/effort.ts";
import { planFor } from "../support/writer-run.ts";

const QUOTA = { writes: 3000, windowSeconds: 150 };
const [one] = planFor(["ada"]).changes;
if (one === undefined) throw new Error("the plan has a change");
const changes = (count: number, wave: Wave = "simple"): Change[] =>
  Array.from({ length: count }, () => ({ ...one, wave }));
const inAd = (count: number): Change[] => changes(count).map((change) => ({ ...change, side: "ad" }));

for (const [title, planned, canary, writes, shortestSeconds] of [
  ["nothing to write takes nothing, canary or not", changes(0), 5, 0, 0],
  ["each change is a write", changes(7), 0, 7, 0],
  ["the proof of the canary is two more", changes(7), 1, 9, 0],
  ["chains alone have no canary", changes(7, "chain"), 1, 7, 0],
  ["one simple row among them has", [...changes(6, "cycle"), ...changes(1)], 1, 9, 0],
  ["what the quota grants at once takes no wait", changes(3000), 0, 3000, 0],
  ["each write beyond waits for its place", changes(3001), 0, 3001, 0.05],
  ["the proof of the canary waits for its places too", changes(3000), 1, 3002, 0.1],
  ["an AD account is written without a wait", [...changes(3000), ...inAd(1)], 0, 3001, 0],
  ["an AD account is not set back for a proof", [...changes(6, "chain"), ...inAd(1)], 1, 7, 0],
  ["ten thousand wait for seven thousand places", changes(10_000), 0, 10_000, 350],
] as const) {
  test(`estimateEffort: ${title}`, () =>
    expect(estimateEffort({ changes: planned }, QUOTA, canary)).toEqual({ writes, shortestSeconds }));
}

test("describeEffort says it in one sentence", () => {
  expect(describeEffort({ writes: 0, shortestSeconds: 0 }, QUOTA)).toBe("There is nothing to write.");
  expect(describeEffort({ writes: 1, shortestSeconds: 0 }, QUOTA)).toBe(
    "Writing takes 1 write, canary included: no wait for the quota (3,000 writes per 2 min 30 s).",
  );
  expect(describeEffort({ writes: 10_002, shortestSeconds: 350.1 }, QUOTA)).toBe(
    "Writing takes 10,002 writes, canary included: at least 5 min 51 s under the quota (3,000 writes per 2 min 30 s).",
  );
});

test.each([
  ["the tenant alone", ["set", "clear"], /^Rollback works only until sync takes a user over: .*Cloud Sync\.$/],
  ["AD alone", ["set-consistency-guid"], /^Rollback in AD helps only until sync imports an account, /],
  ["both", ["clear-consistency-guid", "replace"], /takes a user over: .* Rollback in AD helps only until/],
] as const)("describeRollbackWindow tells what closes the way back of %s", (_title, kinds, says) => {
  expect(describeRollbackWindow(kinds)).toMatch(says);
});

test("describeRollbackWindow is silent where nothing is written", () => expect(describeRollbackWindow([])).toBe(""));
