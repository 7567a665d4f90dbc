import { expect, test } from "vitest";
import { LONGEST_GAP_MS, LOOK_EVERY_MS, SuspendWatch } from "../../src/stages/suspend-watch.ts";
import { ManualClock } from "../support/memory-run.ts";

const MOST_MS = LONGEST_GAP_MS + LOOK_EVERY_MS;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

for (const [title, change, slept] of [
  ["a look that is 20 s late", (clock: ManualClock) => clock.hold(MOST_MS), false],
  ["a look that is more than 20 s late", (clock: ManualClock) => clock.hold(MOST_MS + 1), true],
  ["20 s of the machine's sleep", (clock: ManualClock) => clock.suspend(MOST_MS), false],
  ["more than 20 s of the machine's sleep", (clock: ManualClock) => clock.suspend(MOST_MS + 1), true],
  [
    "a process that is held for an hour in which the wall clock is set back an hour",
    (clock: ManualClock) => {
      clock.hold(HOUR_MS);
      clock.setWallClock(-HOUR_MS);
    },
    true,
  ],
  ["a wall clock that is set an hour forward", (clock: ManualClock) => clock.setWallClock(HOUR_MS), true],
  ["a wall clock that is set a year forward", (clock: ManualClock) => clock.setWallClock(YEAR_MS), true],
  ["a wall clock that is set an hour back", (clock: ManualClock) => clock.setWallClock(-HOUR_MS), false],
] as const) {
  test(`${title} ${slept ? "ends" : "does not end"} the stretch of being awake`, () => {
    const clock = new ManualClock();
    const gaps: number[] = [];
    const watch = new SuspendWatch(clock, (gapMs) => gaps.push(gapMs));
    const stop = watch.start();
    const awake = watch.awake();
    change(clock);
    clock.lookUp();
    expect([awake.aborted, watch.hasSleptSince(awake), gaps.length]).toEqual([slept, slept, slept ? 1 : 0]);
    expect(watch.hasSleptSince(watch.awake())).toBe(false);
    stop();
  });
}

test("whoever asks need not wait for the next look", () => {
  const clock = new ManualClock();
  const watch = new SuspendWatch(clock, () => undefined);
  watch.start();
  const awake = watch.awake();
  clock.suspend(HOUR_MS);
  expect(watch.hasSleptSince(awake)).toBe(true);
});

test("two sleeps are two, and the time between the making and the start is none", () => {
  const clock = new ManualClock();
  const gaps: number[] = [];
  const watch = new SuspendWatch(clock, (gapMs) => gaps.push(gapMs));
  clock.suspend(HOUR_MS);
  const stop = watch.start();
  for (const ms of [HOUR_MS, 2 * HOUR_MS]) {
    clock.suspend(ms);
    clock.lookUp();
  }
  stop();
  expect(gaps).toEqual([HOUR_MS - LOOK_EVERY_MS, 2 * HOUR_MS - LOOK_EVERY_MS]);
});

test("nobody looks any more after the end", () => {
  const clock = new ManualClock();
  const gaps: number[] = [];
  new SuspendWatch(clock, (gapMs) => gaps.push(gapMs)).start()();
  clock.suspend(HOUR_MS);
  clock.lookUp();
  expect(gaps).toEqual([]);
});
