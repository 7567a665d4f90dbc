/**
 * The shape of a check, and the facts it may look at.
 *
 * A check is one entry of a table: what it says, why it matters, how to mend it, where the rule comes from
 * and when that was looked up, and a generator that finds it in a batch. Help, `explain`, the report and the
 * README read the same entry.
 */
import type { AdAccount } from "../ad-account.ts";
import type { FindingCode, Severity } from "../findings.ts";
import type { Guid } from "../guid.ts";
import type { Mapping } from "../mapping.ts";
import type { Resolution } from "../resolution.ts";
import type { CloudUser, DeletedUser, TenantSnapshot } from "../snapshot.ts";
import type { AnchorChoice, AnchorMode } from "../source-anchor.ts";

/** What is known of one mapping row after both sides were read. */
export type RowFacts = {
  readonly mapping: Mapping;
  readonly row: number;
  readonly resolution: Resolution;
  /** The one AD user that the row means; `null` when there is none or more than one. */
  readonly account: AdAccount | null;
  readonly choice: AnchorChoice | null;
  /** The value that the row asks for; `null` when there is no account or no anchor. */
  readonly wantedId: string | null;
  readonly target: CloudUser | null;
  readonly deletedTargets: readonly DeletedUser[];
};

export type CheckOptions = { readonly anchor: AnchorMode; readonly replace: boolean };

/** A whole batch, ready to be checked. */
export type CheckBatch = {
  readonly rows: readonly RowFacts[];
  readonly options: CheckOptions;
  readonly snapshot: TenantSnapshot;
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

/** The target holds exactly the wanted value. */
export function isMatched({ target, wantedId }: RowFacts): boolean {
  return target !== null && wantedId !== null && target.immutableId === wantedId;
}

/** Matched, and sync has taken the user over: no rule about targets or holders has anything to say. */
export function isTakenOver(facts: RowFacts): boolean {
  return isMatched(facts) && facts.target?.syncEnabled === true;
}

/** A row that would write its target, if nothing blocks it. */
export function wouldWrite(facts: RowFacts): boolean {
  return facts.target !== null && facts.wantedId !== null && !isMatched(facts);
}

/** Groups of rows that share a key, ascending by row, only those with more than one. */
export function* sharedBy<Key>(
  rows: readonly RowFacts[],
  keyOfRow: (facts: RowFacts) => Key | null,
): Generator<RowFacts[]> {
  for (const [key, group] of Map.groupBy(rows, keyOfRow)) if (key !== null && group.length > 1) yield group;
}

/** `rows 4 and 17`, `rows 4, 9 and 17`. */
export function listRows(rows: readonly { readonly row: number }[]): string {
  const numbers = rows.map(({ row }) => String(row));
  const last = numbers.pop() ?? "";
  return numbers.length === 0 ? `row ${last}` : `rows ${numbers.join(", ")} and ${last}`;
}
