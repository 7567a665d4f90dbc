/** How near apply comes to the quota: the part of the bench that needs no clock, on a small quota and shared time. */
import { expect, test } from "vitest";
import { startFaultyRun } from "../reliability/faulty-run.ts";

const ROWS = 400;
/** As many a second as the real quota. */
const AGREED = { writes: 100, windowSeconds: 5 };
const people = Array.from({ length: ROWS }, (_, index) => `user${index}`);

/** @returns Seconds from the first write to the last, and how many were answered 429. */
async function applyUnder(granted: number) {
  const { windowSeconds } = AGREED;
  const quota = { writesPerWindow: granted, writeWindowSeconds: windowSeconds };
  await using run = await startFaultyRun({ people, canary: 0, inFlight: 16, limits: AGREED, tenant: { quota } });
  await run.plan();
  expect(await run.apply()).toBeNull();
  expect(new Set(run.outcomes().map(({ status }) => status))).toEqual(new Set(["verified"]));
  const { entries } = run.simulated.ledger;
  const [first, last] = [entries[0]?.atMs ?? 0, entries.at(-1)?.atMs ?? 0];
  return {
    seconds: (last - first) / 1000,
    floor: (ROWS - granted) / (granted / windowSeconds),
    throttled: entries.filter(({ status }) => status === 429).length,
  };
}

test("apply takes what the quota takes, and no write is refused", async () => {
  const { seconds, floor, throttled } = await applyUnder(AGREED.writes);
  expect(throttled).toBe(0);
  expect(floor / seconds).toBeGreaterThan(0.97);
});

test("a quota that is silently 30 % lower is used to nine tenths", async () => {
  const { seconds, floor } = await applyUnder(AGREED.writes * 0.7);
  expect(floor / seconds).toBeGreaterThan(0.9);
});
