/**
 * SIGKILL before and after every effect of a golden run of 22 rows with a swap, a chain, a holder action and writes into AD.
 *
 * There are thousands of such moments, so an ordinary test run takes every 41st; HARDMATCH_KILL_OFFSET begins at another
 * one, and `npm run reliability` takes them all.
 */
import { beforeAll, expect, test } from "vitest";
import { chooseCrashSeries, chooseRandomKills, chooseSingleKills, killMany, type TrialSum } from "./kill-many.ts";
import type { Scenario } from "./kill-points.ts";

const STRIDE = 41;
const OFFSET = Number(process.env.HARDMATCH_KILL_OFFSET ?? 36) % STRIDE;
const SERIES = 2;
const RANDOM_KILLS = 24;
/** It takes a minute or two, and many times that where other work takes the processors: far from here, nothing is wrong. */
const HOOK_LIMIT_MS = 1_800_000;

let single: Readonly<Record<Scenario, TrialSum>>;
let series: Readonly<Record<Scenario, TrialSum>>;
let random: Readonly<Record<Scenario, TrialSum>>;
beforeAll(async () => {
  console.info(
    `kill points: every ${STRIDE}th moment, beginning at ${OFFSET}; crash series and random kills with seed ${OFFSET}`,
  );
  const { sums } = await killMany((moments) => chooseSingleKills(moments, STRIDE, OFFSET), { lanes: 2 });
  single = sums;
  ({ sums: series } = await killMany((moments) => chooseCrashSeries(moments, SERIES, OFFSET), { lanes: 2 }));
  ({ sums: random } = await killMany((moments) => chooseRandomKills(moments, RANDOM_KILLS, OFFSET), { lanes: 2 }));
}, HOOK_LIMIT_MS);

/** Nothing broken, although so many were killed in earnest: a victim may come to its end before its moment. */
function expectSurvived({ trials, kills, survived, reports }: TrialSum, leastKills: number): void {
  expect(reports).toEqual([]);
  expect(survived).toBe(trials);
  expect(kills).toBeGreaterThanOrEqual(leastKills);
}

test("D01: an apply killed before or after any effect loses no row, writes no other value, and can be rolled back", () => {
  expectSurvived(single.apply, 30);
});

test("D02: an apply, a resume and a rollback killed at random times lose no row and write no other value", () => {
  for (const sum of Object.values(random)) expectSurvived(sum, RANDOM_KILLS / 4);
});

test("D03: a resume killed before or after any effect, after a death in the middle of a swap, can be resumed again", () => {
  expectSurvived(single.resume, 10);
});

test("D03: a rollback killed before or after any effect brings the start state back", () => {
  expectSurvived(single.rollback, 30);
});

test("D03: five crashes in a row are survived by an apply and by a rollback", () => {
  expectSurvived(series.apply, SERIES * 3);
  expectSurvived(series.rollback, SERIES * 3);
});
