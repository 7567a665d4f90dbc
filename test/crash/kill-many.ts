/** Many trials on several kill grounds at once, and their sum. */
import { drawNumber } from "../../src/sim/company/person.ts";
import { BREAKS, type Break } from "./judge.ts";
import {
  chooseMoments,
  type KillGround,
  type Moment,
  openKillGround,
  SCENARIOS,
  type Scenario,
} from "./kill-points.ts";

/** One run from its stage to its end: the moments at which it is to be killed, one after the other. */
export type Trial = { readonly scenario: Scenario; readonly moments: readonly Moment[] };

export type TrialSum = {
  readonly trials: number;
  /** Processes that were killed. */
  readonly kills: number;
  /** Trials after which nothing was found broken. */
  readonly survived: number;
  /** Trials whose victim came to its end before the moment: the order of effects is not the same each time. */
  readonly outlived: number;
  readonly resends: number;
  readonly broken: Readonly<Record<Break["kind"], number>>;
  /** Each with how to see it again. */
  readonly reports: readonly string[];
};

export type Effort = {
  /** Kill grounds that work at once. */
  readonly lanes: number;
  /** Asked before each trial; false ends the work early. */
  readonly goOn?: () => boolean;
  /** Called after each trial. */
  readonly note?: (done: number, of: number) => void;
};

/** @param choose Makes the trials when it is known how many moments each scenario has. */
export async function killMany(
  choose: (moments: KillGround["moments"]) => readonly Trial[],
  { lanes, goOn = () => true, note = () => undefined }: Effort,
): Promise<{ readonly moments: KillGround["moments"]; readonly sums: Readonly<Record<Scenario, TrialSum>> }> {
  const opened = await Promise.allSettled(Array.from({ length: lanes }, () => openKillGround()));
  const grounds = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  try {
    const failed = opened.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const [first] = grounds;
    if (first === undefined) throw new RangeError("there must be a lane");
    const { moments } = first;
    const trials = choose(moments);
    const sums: Record<Scenario, TrialSum> = { apply: NOTHING, resume: NOTHING, rollback: NOTHING };
    const next = trials.values();
    let done = 0;
    const work = async (ground: KillGround) => {
      for (const trial of next) {
        if (!goOn()) return;
        const survival = await ground.survive(trial.scenario, trial.moments);
        sums[trial.scenario] = add(sums[trial.scenario], trial, survival);
        done += 1;
        note(done, trials.length);
      }
    };
    await Promise.all(grounds.map(work));
    return { moments, sums };
  } finally {
    await Promise.all(grounds.map((ground) => ground.close()));
  }
}

/** One kill in each trial: every n-th moment of every scenario. */
export function chooseSingleKills(moments: KillGround["moments"], stride: number, offset: number): Trial[] {
  return SCENARIOS.flatMap((scenario) =>
    chooseMoments(moments[scenario], stride, offset).map((moment) => ({ scenario, moments: [moment] })),
  );
}

const CRASHES_IN_A_ROW = 5;

/** Runs that die five times before they come to their end, at moments drawn from a seed. */
export function chooseCrashSeries(moments: KillGround["moments"], series: number, seed: number): Trial[] {
  return (["apply", "rollback"] as const).flatMap((scenario) =>
    Array.from({ length: series }, (_, number) => ({
      scenario,
      // A resume has fewer effects than what it goes on with, so the later deaths come earlier in their process.
      moments: Array.from(
        { length: CRASHES_IN_A_ROW },
        (_each, crash) =>
          drawNumber(seed, `${scenario} ${number}, crash ${crash}`, Math.floor(moments[scenario] / (crash + 2))) + 1,
      ),
    })),
  );
}

/** Longer than most of what lies between two effects, a write to the disk and an answer over the wire among it. */
const LONGEST_DELAY_US = 8_000;

/** One kill in each trial, at any time: so many microseconds after a moment, both drawn from a seed. */
export function chooseRandomKills(moments: KillGround["moments"], trials: number, seed: number): Trial[] {
  return Array.from({ length: trials }, (_, number) => {
    const scenario = SCENARIOS[number % SCENARIOS.length] ?? "apply";
    const moment = drawNumber(seed, `moment of random kill ${number}`, moments[scenario]) + 1;
    const delayUs = drawNumber(seed, `delay of random kill ${number}`, LONGEST_DELAY_US);
    return { scenario, moments: [`${moment} and ${delayUs} us`] };
  });
}

/** In an order drawn from the seed, so that a run which is ended early has tried some of everything. */
export function shuffle(trials: readonly Trial[], seed: number): Trial[] {
  const place = (trial: Trial) => drawNumber(seed, `${trial.scenario} ${trial.moments}`, 2 ** 32);
  return trials.toSorted((left, right) => place(left) - place(right));
}

const NOTHING: TrialSum = {
  ...{ trials: 0, kills: 0, survived: 0, outlived: 0, resends: 0 },
  broken: { "lost row": 0, "wrong user": 0, "wrong order": 0, "untraced write": 0, other: 0 },
  reports: [],
};

function add(
  sum: TrialSum,
  { scenario, moments }: Trial,
  { died, resends, broken }: Awaited<ReturnType<KillGround["survive"]>>,
): TrialSum {
  const where = `${scenario} killed at ${moments.join(", ")} (${died.join(", ")})`;
  const count = (kind: Break["kind"]) => broken.filter((each) => each.kind === kind).length;
  return {
    trials: sum.trials + 1,
    kills: sum.kills + died.length,
    survived: sum.survived + (broken.length === 0 ? 1 : 0),
    outlived: sum.outlived + (died.length < moments.length ? 1 : 0),
    resends: sum.resends + resends,
    broken: {
      ...sum.broken,
      ...Object.fromEntries(BREAKS.map((kind) => [kind, sum.broken[kind] + count(kind)])),
    },
    reports: [...sum.reports, ...broken.map(({ kind, says }) => `${where}: ${kind}: ${says}`)],
  };
}
