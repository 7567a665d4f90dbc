/**
 * From what was read to a plan: puts the facts of each row together, and turns facts and findings into
 * planned rows and ordered changes. Pure: the stages do the reading.
 */

import type { AdAccount } from "./ad-account.ts";
import { anchorForAd, consistencyValueOf, listPossibleIds, nameOfAccount } from "./ad-facts.ts";
import { type Change, SIDES, type Side } from "./change.ts";
import {
  type CheckBatch,
  type CheckOptions,
  isMatched,
  isTakenOver,
  presentValue,
  type RowFacts,
  wouldWrite,
} from "./checks/check.ts";
import { runChecks } from "./checks/checks.ts";
import { outsideHolders, releaserOf } from "./checks/holder-checks.ts";
import { addressesOf } from "./checks/identity-checks.ts";
import { BatchError } from "./errors.ts";
import { blocks, type Finding, type FindingCode } from "./findings.ts";
import type { Guid } from "./guid.ts";
import { asRestored, chosenActions, listHolderSteps } from "./holder-actions.ts";
import { judgeBatch } from "./identity-batch.ts";
import type { Mapping } from "./mapping.ts";
import { foldAccents } from "./names.ts";
import { insertHolderSteps, kindOfChange, orderChanges, type WantedChange } from "./order.ts";
import { type Digest, type Plan, type PlanHeader, type PlannedRow, type RowAction, sealPlan } from "./plan.ts";
import { type Resolution, soleAccount } from "./resolution.ts";
import type { DeletedUser, TenantSnapshot } from "./snapshot.ts";
import { chooseAnchor } from "./source-anchor.ts";
import { type PreviewRules, previewTakeover, type TakeoverChange } from "./takeover-preview.ts";

/** What of the options decides which IDs are looked for. */
type AnchorOptions = Pick<CheckOptions, "anchor" | "writeTo">;

/** Which side a row writes. */
export function sideOfRow({ writeTo }: Pick<Mapping, "writeTo">, options: Pick<CheckOptions, "writeTo">): Side {
  return writeTo ?? options.writeTo;
}

/**
 * The immutable IDs that a batch asks for, as far as AD alone tells; each once. Of a row that writes into AD those by
 * which sync would know the account today: whoever holds one is a duplicate that sync has made of it.
 */
export function listWantedIds(resolutions: readonly Resolution[], options: AnchorOptions): string[] {
  const ids = resolutions.flatMap(({ mapping, exact }) =>
    exact.flatMap((account) => {
      if (sideOfRow(mapping, options) === "ad") return listPossibleIds(account);
      return chooseAnchor(account, options.anchor).anchor?.immutableId ?? [];
    }),
  );
  return [...new Set(ids)];
}

/** What is asked of the domains for the rows that write into AD. */
export type AnchorQuestions = {
  /** Values that are to be written: whoever holds one already is looked for in every domain. */
  readonly immutableIds: ReadonlySet<string>;
  /** Accounts that are to be written. */
  readonly accounts: readonly AdAccount[];
};

/** @see AnchorQuestions */
export function listAnchorQuestions(
  resolutions: readonly Resolution[],
  snapshot: TenantSnapshot,
  options: Pick<CheckOptions, "writeTo">,
): AnchorQuestions {
  const rows = resolutions.filter(({ mapping }) => sideOfRow(mapping, options) === "ad");
  const ids = rows.flatMap(({ mapping }) => anchorForAd(snapshot.findTarget(mapping.upn)?.immutableId ?? null) ?? []);
  const accounts = rows.flatMap((resolution) => soleAccount(resolution) ?? []).filter(({ kind }) => kind === "user");
  return { immutableIds: new Set(ids), accounts };
}

/** What tenant and domains say beside the users themselves, and what was asked for. */
export type BatchContext = Pick<CheckBatch, "options" | "takeover" | "tenant" | "ad"> & {
  readonly preview: PreviewRules;
};

/** What AD alone tells of whom to look for in the tenant; each value once. */
export type LookUpKeys = {
  readonly immutableIds: readonly string[];
  /** Folded: what sync would write for these accounts. */
  readonly addresses: readonly string[];
  readonly sids: readonly string[];
};

/**
 * Users beside the live targets whose roles matter: whoever holds a value that the batch asks for, live or deleted, and
 * targets that lie in the recycle bin.
 */
export function listHolders(names: readonly string[], { immutableIds }: LookUpKeys, snapshot: TenantSnapshot): Guid[] {
  const holders = immutableIds.flatMap((value) => [...snapshot.holdersOf(value), ...snapshot.deletedHoldersOf(value)]);
  const deleted = names.flatMap((name) =>
    snapshot.findTarget(name) === undefined ? snapshot.findDeletedTargets(name) : [],
  );
  return [...holders, ...deleted].map(({ id }) => id);
}

/** Nobody beside the users that are named. */
export const NO_KEYS: LookUpKeys = { immutableIds: [], addresses: [], sids: [] };

export function listLookUpKeys(resolutions: readonly Resolution[], options: AnchorOptions): LookUpKeys {
  const accounts = resolutions.flatMap(({ exact }) => exact);
  return {
    immutableIds: listWantedIds(resolutions, options),
    addresses: [...new Set(accounts.flatMap((account) => [...addressesOf(account)]))],
    sids: [...new Set(accounts.flatMap(({ objectSid, sidHistory }) => [objectSid ?? "", ...sidHistory]))].filter(
      (sid) => sid !== "",
    ),
  };
}

/** Puts together what both sides say about every row. */
export function assembleBatch(
  resolutions: readonly Resolution[],
  snapshot: TenantSnapshot,
  { options, takeover, tenant, ad, preview }: BatchContext,
): CheckBatch {
  const rows = resolutions.map((resolution): RowFacts => {
    const { mapping } = resolution;
    const only = soleAccount(resolution);
    const account = only?.kind === "user" ? only : null;
    const side = sideOfRow(mapping, options);
    const choice = account === null || side === "ad" ? null : chooseAnchor(account, options.anchor);
    const live = snapshot.findTarget(mapping.upn) ?? null;
    const deletedTargets = live === null ? snapshot.findDeletedTargets(mapping.upn) : [];
    const restoring = restorable({ mapping }, deletedTargets, options);
    const target = restoring === null ? live : asRestored(restoring);
    const decoded = account === null || side === "cloud" ? null : anchorForAd(target?.immutableId ?? null);
    return {
      mapping,
      row: mapping.row,
      side,
      resolution,
      account,
      choice,
      wantedId: decoded ?? choice?.anchor?.immutableId ?? null,
      target,
      deletedTargets,
      restoring,
    };
  });
  const byTarget = Map.groupBy(rows, ({ target }) => target?.id);
  // Rows of which one side is missing keep their place, so that a shift is counted in rows of the file.
  const identity = judgeBatch(
    rows.map((facts) => ({ row: facts.row, account: facts.account, user: isTakenOver(facts) ? null : facts.target })),
  );
  return {
    rows,
    options,
    takeover,
    tenant,
    ad,
    snapshot,
    previews: previewRows(rows, preview),
    identity,
    rowsWithTarget: (userId) => byTarget.get(userId) ?? [],
  };
}

function previewRows(rows: readonly RowFacts[], rules: PreviewRules): Map<number, readonly TakeoverChange[]> {
  const previews = new Map<number, readonly TakeoverChange[]>();
  for (const facts of rows) {
    const { row, account, target } = facts;
    if (account !== null && target !== null && !isTakenOver(facts))
      previews.set(row, previewTakeover(account, target, rules));
  }
  return previews;
}

/** The deleted target that the row chooses and is allowed to bring back. */
function restorable(
  facts: Pick<RowFacts, "mapping">,
  deleted: readonly DeletedUser[],
  options: CheckOptions,
): DeletedUser | null {
  const chosen =
    chosenActions(facts, { options }).includes("restore-target") && options.allow.includes("restore-target");
  return chosen && deleted.length === 1 ? (deleted[0] ?? null) : null;
}

/**
 * Checks the batch and makes the plan of it. The same facts give the same bytes.
 *
 * @throws {BatchError} blocked: two of the users to be written hold one value now.
 */
export function makePlan(header: PlanHeader, batch: CheckBatch, digest: Digest): Plan {
  const findings = runChecks(batch);
  const findingsOfRow = groupByRow(findings);
  const blocked = new Set(findings.filter(blocks).flatMap(({ rows }) => rows));
  const rows = batch.rows.map((facts) => planRow(facts, batch, findingsOfRow.get(facts.row) ?? [], blocked));
  const writing = batch.rows.filter((facts) => !blocked.has(facts.row) && wouldWrite(facts));
  const ordered = SIDES.flatMap((side) => orderWanted(writing.flatMap(wantOn(side)), side));
  const stepsOfRow = new Map(
    writing.map((facts) => [facts.row, listHolderSteps(facts, batch, outsideHolders(facts, batch))]),
  );
  const changes = insertHolderSteps(ordered, stepsOfRow);
  return sealPlan({ header, rows, changes, findings }, digest);
}

/** What a row wants of one side. */
function wantOn(side: Side): (facts: RowFacts) => WantedChange[] {
  return (facts) => {
    const { row, target, wantedId: after, account } = facts;
    if (facts.side !== side || target === null) return [];
    const before = presentValue(facts);
    const certainty = agreeingNames(target, account);
    if (side === "cloud") {
      const { id: objectId, userPrincipalName: name } = target;
      return [{ row, objectId, name, before, after, certainty }];
    }
    if (account === null) return [];
    return [{ row, objectId: account.objectGuid, name: nameOfAccount(account), before, after, certainty }];
  };
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
