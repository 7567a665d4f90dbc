/** Looks at a run after a crash, and at its end, and collects what it finds broken. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openRunShelf } from "../../src/adapters/run-folder/run-shelf.ts";
import type { Journal } from "../../src/core/journal.ts";
import { isDone, type Outcome } from "../../src/core/outcome.ts";
import { readCsv } from "../../src/sim/demo/read-csv.ts";
import type { SimulatedTenant } from "../../src/sim/tenant/world.ts";
import { listRunOutcomes } from "../../src/stages/record-run.ts";
import type { CrashLane, Ended } from "./crash-lane.ts";
import { GOLDEN_ANCHORS } from "./golden-company.ts";
import type { Aim, Way } from "./ledger-oracle.ts";
import { countResends, findLostRows, findUntracedWrites, findWrongOrders, findWrongUsers } from "./ledger-oracle.ts";

export const BREAKS = ["lost row", "wrong user", "wrong order", "untraced write", "other"] as const;
/** `other`: a command that did not end as it had to, a file that says something else, a start state that is not back. */
export type Break = { readonly kind: (typeof BREAKS)[number]; readonly says: string };

const shelf = openRunShelf({ now: () => new Date(), programVersion: "0.1.0", user: "ada", host: "adm01", pid: 4711 });

/** Whether a whole run is there; a plan that was cut off leaves a folder without one. */
export function isRun(folder: string): boolean {
  return existsSync(join(folder, "run.sqlite"));
}

export class Judge {
  readonly broken: Break[] = [];
  readonly #lane: CrashLane;
  readonly #world: SimulatedTenant;
  readonly #aims: ReadonlyMap<string, Aim>;

  /** @param world The tenant before the run, to which a rollback must bring it back. */
  constructor(lane: CrashLane, world: SimulatedTenant, aims: ReadonlyMap<string, Aim>) {
    this.#lane = lane;
    this.#world = world;
    this.#aims = aims;
  }

  get resends(): number {
    return countResends(this.#lane.entries());
  }

  /** After a kill, offline: `status` and the record tell of every row what its user holds, before anything mends them. */
  async look(folder: string): Promise<void> {
    if (!isRun(folder)) return;
    const { outcomes } = readRun(folder);
    this.#add("lost row", this.#findLost(outcomes));
    this.#expect(await this.#lane.run("status", folder, "--json"), "status");
    this.#compareFile(folder, outcomes);
    this.#traceWrites();
  }

  /** After a command that was to end well. */
  async finish(command: string, folder: string, ended: Ended): Promise<void> {
    this.#expect(ended, command);
    if (!isRun(folder)) return;
    const { outcomes } = readRun(folder);
    this.#add("lost row", this.#findLost(outcomes));
    this.#add(
      "lost row",
      outcomes
        .filter((outcome) => !isDone(outcome))
        .map(({ row, step, status }) => `${command}: ${row}.${step} is ${status}`),
    );
    this.#compareFile(folder, outcomes);
  }

  /** The whole ledger against the aims of the run and its journals. */
  trace(way: Way): void {
    this.#traceWrites();
    const entries = this.#lane.entries();
    this.#add("wrong user", findWrongUsers(entries, this.#aims));
    this.#add("wrong order", findWrongOrders(entries, this.#aims, way));
  }

  expectStartState(): void {
    const order = (users: readonly { readonly id: string }[]) =>
      JSON.stringify(users.toSorted((left, right) => (left.id < right.id ? -1 : 1)));
    const { tenant } = this.#lane;
    const isBack = ([objectId, held]: readonly [string, string | null]) => this.#lane.held(objectId) === held;
    const sameUsers = order(tenant.users()) === order(this.#world.users) && tenant.deletedUsers().length === 0;
    if (sameUsers && [...GOLDEN_ANCHORS].every(isBack)) return;
    this.#add("other", ["the start state is not back"]);
  }

  #findLost(outcomes: readonly Outcome[]): string[] {
    return findLostRows(outcomes, (objectId) => this.#lane.held(objectId));
  }

  #traceWrites(): void {
    const runs = this.#lane.path("runs");
    const folders = readdirSync(runs).map((name) => join(runs, name));
    const journal = folders.filter(isRun).flatMap((folder) => readRun(folder).journal);
    this.#add("untraced write", findUntracedWrites(this.#lane.entries(), journal));
  }

  /** results.csv exists from the first apply on, and then says of every step what the record says. */
  #compareFile(folder: string, outcomes: readonly Outcome[]): void {
    const file = join(folder, "results.csv");
    const told = existsSync(file) ? readCsv(readFileSync(file, "utf8")) : [];
    const isNew = told.length === 0 && outcomes.every(({ attempts }) => attempts === 0);
    const words = (lines: readonly { row?: unknown; step?: unknown; status?: unknown }[]) =>
      lines.map(({ row, step, status }) => `${row}.${step} ${status}`).join();
    if (!isNew && words(told) !== words(outcomes)) this.#add("other", [`results.csv says ${words(told)}`]);
  }

  #expect({ code, stderr }: Ended, command: string): void {
    if (code !== 0) this.#add("other", [`${command} ended with ${code}: ${stderr}`]);
  }

  #add(kind: Break["kind"], says: readonly string[]): void {
    this.broken.push(...says.map((text) => ({ kind, says: text })));
  }
}

function readRun(folder: string): { readonly outcomes: readonly Outcome[]; readonly journal: Journal } {
  const run = shelf.open(folder, "read");
  try {
    return { outcomes: listRunOutcomes(run), journal: run.readJournal() };
  } finally {
    run.close();
  }
}
