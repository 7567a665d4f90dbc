/** A signal while the tenant asks for a pause: nobody waits for its end, except an open cycle. */
import { expect, test } from "vitest";
import type { FaultMatch } from "../../../src/sim/tenant/faults.ts";
import { anchorOf, CLOUD_ID } from "../../support/facts.ts";
import { type FaultyRun, startFaultyRun } from "../faulty-run.ts";

const PAUSE_MS = 800_000;
const LONG_PAUSE = {
  kind: "status",
  status: 429,
  applied: false,
  retryAfter: String(PAUSE_MS / 1000),
} as const;

/** Applies, and gives the signal a minute after the tenant has asked for its pause. */
async function applyAndInterrupt(run: FaultyRun) {
  const drain = new AbortController();
  const startedMs = run.clock.monotonicMs();
  const applying = run.apply({}, { drain: drain.signal });
  const signalled = run.clock.wait(60_000).then(() => drain.abort(new Error("SIGINT")));
  const end = await applying;
  await signalled;
  return { end, tookMs: run.clock.monotonicMs() - startedMs };
}

const cases: readonly { readonly name: string; readonly match: FaultMatch }[] = [
  { name: "the last write", match: { method: "PATCH", nth: 5 } },
  { name: "a write with others after it", match: { method: "PATCH", nth: 4 } },
  { name: "the read before a write", match: { method: "GET", pathIncludes: `users/${CLOUD_ID("cyd")}?`, nth: 1 } },
];

for (const { name, match } of cases) {
  test(`D13: a signal while ${name} waits for the end of a pause ends the run at once, resumable`, async () => {
    await using run = await startFaultyRun({ people: ["ada", "ben", "cyd"], inFlight: 1 });
    await run.plan();
    run.strike({ match, action: LONG_PAUSE });
    const { end, tookMs } = await applyAndInterrupt(run);
    expect(end).toBe("stopped by a signal");
    expect(tookMs).toBeLessThan(PAUSE_MS / 2);
    await run.clock.wait(PAUSE_MS);
    await run.finish();
    expect(["ada", "ben", "cyd"].map(run.valueOf)).toEqual(["ada", "ben", "cyd"].map((person) => anchorOf(person)));
    expect(run.judge()).toEqual([]);
  });
}

test("D13: an open cycle waits for the end of the pause, for its user is without an ID meanwhile", async () => {
  await using run = await startFaultyRun({ people: ["ada", "ben"], holds: { ada: "ben", ben: "ada" }, inFlight: 1 });
  await run.plan();
  run.strike({ match: { method: "PATCH", nth: 2 }, action: LONG_PAUSE });
  const { end, tookMs } = await applyAndInterrupt(run);
  expect(end).toBe("stopped by a signal");
  expect(tookMs).toBeGreaterThanOrEqual(PAUSE_MS);
  expect(["ada", "ben"].map(run.valueOf)).toEqual(["ada", "ben"].map((person) => anchorOf(person)));
  expect(run.judge()).toEqual([]);
});
