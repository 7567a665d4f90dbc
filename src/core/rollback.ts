/**
 * The way back: a plan that writes the old values, made from what a run recorded and what the tenant holds
 * now. It goes through the same gate and the same writer as any other plan.
 */
import { type Change, type HolderSubject, SIDES, type Side } from "./change.ts";
import { BatchError } from "./errors.ts";
import { FINDING_CODES, type Finding } from "./findings.ts";
import { foldCase } from "./names.ts";
import { kindOfChange, orderChanges, type WantedChange } from "./order.ts";
import { type Digest, PLAN_VERSION, type Plan, type PlanHeader, type PlannedRow, sealPlan } from "./plan.ts";
import type { ResultLine } from "./result-line.ts";
import { findLosses, listLastingSteps } from "./rollback-losses.ts";
import {
  findingOfVerdict,
  findUnconfirmed,
  findUnwritable,
  type JudgedObject,
  judgeWrittenObject,
  type PresentObjects,
  presentObjectOf,
  type RollbackVerdict,
} from "./rollback-verdict.ts";
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
 * @param present Both sides as they are now; accounts are empty where the run has written to none.
 * @param directories Domains that were asked for them.
 * @param rows Only these rows, with those that hang together with them; `null` is all.
 * @throws {BatchError} input: two objects would get the same value back. refused: a domain of the record is not
 *   configured.
 */
export function makeRollbackPlan(
  run: RecordedRun,
  present: PresentObjects,
  {
    cloud,
    rows,
    digest,
    directories,
  }: {
    readonly cloud: string;
    readonly rows: ReadonlySet<number> | null;
    readonly digest: Digest;
    readonly directories: PlanHeader["directories"];
  },
): { readonly plan: Plan; readonly cameAlong: readonly number[] } {
  const seen = listWrittenObjects(run.lines).map((recorded) => ({
    recorded,
    now: presentObjectOf(recorded, present),
  }));
  requireDomainsOf(
    seen.flatMap(({ recorded, now }) => (now === undefined ? recorded : [])),
    directories,
  );
  const objects = seen.flatMap(({ recorded, now }) => judgeWrittenObject(recorded, now) ?? []);
  const allChanges = orderReverse(
    objects.filter(({ verdict }) => verdict === "revert").map(({ written }) => written),
    present.users,
  );
  const chosen = rows === null ? null : closeOverGroups(rows, allChanges);
  const kept = objects.filter(({ written }) => chosen === null || chosen.has(written.row));
  const changes = chosen === null ? allChanges : allChanges.filter(({ row }) => chosen.has(row));
  const lasting = listLastingSteps(run.lines).filter(({ row }) => chosen === null || chosen.has(row));
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
      findings: [...findUnwritable(kept), ...losses],
    },
    digest,
  );
  return { plan, cameAlong: chosen === null || rows === null ? [] : [...chosen].filter((row) => !rows.has(row)) };
}

/** Writes to other objects than the row's own user say whom they are done to, as a holder action of a run does. */
function orderReverse(objects: readonly WrittenObject[], users: PresentObjects["users"]): Change[] {
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
      const user = others.has(`${change.row} ${change.objectId}`) ? users.get(change.objectId) : undefined;
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
  kept: readonly JudgedObject[],
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
      ...objects.flatMap((object) => findingOfVerdict(object.verdict) ?? []),
      ...(lastingOf.get(row) ?? []).map(({ code }) => code),
    ]);
    return [{ ...planned, findings: FINDING_CODES.filter((code) => found.has(code)) }];
  });
}

/** A row with anything left to write is to be written. */
const WORST_FIRST: readonly RollbackVerdict[] = ["revert", "taken-over", "drift", "nothing"];

function planReverseRow(
  { row, side, objectId, name, before, ours, line }: WrittenObject,
  verdict: RollbackVerdict,
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
