/**
 * What the demonstration looks at after a command: the tenant's own ledger, the tenant's users, the files of the run.
 *
 * Every check compares with the company's tables, and none with anything that the program says.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Company } from "../company/company.ts";
import type { HolderAct } from "../company/company-row.ts";
import type { RunningTenant } from "../tenant/server.ts";
import type { SimulatedDeletedUser, SimulatedUser } from "../tenant/world.ts";
import { type AnnouncedAct, type AnnouncedChange, compareWrites } from "./compare-writes.ts";
import { type CsvLine, readCsv } from "./read-csv.ts";
import type { ProgramPlace } from "./run-program.ts";
import { layOutTable, type Transcript } from "./transcript.ts";

/** Everything that the demonstration acts with. */
export type Stage = {
  readonly company: Company;
  readonly tenant: RunningTenant;
  readonly place: ProgramPlace;
  /** A folder that leads to a second, smaller tenant, in which hard matches are blocked and much may not be read. */
  readonly closedPlace: ProgramPlace;
  readonly transcript: Transcript;
  readonly signal: AbortSignal;
};

/** plan.csv says of every line of the mapping what the company's tables say of it. */
export function checkPlan(stage: Stage, run: string, says: "plain" | "replacing"): void {
  const lines = new Map(readRunCsv(stage, run, "plan.csv").map((line) => [Number(line.row), line]));
  const differences = stage.company.expected.flatMap((expected) => {
    const { action, findings } = expected[says];
    const line = lines.get(expected.row);
    const found = line && `${line.action} ${line.findings}`.trimEnd();
    const wanted = [action, ...findings].join(" ");
    return found === wanted ? [] : [`row ${expected.row}: expected ${wanted}, found ${found ?? "no such row"}`];
  });
  if (lines.size !== stage.company.expected.length) differences.push(`${lines.size} rows in plan.csv`);
  stage.transcript.check(
    `plan.csv says of each of the ${stage.company.expected.length} rows what this company provokes`,
    differences,
  );
}

export function checkNoWrite({ tenant, transcript }: Stage, since: number, what: string): void {
  const unexpected = tenant.ledger.entries.slice(since).map(({ method, target }) => `${method} ${target}`);
  transcript.check(`the tenant's own ledger shows no write by ${what}`, unexpected);
}

export function checkWrites(
  { tenant, transcript }: Stage,
  since: number,
  changes: readonly AnnouncedChange[],
  announcedActs: readonly AnnouncedAct[],
): void {
  const found = compareWrites(tenant.ledger.entries.slice(since), changes, announcedActs);
  const { differences, writes, users, pivots, proofs, acts } = found;
  const extra = [
    ...(pivots > 0 ? [`${pivots} to open cycles`] : []),
    ...(proofs > 0 ? ["2 to prove on one row that the way back works"] : []),
    ...(acts > 0 ? [`${acts} deletions, purges, restores and cleared identifiers, each announced`] : []),
  ];
  const more = extra.length === 0 ? "" : `; ${extra.join(", ")}`;
  transcript.check(
    `the tenant's own ledger shows ${writes} writes to ${users} users, each the planned value by object id${more}`,
    differences,
  );
}

export function checkValues({ tenant, transcript }: Stage, changes: readonly AnnouncedChange[]): void {
  const differences = changes.flatMap(({ userId, to }) => {
    const holds = tenant.user(userId)?.onPremisesImmutableId ?? null;
    return holds === to ? [] : [`user ${userId} holds ${holds}, not ${to}`];
  });
  transcript.check(`each of the ${changes.length} users now holds the ID that it was to hold`, differences);
}

/** What cannot be brought back was saved before: every object that was deleted, purged or lost its identifier. */
export function checkSavedObjects(stage: Stage, run: string): void {
  const { company, place, transcript } = stage;
  const start = new Map([...company.tenant.users, ...company.tenant.deletedUsers].map((user) => [user.id, user]));
  const lost = company.expected.flatMap(({ row, acts }) =>
    acts.map((act, index) => ({ row, step: index + 1, ...act })).filter(isIrreversible),
  );
  const files = new Map(
    lost.map(({ row, step, userId }) => [`saved-row-${row}-step-${step}-${userId}.json`, start.get(userId)]),
  );
  const found = readdirSync(join(place.folder, run)).filter((name) => name.startsWith("saved-row-"));
  const lines = readRunCsv(stage, run, "results.csv");
  const forgotten = lost.filter(({ row, kind, userId }) => {
    const line = lines.find(({ row: at, action }) => Number(at) === row && action === kind);
    return (
      kind === "clear-object-identifier" && line?.previousImmutableId !== start.get(userId)?.onPremisesObjectIdentifier
    );
  });
  const differences = [
    ...forgotten.map(({ row }) => `results.csv does not say the identifier that row ${row} has cleared`),
    ...found.filter((name) => !files.has(name)).map((name) => `${name} was not announced`),
    ...Array.from(files).flatMap(([name, user]) => {
      if (!found.includes(name)) return [`there is no ${name}`];
      const text = readFileSync(join(place.folder, run, name), "utf8");
      const says = [user?.id, user?.onPremisesImmutableId].filter((value) => typeof value === "string");
      return says.filter((value) => !text.includes(value)).map((value) => `${name} does not say ${value}`);
    }),
  ];
  transcript.check(`the state before each of the ${files.size} steps that cannot be taken back was saved`, differences);
  for (const name of files.keys()) transcript.output(`${run}/${name}`);
}

const isIrreversible = ({ kind }: HolderAct): boolean => kind !== "clear" && kind !== "restore";

/** The way back names every row of which something cannot be brought back. */
export function checkIrreversible(stage: Stage, run: string): void {
  const wanted = stage.company.expected.filter(({ acts }) => acts.some(isIrreversible)).map(({ row }) => row);
  const found = readRunCsv(stage, run, "plan.csv")
    .filter(({ findings }) => findings?.split(" ").includes("rollback-irreversible"))
    .map(({ row }) => Number(row))
    .sort((left, right) => left - right);
  const differences = isDeepStrictEqual(found, wanted) ? [] : [`expected rows ${wanted.join()}, found ${found.join()}`];
  stage.transcript.check(
    `plan.csv marks the ${wanted.length} rows of which something cannot be brought back`,
    differences,
  );
}

/** results.csv has a line for every row of the mapping, and none is left open. */
export function checkResults(stage: Stage, run: string): void {
  const lines = readRunCsv(stage, run, "results.csv");
  const statuses = Map.groupBy(lines, ({ row }) => Number(row));
  const differences = stage.company.expected.flatMap(({ row, replacing }) => {
    const wanted = { set: "verified", replace: "verified", none: "already", blocked: "blocked" }[replacing.action];
    const found = (statuses.get(row) ?? []).map(({ status }) => status ?? "");
    return found.length > 0 && found.every((status) => status === wanted)
      ? []
      : [`row ${row}: expected ${wanted}, found ${found.join(", ") || "no such row"}`];
  });
  stage.transcript.check(`results.csv has every row: verified, already or blocked, none open`, differences);
}

/**
 * The tenant is, user by user and property by property, what it was before the first command, apart from the acts: who
 * was purged is gone, who was restored is live, an identifier that was cleared stays so.
 */
export function checkStart({ company, tenant, transcript }: Stage): void {
  const acts = company.expected.flatMap((expected) => expected.acts);
  const idsOf = (kind: HolderAct["kind"]) =>
    new Set(acts.filter((act) => act.kind === kind).map(({ userId }) => userId));
  const [purged, restored, cleared] = [idsOf("purge"), idsOf("restore"), idsOf("clear-object-identifier")];
  const back = company.tenant.deletedUsers.filter(({ id }) => restored.has(id)).map(takeOutOfBin);
  const wanted = [...company.tenant.users, ...back]
    .filter(({ id }) => !purged.has(id))
    .map((user) => (cleared.has(user.id) ? { ...user, onPremisesObjectIdentifier: null } : user));
  const now = new Map(tenant.users().map((user) => [user.id, user]));
  const differences = wanted
    .filter((user) => !isDeepStrictEqual({ ...now.get(user.id) }, { ...user }))
    .map(({ id, onPremisesImmutableId: was }) => `user ${id} held ${was}, now ${now.get(id)?.onPremisesImmutableId}`);
  const known = new Set(wanted.map(({ id }) => id));
  for (const id of now.keys()) if (!known.has(id)) differences.push(`user ${id} is live and should not be`);
  transcript.check(`every user that can be brought back holds what it held at the start, null included`, differences);
}

function takeOutOfBin({ deletedDateTime: _deleted, ...user }: SimulatedDeletedUser): SimulatedUser {
  return { ...user, userPrincipalName: user.userPrincipalName.slice(user.id.replaceAll("-", "").length) };
}

/** Some lines of plan.csv: one for each action and each finding. */
export function showPlanLines(stage: Stage, run: string): void {
  const columns = ["row", "sAMAccountName", "userPrincipalName", "action", "findings"];
  const shown = new Map<string, CsvLine>();
  for (const line of readRunCsv(stage, run, "plan.csv")) {
    const kind = `${line.action} ${line.findings}`;
    if (!shown.has(kind)) shown.set(kind, line);
  }
  const lines = Array.from(shown.values(), (line) => columns.map((column) => line[column] ?? ""));
  for (const line of layOutTable([columns, ...lines])) stage.transcript.output(line);
}

export function listFiles({ place, transcript }: Stage, run: string): void {
  const folder = join(place.folder, run);
  const files = readdirSync(folder)
    .sort()
    .map((name) => [`${run}/${name}`, `${statSync(join(folder, name)).size} bytes`]);
  transcript.say("It left:");
  for (const line of layOutTable(files)) transcript.output(line);
}

function readRunCsv({ place }: Stage, run: string, file: string): CsvLine[] {
  return readCsv(readFileSync(join(place.folder, run, file), "utf8"));
}
