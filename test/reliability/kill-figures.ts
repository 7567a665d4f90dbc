/** Kill points tried and survived. */
import { BREAKS } from "../crash/judge.ts";
import {
  chooseCrashSeries,
  chooseRandomKills,
  chooseSingleKills,
  killMany,
  shuffle,
  type TrialSum,
} from "../crash/kill-many.ts";
import { SCENARIOS } from "../crash/kill-points.ts";
import type { Chapter, Figure } from "./figure.ts";

export type KillChoice = {
  /** Every n-th moment, from `offset` on. */
  readonly stride: number;
  readonly offset: number;
  readonly lanes: number;
  readonly seed: number;
  /** How many runs die five times in a row, for apply and for rollback each. */
  readonly series: number;
  /** How many runs die once, at any time. */
  readonly randomKills: number;
  /** Asked before each trial; false ends the work early. */
  readonly goOn: () => boolean;
};

export async function tryKillPoints(
  { stride, offset, lanes, seed, series, randomKills, goOn }: KillChoice,
  note: (text: string) => void,
): Promise<Chapter> {
  const noted = (what: string) => (done: number, of: number) => note(`${what}: ${done} of ${of}`);
  const crashes = await killMany((moments) => chooseCrashSeries(moments, series, seed), {
    ...{ lanes, goOn, note: noted("runs killed five times") },
  });
  const random = await killMany((moments) => chooseRandomKills(moments, randomKills, seed), {
    ...{ lanes, goOn, note: noted("runs killed at random times") },
  });
  const single = await killMany((moments) => shuffle(chooseSingleKills(moments, stride, offset), seed), {
    ...{ lanes, goOn, note: noted("runs killed once") },
  });
  const sums = [...Object.values(single.sums), ...Object.values(crashes.sums), ...Object.values(random.sums)];
  const total = (count: (sum: TrialSum) => number) => sums.reduce((all, sum) => all + count(sum), 0);
  const { moments } = single;
  return {
    figures: [
      survived(`kill points of apply (${moments.apply} in the golden run)`, single.sums.apply),
      survived(`kill points of a resume after a death in a swap (${moments.resume})`, single.sums.resume),
      survived(`kill points of rollback (${moments.rollback})`, single.sums.rollback),
      ...SCENARIOS.map((scenario) => survived(`${scenario} killed at random times`, random.sums[scenario])),
      survived("applies killed five times in a row", crashes.sums.apply),
      survived("rollbacks killed five times in a row", crashes.sums.rollback),
      { what: "processes killed", value: total(({ kills }) => kills) },
      ...BREAKS.map((kind) => ({ what: `found broken: ${kind}`, value: total(({ broken }) => broken[kind]) })),
      {
        what: "writes sent again with the same value, their answer being lost",
        value: total(({ resends }) => resends),
      },
      { what: "start states restored by rollback", value: total(({ survived: restored }) => restored) },
    ],
    reports: sums.flatMap(({ reports }) => reports),
  };
}

function survived(what: string, { trials, survived: good, outlived }: TrialSum): Figure {
  const ended = outlived === 0 ? "" : `; ${outlived} came to their end before`;
  return { what, value: `${good} of ${trials} tried survived${ended}` };
}
