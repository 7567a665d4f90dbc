/**
 * The shape of a check, and the facts it may look at.
 *
 * A check is one entry of a table: what it says, why it matters, how to mend it, where the rule comes from
 * and when that was looked up, and a generator that finds it in a batch. Help, `explain`, the report and the
 * README read the same entry.
 */
import type { AdAccount } from "../ad-account.ts";
import { type AdFacts, consistencyValueOf } from "../ad-facts.ts";
import { describeSubject, type Side } from "../change.ts";
import type { FindingCode, Severity } from "../findings.ts";
import type { Guid } from "../guid.ts";
import type { HolderDecision } from "../holder-actions.ts";
import type { BatchIdentity } from "../identity-batch.ts";
import type { HolderAction, Mapping } from "../mapping.ts";
import type { Resolution } from "../resolution.ts";
import {
  type CloudUser,
  type DeletedUser,
  type TenantIdentity,
  type TenantSnapshot,
  withoutIdPrefix,
} from "../snapshot.ts";
import type { AnchorChoice, AnchorMode } from "../source-anchor.ts";
import type { SourceKey } from "../source-key.ts";
import type { TakeoverFacts } from "../takeover-facts.ts";
import type { TakeoverChange } from "../takeover-preview.ts";
import { TextIndex } from "../text-index.ts";

/** What is known of one mapping row after both sides were read. */
export type RowFacts = {
  readonly mapping: Mapping;
  readonly row: number;
  /** Which side the row writes. */
  readonly side: Side;
  readonly resolution: Resolution;
  /** The one AD user that the row means; `null` when there is none or more than one. */
  readonly account: AdAccount | null;
  /** `null` also where the row writes into AD: then the cloud user's ID is the anchor. */
  readonly choice: AnchorChoice | null;
  /**
   * The value that the row asks for on the side that it writes: the account's anchor, or the cloud user's ID. `null` when
   * there is no account, no anchor, or an ID that is none of 16 bytes.
   */
  readonly wantedId: string | null;
  readonly target: CloudUser | null;
  readonly deletedTargets: readonly DeletedUser[];
  /** The target is in the recycle bin and will be restored: `target` shows it as it will then be. */
  readonly restoring: DeletedUser | null;
};

export type CheckOptions = {
  /** What to do with a holder where the row's own cell says nothing. */
  readonly onConflict: readonly HolderAction[];
  /** Holder actions that may be carried out at all; naming one here chooses nothing. */
  readonly allow: readonly HolderAction[];
  readonly anchor: AnchorMode;
  /** What stands in the account column. */
  readonly sourceKey: SourceKey;
  readonly replace: boolean;
  /** Which side is written where the row's own cell says nothing. */
  readonly writeTo: Side;
  /** Number of rows that disagree in identity, as the operator has accepted it; `null` accepts none. */
  readonly acceptedIdentityMismatch: number | null;
};

/** How sync stands in the tenant. */
export type SyncState = Pick<TenantIdentity, "syncEnabled" | "lastSyncAt"> & {
  /** A cycle has run within the last hours: it is not paused. */
  readonly syncedRecently: boolean;
};

/** A sync that has not run for so long is paused or broken: either way it takes nobody over in the next minutes. */
export const RECENT_SYNC_MS = 3 * 60 * 60 * 1000;

/** @param nowMs Milliseconds since the Unix epoch. */
export function describeSync({ syncEnabled, lastSyncAt }: TenantIdentity, nowMs: number): SyncState {
  const syncedRecently = lastSyncAt !== null && nowMs - Date.parse(lastSyncAt) < RECENT_SYNC_MS;
  return { syncEnabled, lastSyncAt, syncedRecently };
}

/** A whole batch, ready to be checked. */
export type CheckBatch = {
  readonly rows: readonly RowFacts[];
  readonly options: CheckOptions;
  readonly snapshot: TenantSnapshot;
  readonly takeover: TakeoverFacts;
  readonly ad: AdFacts;
  readonly tenant: SyncState;
  /**
   * What the takeover will change, by row: of every row with an account and a target that is not taken over yet,
   * blocked or not, for a blocked row may be mended.
   */
  readonly previews: { get(row: number): readonly TakeoverChange[] | undefined };
  /** Whether the mapping puts the right people together. */
  readonly identity: BatchIdentity;
  /** Rows whose target is this user. */
  rowsWithTarget(userId: Guid): readonly RowFacts[];
};

/** Where a check saw what it looks for. */
export type Sighting = {
  readonly rows: readonly number[];
  readonly detail: string;
  /** Where it is not the check's usual one. */
  readonly severity?: Severity;
};

/** What `explain` and the README say about a code. */
export type Explanation = {
  readonly severity: Severity;
  /** One sentence: what is the case. */
  readonly says: string;
  /** Of a check that usually blocks: why it is only a warning where it is one. */
  readonly asWarning?: string;
  /** What happens if it is ignored. */
  readonly why: string;
  readonly mend: string;
  /** Document or reasoning behind the rule. */
  readonly source: string;
  /** Year and month in which the source was read. */
  readonly checked: string;
};

export type Check = Explanation & {
  /** @param blockedRows Rows that checks earlier in the table have blocked. */
  find(batch: CheckBatch, blockedRows: ReadonlySet<number>): Iterable<Sighting>;
};

/** A part of the table: checks on one subject. */
export type Checks = Readonly<Partial<Record<FindingCode, Check>>>;

/** A finding that a holder action resolves is a warning that says so; one that is barred blocks and says why. */
export function judgeDecision(
  detail: string,
  { words, barred }: HolderDecision,
): Pick<Sighting, "detail" | "severity"> {
  if (words !== null) return { severity: "warn", detail: `${detail}: ${words}` };
  return { detail: barred === null ? detail : `${detail}; nothing is done about it: ${barred}` };
}

/** Value that the side has which the row writes; `null` is unset, or no object. */
export function presentValue({ side, target, account }: Pick<RowFacts, "side" | "target" | "account">): string | null {
  if (side === "cloud") return target?.immutableId ?? null;
  return account === null ? null : consistencyValueOf(account);
}

/** The written side holds exactly the wanted value. */
export function isMatched(facts: RowFacts): boolean {
  const present = presentValue(facts);
  return present !== null && present === facts.wantedId;
}

/**
 * Matched, and sync has taken the user over: no rule about targets or holders has anything to say. A user that moves
 * between domains is synced from the old one before; whose it is now its security identifier tells.
 */
export function isTakenOver(facts: RowFacts): boolean {
  const { side, target, account } = facts;
  if (!isMatched(facts) || target?.syncEnabled !== true) return false;
  return side === "cloud" || (account !== null && isSyncedFrom(target, account));
}

/** Whether sync has last written the user from this very account. */
export function isSyncedFrom({ securityIdentifier }: CloudUser, { objectSid }: Pick<AdAccount, "objectSid">): boolean {
  return securityIdentifier !== null && securityIdentifier === objectSid;
}

/** A row that would write, if nothing blocks it. */
export function wouldWrite(facts: RowFacts): boolean {
  return facts.target !== null && facts.wantedId !== null && !isMatched(facts);
}

/** Who a user is, as far as it helps to decide whether anybody would miss it: `cyd@contoso.example (id; Cyd, created …)`. */
export function describeUser(user: CloudUser): string {
  return `${withoutIdPrefix(user)} (${user.id}; ${describeSubject(user)})`;
}

/**
 * Groups of rows that share a key, ascending by row, only those with more than one. Keys are not kept: nearly every row
 * has one of its own.
 */
export function* sharedBy(
  rows: readonly RowFacts[],
  keyOfRow: (facts: RowFacts) => string | null,
): Generator<RowFacts[]> {
  const places = new TextIndex(rows.length);
  for (const [place, facts] of rows.entries()) {
    const key = keyOfRow(facts);
    if (key !== null) places.add(key, place);
  }
  const isGrouped = new Uint8Array(rows.length);
  for (const [place, facts] of rows.entries()) {
    if (isGrouped[place] === 1) continue;
    const key = keyOfRow(facts);
    if (key === null) continue;
    const found = places.find(key);
    if (found.length < 2) continue;
    const group = found.filter((other) => keyOfRow(rows[other] ?? facts) === key);
    for (const other of group) isGrouped[other] = 1;
    if (group.length > 1) yield group.flatMap((other) => rows[other] ?? []);
  }
}

/** `rows 4 and 17`, `rows 4, 9 and 17`. */
export function listRows(rows: readonly { readonly row: number }[]): string {
  const numbers = rows.map(({ row }) => String(row));
  const last = numbers.pop() ?? "";
  return numbers.length === 0 ? `row ${last}` : `rows ${numbers.join(", ")} and ${last}`;
}
