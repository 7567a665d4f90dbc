/**
 * From what was read to a plan: puts the facts of each row together, and turns facts and findings into
 * planned rows and ordered changes. Pure: the stages do the reading.
 */

import type { AdAccount } from "./ad-account.ts";
import { anchorForAd, consistencyValueOf, listPossibleIds } from "./ad-facts.ts";
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
import { asRestored, chosenActions, type HolderStep, listHolderSteps } from "./holder-actions.ts";
import { judgeBatch } from "./identity-batch.ts";
import type { Mapping } from "./mapping.ts";
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
import { type Resolution, soleAccount } from "./resolution.ts";
import type { DeletedUser, TenantSnapshot } from "./snapshot.ts";
import { chooseAnchor } from "./source-anchor.ts";
import { listComingManagers, type PresentManagers } from "./takeover-managers.ts";
import { type PreviewRules, previewTakeover, type TakeoverChange } from "./takeover-preview.ts";
import { TextIndex } from "./text-index.ts";

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
  readonly preview: Omit<PreviewRules, "managers">;
  readonly managers: PresentManagers;
};

/** Targets whose manager in AD is an account of the batch too. */
export function listManagedTargets(resolutions: readonly Resolution[], snapshot: TenantSnapshot): Guid[] {
  const pairs = resolutions.map((resolution) => ({
    account: soleAccount(resolution) ?? null,
    target: snapshot.findTarget(resolution.mapping.upn) ?? null,
  }));
  return [...listComingManagers(pairs).keys()];
}

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
  const accounts = () => resolutions.flatMap(({ exact }) => exact);
  return {
    immutableIds: listWantedIds(resolutions, options),
    // Made when they are asked for: a tenant that is listed is not looked up.
    get addresses() {
      return [...new Set(accounts().flatMap((account) => [...addressesOf(account)]))];
    },
    get sids() {
      const sids = accounts().flatMap(({ objectSid, sidHistory }) => [objectSid ?? "", ...sidHistory]);
      return [...new Set(sids)].filter((sid) => sid !== "");
    },
  };
}

/** One for all rows. */
const NOBODY: readonly never[] = [];

/** Puts together what both sides say about every row. */
export function assembleBatch(
  resolutions: readonly Resolution[],
  snapshot: TenantSnapshot,
  { options, takeover, tenant, ad, preview, managers }: BatchContext,
): CheckBatch {
  const rows = resolutions.map((resolution): RowFacts => {
    const { mapping } = resolution;
    const only = soleAccount(resolution);
    const account = only?.kind === "user" ? only : null;
    const side = sideOfRow(mapping, options);
    const choice = account === null || side === "ad" ? null : chooseAnchor(account, options.anchor);
    const live = snapshot.findTarget(mapping.upn) ?? null;
    const deletedTargets = live === null ? snapshot.findDeletedTargets(mapping.upn) : NOBODY;
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
  const targets = new TextIndex();
  for (const [place, { target }] of rows.entries()) if (target !== null) targets.add(target.id, place);
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
    previews: previewRows(rows, { ...preview, managers: { coming: listComingManagers(rows), present: managers } }),
    identity,
    rowsWithTarget: (userId) =>
      targets
        .find(userId)
        .flatMap((place) => rows[place] ?? [])
        .filter(({ target }) => target?.id === userId),
  };
}

/** Nothing is changed in most people, and what is changed in the others waits as bytes until their row is planned. */
function previewRows(rows: readonly RowFacts[], rules: PreviewRules): CheckBatch["previews"] {
  const pack = createPacker<{ readonly changes: readonly TakeoverChange[] }>(rows.length);
  const unchanged = pack({ changes: [] });
  const previews = new Map<number, { readonly changes: readonly TakeoverChange[] }>();
  for (const facts of rows) {
    const { row, account, target } = facts;
    if (account === null || target === null || isTakenOver(facts)) continue;
    // Copies: of packed ones each field is decoded whenever it is read, and a preview reads most of them repeatedly.
    const changes = previewTakeover({ ...account }, { ...target }, rules);
    previews.set(row, changes.length === 0 ? unchanged : pack({ changes }));
  }
  return { get: (row) => previews.get(row)?.changes };
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
    // The texts are those of the row: a small plan holds each of them once.
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
  const displayName = target?.displayName ?? null;
  return {
    row: facts.row,
    account: share(seen?.accountName ?? mapping.account, mapping.account),
    domain: seen?.domain ?? mapping.domain,
    userPrincipalName: share(target?.userPrincipalName ?? mapping.upn, mapping.upn),
    side,
    action,
    settled: action === "none" ? "already" : action === "blocked" ? "blocked" : null,
    findings: codes,
    objectGuid: share(seen?.objectGuid ?? null, choice?.anchor?.guid ?? null),
    anchorSource: side === "ad" ? "mS-DS-ConsistencyGuid" : (choice?.anchor?.source ?? null),
    immutableId: wantedId,
    previousImmutableId: presentValue(facts),
    otherSideValue:
      side === "ad" ? (target?.immutableId ?? null) : seen === undefined ? null : consistencyValueOf(seen),
    userId: target?.id ?? null,
    displayName,
    adDisplayName: share(seen?.displayName ?? null, displayName),
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

/** The other of two equal texts: whatever stands twice in a row of a large plan is kept once. */
function share<Text extends string | null>(text: Text, other: Text): Text {
  return text === other ? other : text;
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
