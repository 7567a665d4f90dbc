/** From a batch to a plan: turns facts and findings into planned rows and ordered changes. Pure: the stages do the reading. */
import { consistencyValueOf } from "./ad-facts.ts";
import { type Change, SIDES, type Side } from "./change.ts";
import { type CheckBatch, isMatched, presentValue, type RowFacts, wouldWrite } from "./checks/check.ts";
import { runChecks } from "./checks/checks.ts";
import { outsideHolders, releaserOf } from "./checks/holder-checks.ts";
import { BatchError } from "./errors.ts";
import { blocks, type Finding, type FindingCode } from "./findings.ts";
import { type HolderStep, listHolderSteps } from "./holder-actions.ts";
import { foldAccents } from "./names.ts";
import { insertHolderSteps, kindOfChange, orderChanges, type WantedChange } from "./order.ts";
import { createPacker } from "./packing.ts";
import {
  type Digest,
  nameOfWrittenObject,
  type Plan,
  type PlanHeader,
  type PlannedRow,
  type RowAction,
  sealPlan,
  writtenObjectOf,
} from "./plan.ts";
import { soleAccount } from "./resolution.ts";

/** A batch that was checked, and whose writes are not in their order yet. Nothing in it hangs on what was read. */
export type PlanDraft = Pick<Plan, "rows" | "findings"> & {
  /** Of each row that shall be written how sure it is, by its place in `rows`; {@link UNWANTED} of every other. */
  readonly certainties: Int8Array;
  readonly stepsOfRow: ReadonlyMap<number, readonly HolderStep[]>;
};

const UNWANTED = -1;

/** Checks the batch and says of each row what comes of it. */
export function draftPlan(batch: CheckBatch): PlanDraft {
  const findings = runChecks(batch);
  const findingsOfRow = groupByRow(findings);
  const blocked = new Set(findings.filter(blocks).flatMap(({ rows }) => rows));
  const packRow = createPacker<PlannedRow>(batch.rows.length);
  const rows: PlannedRow[] = [];
  const certainties = new Int8Array(batch.rows.length).fill(UNWANTED);
  const stepsOfRow = new Map<number, readonly HolderStep[]>();
  for (const facts of batch.rows) {
    const { row, target, account } = facts;
    const planned = planRow(facts, batch, findingsOfRow.get(row) ?? NOTHING_FOUND, blocked);
    const place = rows.push(packRow(planned)) - 1;
    if (blocked.has(row) || !wouldWrite(facts)) continue;
    certainties[place] = agreeingNames(target, account);
    const steps = listHolderSteps(facts, batch, outsideHolders(facts, batch));
    if (steps.length > 0) stepsOfRow.set(row, steps);
  }
  return { rows, findings, certainties, stepsOfRow };
}

/**
 * Puts the writes in order and gives the plan its hash. The same draft gives the same bytes.
 *
 * @throws {BatchError} blocked: two of the users to be written hold one value now.
 */
export function finishPlan(header: PlanHeader, draft: PlanDraft, digest: Digest): Plan {
  const { rows, findings, stepsOfRow } = draft;
  const ordered = SIDES.flatMap((side) => orderWanted(listWanted(draft, side), side));
  return sealPlan({ header, rows, changes: insertHolderSteps(ordered, stepsOfRow), findings }, digest);
}

/** What the rows want of one side: a row says itself which object it writes, and what that holds. */
function listWanted({ rows, certainties }: PlanDraft, side: Side): WantedChange[] {
  const pack = createPacker<WantedChange>(rows.length);
  const wanted: WantedChange[] = [];
  for (const [place, planned] of rows.entries()) {
    const certainty = certainties[place] ?? UNWANTED;
    if (certainty === UNWANTED || planned.side !== side) continue;
    const { row, previousImmutableId: before, immutableId: after } = planned;
    const objectId = writtenObjectOf(planned);
    if (objectId !== null)
      wanted.push(pack({ row, objectId, name: nameOfWrittenObject(planned), before, after, certainty }));
  }
  return wanted;
}

/**
 * Checks the batch and makes the plan of it. The same facts give the same bytes.
 *
 * @throws {BatchError} as {@link finishPlan}
 */
export function makePlan(header: PlanHeader, batch: CheckBatch, digest: Digest): Plan {
  return finishPlan(header, draftPlan(batch), digest);
}

/**
 * A tenant gives a value to one user only, but what was read page by page may show it at two. Chains and cycles come
 * from the cloud alone: a value that another account holds blocks its row.
 */
function orderWanted(wanted: readonly WantedChange[], side: Side): Change[] {
  try {
    return orderChanges(wanted, side);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BatchError(
      "blocked",
      `The writes cannot be put in order: ${error.message}. Nothing was written.`,
      "Look at the users of these rows: one of them must give the value up. If another program is writing to the tenant, wait for its end. Then plan again.",
      { cause: error },
    );
  }
}

function planRow(
  facts: RowFacts,
  batch: CheckBatch,
  codes: readonly FindingCode[],
  blocked: ReadonlySet<number>,
): PlannedRow {
  const { mapping, side, resolution, account, choice, target, wantedId } = facts;
  const seen = account ?? soleAccount(resolution);
  const action = actionOf(facts, blocked);
  const holder = wantedId === null ? undefined : batch.snapshot.holdersOf(wantedId).find(({ id }) => id !== target?.id);
  const releaser = holder === undefined || isMatched(facts) ? null : releaserOf(holder, batch);
  return {
    row: facts.row,
    account: seen?.accountName ?? mapping.account,
    domain: seen?.domain ?? mapping.domain,
    userPrincipalName: target?.userPrincipalName ?? mapping.upn,
    side,
    action,
    settled: action === "none" ? "already" : action === "blocked" ? "blocked" : null,
    findings: codes,
    objectGuid: seen?.objectGuid ?? null,
    anchorSource: side === "ad" ? "mS-DS-ConsistencyGuid" : (choice?.anchor?.source ?? null),
    immutableId: wantedId,
    previousImmutableId: presentValue(facts),
    otherSideValue:
      side === "ad" ? (target?.immutableId ?? null) : seen === undefined ? null : consistencyValueOf(seen),
    userId: target?.id ?? null,
    displayName: target?.displayName ?? null,
    adDisplayName: seen?.displayName ?? null,
    takeover: batch.previews.get(facts.row) ?? null,
    waitsForRow: releaser?.row ?? null,
    asked: {
      account: mapping.account,
      domain: mapping.domain,
      upn: mapping.upn,
      onConflict: mapping.onConflict.join("+"),
      writeTo: mapping.writeTo,
    },
    extra: mapping.extra,
  };
}

function actionOf(facts: RowFacts, blocked: ReadonlySet<number>): RowAction {
  if (blocked.has(facts.row) || facts.target === null || facts.wantedId === null) return "blocked";
  if (isMatched(facts)) return "none";
  return kindOfChange(presentValue(facts), facts.wantedId, facts.side);
}

/** How many of display name, given name, surname and mail agree, case and accents aside. */
function agreeingNames(target: RowFacts["target"], account: RowFacts["account"]): number {
  if (target === null || account === null) return 0;
  const pairs = [
    [target.displayName, account.displayName],
    [target.givenName, account.givenName],
    [target.surname, account.surname],
    [target.mail, account.mail],
  ] as const;
  return pairs.filter(([left, right]) => left !== null && right !== null && foldAccents(left) === foldAccents(right))
    .length;
}

const NOTHING_FOUND: readonly FindingCode[] = [];

/** Codes of each row, each once. The findings come in the order of FINDING_CODES, and so do the codes. */
function groupByRow(findings: readonly Finding[]): Map<number, FindingCode[]> {
  const codesOfRow = new Map<number, FindingCode[]>();
  for (const { code, rows } of findings) {
    for (const row of rows) {
      const codes = codesOfRow.get(row);
      if (codes === undefined) codesOfRow.set(row, [code]);
      else if (codes.at(-1) !== code) codes.push(code);
    }
  }
  return codesOfRow;
}
