/**
 * The way back: a plan that writes the old values, made from what a run recorded and what the tenant holds
 * now. It goes through the same gate and the same writer as any other plan.
 */
import type { AdAccount } from "./ad-account.ts";
import { consistencyValueOf, nameOfAccount } from "./ad-facts.ts";
import { type Change, type HolderSubject, SIDES, type Side } from "./change.ts";
import { BatchError } from "./errors.ts";
import { FINDING_CODES, type Finding, type FindingCode } from "./findings.ts";
import type { Guid } from "./guid.ts";
import { foldCase } from "./names.ts";
import { kindOfChange, orderChanges, type WantedChange } from "./order.ts";
import { type Digest, PLAN_VERSION, type Plan, type PlanHeader, type PlannedRow, sealPlan } from "./plan.ts";
import type { ResultLine } from "./result-line.ts";
import { findLosses, listLastingSteps } from "./rollback-losses.ts";
import type { CloudUser } from "./snapshot.ts";
import { DEFAULT_SOURCE_KEY } from "./source-key.ts";
import { countOf } from "./words.ts";
import {
  listOwnLines,
  listWrittenObjects,
  type RecordedRun,
  untouchedObject,
  type WrittenObject,
} from "./written-objects.ts";

/** An account that nobody could find because its domain was not asked has not vanished. */
function requireDomainsOf(missing: readonly WrittenObject[], directories: PlanHeader["directories"]): void {
  const asked = new Set(directories.map(({ domain }) => foldCase(domain)));
  const unasked = missing.flatMap(({ side, line: { domain } }) =>
    side === "ad" && domain !== null && !asked.has(foldCase(domain)) ? domain : [],
  );
  if (unasked.length === 0) return;
  const configured = directories.map(({ domain }) => domain).join(", ") || "none";
  throw new BatchError(
    "refused",
    `The run has written ${countOf(unasked.length, "account")} in AD domains that are not configured: ${[...new Set(unasked)].join(", ")}; configured now: ${configured}. Nothing was written now.`,
    "Run the same command with the hardmatch.yaml that the run was planned with: --config <file>",
  );
}

/**
 * Plans the way back.
 *
 * A value is written back only where the tenant holds exactly what the run wrote. Where the old value is there
 * already nothing is done; where it is neither, somebody else has changed it; where sync has taken the user
 * over it can no longer be written. None of these holds up the others.
 *
 * @param current The cloud users as they are now; one that is missing was deleted since.
 * @param accounts The AD accounts as they are now, likewise; empty where the run has written to none.
 * @param directories Domains that were asked for them.
 * @param rows Only these rows, with those that hang together with them; `null` is all.
 * @throws {BatchError} input: two objects would get the same value back. refused: a domain of the record is not
 *   configured.
 */
export function makeRollbackPlan(
  run: RecordedRun,
  current: ReadonlyMap<Guid, CloudUser>,
  {
    cloud,
    rows,
    digest,
    accounts,
    directories,
  }: {
    readonly cloud: string;
    readonly rows: ReadonlySet<number> | null;
    readonly digest: Digest;
    readonly accounts: ReadonlyMap<Guid, PresentAccount>;
    readonly directories: PlanHeader["directories"];
  },
): { readonly plan: Plan; readonly cameAlong: readonly number[] } {
  const present = (written: Pick<WrittenObject, "side" | "objectId">) => presentOf(written, current, accounts);
  const recordedObjects = listWrittenObjects(run.lines);
  requireDomainsOf(
    recordedObjects.filter((written) => present(written) === undefined),
    directories,
  );
  const objects = recordedObjects.flatMap((recorded): Judged[] => {
    const now = present(recorded);
    const held = now !== undefined && recorded.wrote.includes(now.value) ? now.value : undefined;
    if (!recorded.certain && (held === undefined || held === recorded.before)) return [];
    // By object id it is the same person, whatever the UPN is today.
    const name = now?.name ?? recorded.name;
    const written = { ...recorded, name, ours: held === undefined ? recorded.ours : held };
    return [{ written, verdict: judge(written, now), server: now?.server ?? null }];
  });
  const allChanges = orderReverse(
    objects.filter(({ verdict }) => verdict === "revert").map(({ written }) => written),
    current,
  );
  const chosen = rows === null ? null : closeOverGroups(rows, allChanges);
  const kept = objects.filter(({ written }) => chosen === null || chosen.has(written.row));
  const changes = chosen === null ? allChanges : allChanges.filter(({ row }) => chosen.has(row));
  const lasting = listLastingSteps(run.lines).filter(({ row }) => chosen === null || chosen.has(row));
  const findings = kept.flatMap(({ written, verdict }): Finding[] => {
    const code = findingFor(verdict);
    return code === null
      ? []
      : [{ code, severity: "warn", rows: [written.row], detail: describe(written, present(written)) }];
  });
  const losses = [...findUnconfirmed(kept), ...findLosses(run.unread, lasting)];
  const plan = sealPlan(
    {
      header: {
        version: PLAN_VERSION,
        kind: "rollback",
        tenantId: run.tenantId,
        cloud,
        directories,
        mapping: {
          name: run.name,
          extraColumns: run.extraColumns,
        },
        options: {
          anchor: "auto",
          sourceKey: DEFAULT_SOURCE_KEY,
          replace: true,
          writeTo: "cloud",
          limit: null,
          onConflict: [],
          allow: [],
          acceptedIdentityMismatch: null,
        },
        takeover: null,
        reverses: { runId: run.runId, planId: run.planId },
      },
      rows: planReverseRows(run.lines, kept, { changes, losses }),
      changes,
      findings: [...findings, ...losses],
    },
    digest,
  );
  return { plan, cameAlong: chosen === null || rows === null ? [] : [...chosen].filter((row) => !rows.has(row)) };
}

type Verdict = "revert" | "nothing" | "drift" | "taken-over";

/** An AD account that a run has written, as it is now. */
export type PresentAccount = {
  readonly account: AdAccount;
  /** A cloud user is synced from it: its anchor must not change any more. */
  readonly takenOver: boolean;
  /** DNS name of the domain controller that has shown it so; `null` where it has not said its name. */
  readonly server: string | null;
};

/** An object of either side as it is now; `server` is the domain controller that says so. */
type PresentObject = {
  readonly name: string;
  readonly value: string | null;
  readonly takenOver: boolean;
  readonly server: string | null;
};

/** What is to be done about an object, as this domain controller shows it; a cloud user has none. */
type Judged = { readonly written: WrittenObject; readonly verdict: Verdict; readonly server: string | null };

function presentOf(
  { side, objectId }: Pick<WrittenObject, "side" | "objectId">,
  current: ReadonlyMap<Guid, CloudUser>,
  accounts: ReadonlyMap<Guid, PresentAccount>,
): PresentObject | undefined {
  if (side === "cloud") {
    const user = current.get(objectId);
    if (user === undefined) return undefined;
    return {
      name: user.userPrincipalName,
      value: user.immutableId,
      takenOver: user.syncEnabled === true,
      server: null,
    };
  }
  const found = accounts.get(objectId);
  if (found === undefined) return undefined;
  const { account, takenOver, server } = found;
  return { name: nameOfAccount(account), value: consistencyValueOf(account), takenOver, server };
}

function judge({ before, ours, whole }: WrittenObject, now: PresentObject | undefined): Verdict {
  if (now === undefined || !whole) return "drift";
  if (now.value === before) return "nothing";
  if (now.takenOver) return "taken-over";
  return now.value === ours ? "revert" : "drift";
}

/** Accounts that need nothing, if the domain controller that says so knows of the write. */
function findUnconfirmed(judged: readonly Judged[]): Finding[] {
  return judged.flatMap(({ written: { row, name, line }, verdict, server }): Finding[] => {
    const through = line.requestId;
    if (verdict !== "nothing" || server === null || through === null) return [];
    if (foldCase(server) === foldCase(through)) return [];
    const detail = `${name} was written through ${through}, and ${server} shows its old value`;
    return [{ code: "rollback-unconfirmed", severity: "warn", rows: [row], detail }];
  });
}

function findingFor(verdict: Verdict): FindingCode | null {
  if (verdict === "drift") return "rollback-drift";
  return verdict === "taken-over" ? "rollback-taken-over" : null;
}

function describe({ row, name, whole }: WrittenObject, now: PresentObject | undefined): string {
  if (!whole) return `the first line of row ${row} is missing, and with it the value that ${name} had`;
  return now === undefined ? `${name} no longer exists` : `${name} holds ${now.value ?? "no ID"}`;
}

/** Writes to other objects than the row's own user say whom they are done to, as a holder action of a run does. */
function orderReverse(objects: readonly WrittenObject[], current: ReadonlyMap<Guid, CloudUser>): Change[] {
  const others = new Set(objects.filter(({ own }) => !own).map(({ row, objectId }) => `${row} ${objectId}`));
  const wantedOn = (side: Side) =>
    objects
      .filter((object) => object.side === side)
      .map(
        ({ row, objectId, name, before, ours }): WantedChange => ({
          row,
          objectId,
          name,
          before: ours,
          after: before,
          certainty: 0,
        }),
      );
  try {
    return SIDES.flatMap((side) => orderChanges(wantedOn(side), side)).map((change) => {
      const user = others.has(`${change.row} ${change.objectId}`) ? current.get(change.objectId) : undefined;
      return user === undefined ? change : { ...change, holder: subjectOf(user) };
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BatchError(
      "input",
      `The record cannot be reversed: ${error.message}. Nothing was written.`,
      "Use the run folder, or the results.csv as the program wrote it.",
      { cause: error },
    );
  }
}

function subjectOf({ displayName, createdAt, lastSyncAt, licenceCount }: CloudUser): HolderSubject {
  return { displayName, createdAt, lastSyncAt, licenceCount };
}

/** Rows of one chain or cycle cannot be taken apart: an ID must be free before it is given back. */
function closeOverGroups(rows: ReadonlySet<number>, changes: readonly Change[]): Set<number> {
  const groups = new Set(changes.filter(({ row, group }) => group > 0 && rows.has(row)).map(({ group }) => group));
  return new Set([...rows, ...changes.filter(({ group }) => groups.has(group)).map(({ row }) => row)]);
}

/**
 * One row each: what a row cleared on a holder is a change of that row, not a row of its own. A row whose own value
 * needs nothing is there all the same where a step of it stays.
 */
function planReverseRows(
  lines: readonly ResultLine[],
  kept: readonly Judged[],
  { changes, losses }: { readonly changes: readonly Change[]; readonly losses: readonly Finding[] },
): PlannedRow[] {
  const lastingOf = Map.groupBy(
    losses.flatMap(({ code, rows }) => rows.map((row) => ({ row, code }))),
    ({ row }) => row,
  );
  const firstOfRow = new Map(changes.toReversed().map((change) => [change.row, change]));
  const objectsOf = Map.groupBy(kept, ({ written }) => written.row);
  const ownLines = listOwnLines(lines);
  const rows = [...new Set([...objectsOf.keys(), ...lastingOf.keys()])].toSorted((left, right) => left - right);
  return rows.flatMap((row) => {
    const objects = objectsOf.get(row) ?? [];
    const own = objects.find(({ written }) => written.own)?.written ?? untouchedObject(ownLines.get(row));
    if (own === null) return [];
    // The worst that happened to any object stands on the row.
    const verdict = WORST_FIRST.find((each) => objects.some((object) => object.verdict === each)) ?? "nothing";
    const planned = planReverseRow(own, verdict, firstOfRow.get(row)?.waitsFor ?? null);
    // What was found on a holder stands on the row as well, also where the row's own value is written back.
    const found = new Set([
      ...objects.flatMap((object) => findingFor(object.verdict) ?? []),
      ...(lastingOf.get(row) ?? []).map(({ code }) => code),
    ]);
    return [{ ...planned, findings: FINDING_CODES.filter((code) => found.has(code)) }];
  });
}

/** A row with anything left to write is to be written. */
const WORST_FIRST: readonly Verdict[] = ["revert", "taken-over", "drift", "nothing"];

function planReverseRow(
  { row, side, objectId, name, before, ours, line }: WrittenObject,
  verdict: Verdict,
  waitsFor: Change["waitsFor"],
): Omit<PlannedRow, "findings"> {
  const action = verdict === "revert" && ours !== before ? kindOfChange(ours, before, side) : "none";
  const upn = side === "cloud" ? name : line.userPrincipalName;
  return {
    row,
    account: line.account,
    domain: line.domain,
    userPrincipalName: upn,
    side,
    action,
    settled: verdict === "revert" ? null : verdict === "nothing" ? "already" : verdict,
    objectGuid: line.objectGuid,
    anchorSource: null,
    immutableId: before,
    previousImmutableId: ours,
    otherSideValue: line.otherSideValue,
    userId: side === "cloud" ? objectId : null,
    displayName: null,
    adDisplayName: null,
    takeover: null,
    waitsForRow: waitsFor?.row ?? null,
    asked: { account: line.account, domain: line.domain, upn, onConflict: "", writeTo: null },
    extra: line.extra,
  };
}
