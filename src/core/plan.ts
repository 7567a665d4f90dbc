/**
 * The plan: every row of the mapping with what would happen to it and why not, and every write in the
 * order in which it would be made.
 *
 * Its bytes are canonical: the same mapping and the same two directories give the same text and so the
 * same hash, which is how a plan that was edited, or one that belongs to another run, is recognised.
 * No clock, host name or folder stands in it.
 */
import { nameOfAccount } from "./ad-facts.ts";
import type { Change, Side } from "./change.ts";
import type { CheckOptions } from "./checks/check.ts";
import { BatchError, nameSome } from "./errors.ts";
import { blocks, type Finding, type FindingCode } from "./findings.ts";
import type { Guid } from "./guid.ts";
import type { HolderAction, Mapping } from "./mapping.ts";
import type { AnchorChangeKind } from "./order.ts";
import type { AnchorSource } from "./source-anchor.ts";
import type { FlowTableOrigin } from "./takeover-flows.ts";
import type { TakeoverChange } from "./takeover-preview.ts";
import { countOf } from "./words.ts";

/**
 * Raised whenever a stored plan gets another shape: a plan of another version is refused, never half understood.
 *
 * 2: each row names the side that it writes, and what the other side holds.
 */
export const PLAN_VERSION = 2;

export type RowAction = AnchorChangeKind | "none" | "blocked";

/** How a row stands that has no write of its own. */
export type SettledRow = "already" | "blocked" | "drift" | "taken-over";

export type PlannedRow = {
  readonly row: number;
  /** sAMAccountName as the directory spells it, else as the mapping does. */
  readonly account: string;
  readonly domain: string | null;
  /** UPN of the cloud user as the tenant spells it, else what the mapping says. */
  readonly userPrincipalName: string;
  /** Which side the row writes: its cloud user's immutable ID, or its AD account's mS-DS-ConsistencyGuid. */
  readonly side: Side;
  readonly action: RowAction;
  /** `null` when the row has writes. */
  readonly settled: SettledRow | null;
  /** Sorted as in FINDING_CODES. */
  readonly findings: readonly FindingCode[];
  readonly objectGuid: Guid | null;
  readonly anchorSource: AnchorSource | null;
  /** Value that the written side shall end with; `null` where it is unknown or shall be unset. */
  readonly immutableId: string | null;
  /** Value that the written side has; of an AD account the bytes in base64. */
  readonly previousImmutableId: string | null;
  /** What the side holds that the row does not write: the account's bytes in base64, or the user's immutable ID. */
  readonly otherSideValue: string | null;
  readonly userId: Guid | null;
  readonly displayName: string | null;
  readonly adDisplayName: string | null;
  /** What sync will change in the cloud user once it takes it over; `null` where there is nothing to compare. */
  readonly takeover: readonly TakeoverChange[] | null;
  /** Row whose user holds this row's ID and must give it up first. */
  readonly waitsForRow: number | null;
  /** What the mapping file said, so that a row can be planned again from the run folder alone. */
  readonly asked: {
    readonly account: string;
    readonly domain: string | null;
    readonly upn: string;
    readonly onConflict: string;
    readonly writeTo: Side | null;
  };
  readonly extra: readonly string[];
};

/** What the plan was made from and for; part of its hash. */
export type PlanHeader = {
  readonly version: typeof PLAN_VERSION;
  readonly kind: "apply" | "rollback";
  readonly tenantId: Guid;
  readonly cloud: string;
  /** Domains that were asked, with the GUID of each domain's head. Empty for a rollback that writes to no domain. */
  readonly directories: readonly { readonly domain: string; readonly domainId: Guid }[];
  readonly mapping: {
    readonly name: string;
    readonly extraColumns: readonly string[];
  };
  readonly options: CheckOptions & { readonly limit: number | null };
  /** Table of attribute flows that the takeover was previewed by; `null` for a rollback. */
  readonly takeover: FlowTableOrigin | null;
  /** For a rollback: the run that it reverses. */
  readonly reverses: { readonly runId: string; readonly planId: string } | null;
};

export type Plan = {
  readonly header: PlanHeader;
  readonly rows: readonly PlannedRow[];
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  /** SHA-256 of the plan's text, hex. */
  readonly hash: string;
};

/** Id of the object that the row's own write goes to: of the cloud user, or objectGUID of the AD account. */
export function writtenObjectOf({ side, userId, objectGuid }: PlannedRow): Guid | null {
  return side === "ad" ? objectGuid : userId;
}

/** What that object is called: the user's UPN, or the account with its domain. */
export function nameOfWrittenObject({
  side,
  domain,
  account,
  userPrincipalName,
}: Pick<PlannedRow, "side" | "domain" | "account" | "userPrincipalName">): string {
  if (side === "cloud") return userPrincipalName;
  return domain === null ? account : nameOfAccount({ domain, accountName: account });
}

/** The mapping that a planned row was made from. */
export function mappingOf({ row, asked, extra }: PlannedRow): Mapping {
  const { account, domain, upn, writeTo } = asked;
  return {
    row,
    account,
    domain,
    upn,
    writeTo,
    onConflict: asked.onConflict === "" ? [] : (asked.onConflict.split("+") as HolderAction[]),
    extra,
  };
}

/** First 12 hex digits of the plan's hash: stands in every summary and file of the run. */
export function planIdOf(plan: Pick<Plan, "hash">): string {
  return plan.hash.slice(0, 12);
}

/**
 * The plan's text, line by line: header, rows, changes, findings, each one canonical JSON line.
 * Hash and run store both read this, so that what was hashed is what was saved.
 */
export function* planLines(plan: Omit<Plan, "hash">): Generator<string> {
  yield `plan ${canonicalJson(plan.header)}\n`;
  for (const row of plan.rows) yield `row ${canonicalJson(row)}\n`;
  for (const change of plan.changes) yield `change ${canonicalJson(change)}\n`;
  for (const finding of plan.findings) yield `finding ${canonicalJson(finding)}\n`;
}

/** JSON with the keys of every object sorted: equal values give equal text. The keys are those of our own types. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

/** A third of what a replacer takes: it would be called for every field of every row. */
function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const fields = value as Readonly<Record<string, unknown>>;
  const sorted: Record<string, unknown> = {};
  for (const name of Object.keys(fields).sort()) sorted[name] = sortKeys(fields[name]);
  return sorted;
}

/** SHA-256 of a sequence of texts, hex; handed in, because the core does no more than compute. */
export type Digest = (texts: Iterable<string>) => string;

/** Gives a finished plan its hash. */
export function sealPlan(plan: Omit<Plan, "hash">, digest: Digest): Plan {
  return { ...plan, hash: digest(planLines(plan)) };
}

/** Rows that are written and verified before the others, where nobody says another number. */
export const DEFAULT_CANARY = 5;

/**
 * What the operator decided at the first apply. Stored before the first write; a resume that says
 * otherwise is refused.
 */
export type Decisions = {
  /** Number of mapping rows to write, as typed or given by --confirm. */
  readonly confirmed: number;
  readonly skipBlocked: boolean;
  /** Number of holder actions, as typed or given by --confirm-holders; `null` where the plan has none. */
  readonly confirmedHolders: number | null;
  /** Rows of the canary wave; 0 is none. */
  readonly canary: number;
  /** The operator's word that no sync cycle runs: an AD account may then be set back and set again as a proof. */
  readonly syncPaused: boolean;
  readonly operator: string;
};

declare const approved: unique symbol;
/** Only {@link approve} makes one, so a plan that was not checked cannot be written: it does not compile. */
export type ApprovedPlan = Plan & { readonly [approved]: true; readonly decisions: Decisions };

/** What blocks each blocked row, in words: `waits-for-blocked-row: row 3 does not free it`. */
export function listBlockReasons({ findings }: Pick<Plan, "findings">): ReadonlyMap<number, string> {
  const reasons = new Map<number, string>();
  for (const finding of findings.filter(blocks)) {
    for (const row of finding.rows) {
      const before = reasons.get(row);
      reasons.set(row, `${before === undefined ? "" : `${before}; `}${finding.code}: ${finding.detail}`);
    }
  }
  return reasons;
}

/** Findings that stand on no row and block everything: nothing skips them. */
export function listBatchBlocks({ findings }: Pick<Plan, "findings">): Finding[] {
  return findings.filter((finding) => blocks(finding) && finding.rows.length === 0);
}

/** Rows that would be written: the number that the operator has to confirm. */
export function countRowsToWrite(plan: Plan): number {
  return new Set(plan.changes.map(({ row }) => row)).size;
}

/** Objects that holder actions of the plan are done to: the number that --confirm-holders has to name. */
export function countHolderActions(plan: Pick<Plan, "changes">): number {
  return new Set(plan.changes.filter(isHolderStep).map(({ objectId }) => objectId)).size;
}

/** `6 steps on 5 objects, 4 of them irreversible`. */
export function describeHolderSteps(
  steps: readonly { readonly objectId: Guid; readonly irreversible: boolean }[],
): string {
  const objects = new Set(steps.map(({ objectId }) => objectId)).size;
  const irreversible = steps.filter((step) => step.irreversible).length;
  const marked =
    irreversible === 0
      ? ""
      : irreversible === steps.length
        ? ", irreversible"
        : `, ${irreversible} of them irreversible`;
  return `${countOf(steps.length, "step")} on ${countOf(objects, "object")}${marked}`;
}

/** Whether a change is a holder action: it acts on something else than the row's own immutable ID. */
export function isHolderStep({ wave, holder }: Change): boolean {
  return wave === "holder" && holder !== null;
}

/**
 * The gate. Every way to a write leads through it.
 *
 * @throws {BatchError} blocked: a blocking finding stands and `skipBlocked` is off, or it is one about
 *   the whole batch, which nothing skips. refused: the confirmed number is not the plan's, or cycles
 *   would be written without a canary that has proved that null can be written.
 */
export function approve(plan: Plan, decisions: Decisions): ApprovedPlan {
  const blocked = plan.rows.filter(({ action }) => action === "blocked");
  const batchBlocks = listBatchBlocks(plan);
  if (batchBlocks.length > 0) {
    throw new BatchError(
      "blocked",
      `The whole batch is blocked: ${batchBlocks.map(({ code }) => code).join(", ")}.`,
      "Mend what is named here, then plan again. Nothing was written.",
      { details: batchBlocks.map(({ code, detail }) => `${code}: ${detail}`) },
    );
  }
  if (blocked.length > 0 && !decisions.skipBlocked) {
    const reasons = listBlockReasons(plan);
    const named = blocked.map(({ row, account }) => `row ${row} ${account}: ${reasons.get(row) ?? ""}`);
    throw new BatchError(
      "blocked",
      `${blocked.length} ${blocked.length === 1 ? "row is" : "rows are"} blocked. Nothing was written.`,
      "Mend the rows that plan.csv names and plan again, or leave them out with --skip-blocked.",
      { details: nameSome(named, "plan.csv") },
    );
  }
  const toWrite = countRowsToWrite(plan);
  if (decisions.confirmed !== toWrite) {
    throw new BatchError(
      "refused",
      `This plan writes ${toWrite} rows, not ${decisions.confirmed}. Nothing was written.`,
      `Look at the plan again; if ${toWrite} is what you expect, say --confirm ${toWrite}.`,
    );
  }
  const actions = countHolderActions(plan);
  if (actions > 0 && decisions.confirmedHolders !== actions) {
    throw new BatchError(
      "refused",
      `This plan acts on ${actions} other ${actions === 1 ? "object" : "objects"} (delete, purge, clear, restore). Nothing was written.`,
      `Look at the holder actions in report.html; if all of them are meant, say --confirm-holders ${actions}.`,
    );
  }
  if (decisions.canary === 0 && plan.changes.some(({ wave }) => wave === "cycle")) {
    throw new BatchError(
      "refused",
      "This plan has a cycle of swapped IDs, which needs the canary. Nothing was written.",
      "Leave out --canary 0: a canary row proves that this tenant lets an ID be cleared.",
    );
  }
  return { ...plan, decisions } as ApprovedPlan;
}
