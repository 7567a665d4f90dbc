/**
 * A golden run that is killed before and after its effects, one after the other, and what is demanded each time: the
 * record knows every row, the same command comes to its end, the tenant's ledger agrees with the record, and a rollback
 * brings the start state back.
 */
import { randomUUID } from "node:crypto";
import { type CrashLane, openCrashLane, type Stage } from "./crash-lane.ts";
import { describeGoldenTenant, GOLDEN_ANCHORS, GOLDEN_APPLY, GOLDEN_END, ROWS_TO_WRITE } from "./golden-company.ts";
import { type Break, isRun, Judge } from "./judge.ts";
import type { Aim } from "./ledger-oracle.ts";

export const SCENARIOS = ["apply", "resume", "rollback"] as const;
/** What is killed: the first apply, a resume of one that died in the middle of a swap, or the rollback of a finished run. */
export type Scenario = (typeof SCENARIOS)[number];

/** Number of a moment, or as `die-at-effect.ts` spells it. */
export type Moment = number | string;

export type Survival = {
  /** The moments at which victims died; fewer than asked for where one came to its end before. */
  readonly died: readonly string[];
  /** Writes that were sent again with the same value, because their answer was lost. */
  readonly resends: number;
  /** Empty is what is wanted. */
  readonly broken: readonly Break[];
};

/**
 * Runs a command line and sees to it that something happens to it. @returns What happened; `null` where it came to its
 * end all the same.
 */
export type Disturbance = (words: readonly string[]) => Promise<string | null>;

export type KillGround = {
  readonly lane: CrashLane;
  /** Moments of each scenario: two for every effect. */
  readonly moments: Readonly<Record<Scenario, number>>;
  /** Kills at one moment after the other, each time that which takes the run up again, and demands everything. */
  survive(scenario: Scenario, moments: readonly Moment[]): Promise<Survival>;
  /** As {@link survive}, with whatever else may happen to a process in the place of the kills. */
  disturb(scenario: Scenario, disturbances: readonly Disturbance[]): Promise<Survival>;
  close(): Promise<void>;
};

/** Plans the golden run and keeps the stages from which the scenarios start. */
export async function openKillGround(): Promise<KillGround> {
  const world = describeGoldenTenant(randomUUID());
  const lane = await openCrashLane(world);
  const night = lane.path("runs", "night");
  const apply = ["apply", night, ...GOLDEN_APPLY];
  const planned = await plan(lane, night);
  const count = async (words: readonly string[]) => {
    const { moments, stderr } = await lane.kill(0, ...words);
    if (moments === null) throw new Error(`the golden run did not end: ${stderr}`);
    return moments;
  };
  const ofApply = await count(apply);
  const done = lane.keep("done");
  const ofRollback = await count(rollbackOf(night, lane.path("runs", "back")));
  const parked = await keepParked(lane, planned, apply);
  const ofResume = await count(apply);
  const stages: Readonly<Record<Scenario, Stage>> = { apply: planned, resume: parked, rollback: done };
  const starts = [
    ...world.users.map(({ id, onPremisesImmutableId }) => [id, onPremisesImmutableId] as const),
    ...GOLDEN_ANCHORS,
  ];
  const aims: ReadonlyMap<string, Aim> = new Map(
    starts.map(([id, start]) => [id, { start, end: GOLDEN_END.get(id) ?? null }]),
  );

  const disturb = async (scenario: Scenario, disturbances: readonly Disturbance[]): Promise<Survival> => {
    await lane.restore(stages[scenario]);
    const judge = new Judge(lane, world, aims);
    const died: string[] = [];
    let back = lane.path("runs", "back");
    const next = (): { folder: string; words: readonly string[] } => {
      if (scenario !== "rollback") return { folder: night, words: apply };
      if (isRun(back)) return { folder: back, words: ["apply", back, "--confirm", String(ROWS_TO_WRITE)] };
      // What was cut off before it had a run is planned again, in a folder of its own.
      back = lane.path("runs", `back-${died.length}`);
      return { folder: back, words: rollbackOf(night, back) };
    };
    for (const disturbance of disturbances) {
      const { folder, words } = next();
      const happened = await disturbance(words);
      if (happened === null) break;
      died.push(happened);
      await judge.look(folder);
    }
    const last = next();
    await judge.finish(last.words[0] ?? "", last.folder, await lane.run(...last.words));
    if (scenario !== "rollback") {
      judge.trace("there");
      back = lane.path("runs", "back");
      await judge.finish("rollback", back, await lane.run(...rollbackOf(night, back)));
    }
    judge.trace("there and back");
    judge.expectStartState();
    return { died, resends: judge.resends, broken: judge.broken };
  };
  return {
    lane,
    moments: { apply: ofApply, resume: ofResume, rollback: ofRollback },
    disturb,
    survive: (scenario, moments) =>
      disturb(
        scenario,
        moments.map((moment) => async (words) => (await lane.kill(moment, ...words)).died),
      ),
    close: () => lane.close(),
  };
}

/** Options with which the golden run is planned. */
export const GOLDEN_PLAN = ["--replace", "--allow", "clear-holder"] as const;

function rollbackOf(run: string, back: string): string[] {
  return ["rollback", run, "--run", back, "--confirm", String(ROWS_TO_WRITE)];
}

async function plan(lane: CrashLane, run: string): Promise<Stage> {
  const planned = await lane.run("plan", lane.path("people.csv"), ...GOLDEN_PLAN, "--run", run);
  if (planned.code !== 0) throw new Error(`the golden run was not planned: ${planned.stderr}`);
  return lane.keep("planned");
}

/** Of the PATCH requests of the golden run, the one that would give the parked user of the swap its ID. */
const LAST_OF_SWAP = "21 before http PATCH";

/** A run that died while a user was parked: the worst place of all. The lane is left as it was then. */
async function keepParked(lane: CrashLane, planned: Stage, apply: readonly string[]): Promise<Stage> {
  await lane.restore(planned);
  await lane.kill(LAST_OF_SWAP, ...apply);
  const { stdout } = await lane.run("status", lane.path("runs", "night"), "--json");
  const { rowCounts }: { rowCounts?: Readonly<Record<string, number>> } = JSON.parse(stdout);
  if (rowCounts?.parked !== 1) throw new Error(`no user is parked: ${stdout}`);
  return lane.keep("parked");
}

/** Every n-th moment, from 1 + `offset`. */
export function chooseMoments(moments: number, stride: number, offset: number): number[] {
  return Array.from({ length: moments }, (_, index) => index + 1).filter(
    (moment) => moment % stride === offset % stride,
  );
}
