/**
 * Compares the tenant's own ledger of writes with what was announced.
 *
 * A program that counts its own writes can count wrongly in the same way in which it writes wrongly; the ledger stands
 * on the other side of the wire.
 */
import type { LedgerEntry } from "../tenant/ledger.ts";

/** One user's way from one value to another. */
export type AnnouncedChange = { readonly userId: string; readonly from: string | null; readonly to: string | null };

export type WriteComparison = {
  /** What differs from the announcement, in words; empty when nothing does. */
  readonly differences: readonly string[];
  readonly writes: number;
  readonly users: number;
  /** Users that were cleared first because their values go round. */
  readonly pivots: number;
  /** Users that were set, set back and set again, to prove that the way back works. */
  readonly proofs: number;
};

/**
 * @param entries The ledger's entries of one run.
 * @param announced Every user that the run was to write, each once.
 */
export function compareWrites(entries: readonly LedgerEntry[], announced: readonly AnnouncedChange[]): WriteComparison {
  const differences: string[] = [];
  const changeOf = new Map(announced.map((change) => [change.userId, change]));
  const valuesOf = new Map<string, unknown[]>();
  for (const entry of entries) {
    if (!entry.applied || entry.kind !== "update" || entry.status !== 204) {
      differences.push(`${entry.method} ${entry.target} was answered ${entry.status}`);
    }
    if (entry.key !== entry.userId) differences.push(`${entry.target} is not addressed by object id`);
    if (Object.keys(entry.body ?? {}).join() !== "onPremisesImmutableId") {
      differences.push(`${entry.target} writes ${Object.keys(entry.body ?? {}).join(", ")}`);
    }
    const userId = entry.userId ?? "nobody";
    valuesOf.set(userId, [...(valuesOf.get(userId) ?? []), entry.value]);
  }
  for (const userId of valuesOf.keys())
    if (!changeOf.has(userId)) differences.push(`user ${userId} was written unannounced`);

  let [pivots, proofs] = [0, 0];
  for (const { userId, from, to } of announced) {
    const values = valuesOf.get(userId) ?? [];
    if (isSame(values, [to])) continue;
    if (isSame(values, [null, to])) pivots += 1;
    else if (isSame(values, [to, from, to])) proofs += 1;
    else differences.push(`user ${userId} was to go from ${from} to ${to} and was written ${JSON.stringify(values)}`);
  }
  const cycles = countCycles(announced);
  if (pivots !== cycles) differences.push(`${cycles} cycles, but ${pivots} users were cleared first`);
  if (proofs > 1) differences.push(`${proofs} users were set back and set again, one is enough`);
  return { differences, writes: entries.length, users: valuesOf.size, pivots, proofs };
}

/** Groups of users whose values go round: each wants what the next one holds. */
export function countCycles(changes: readonly AnnouncedChange[]): number {
  const holderOf = new Map(changes.map((change) => [change.from, change]));
  const seen = new Set<AnnouncedChange>();
  let cycles = 0;
  for (const start of changes) {
    const path = new Set<AnnouncedChange>();
    let at: AnnouncedChange | undefined = start;
    while (at !== undefined && !seen.has(at) && !path.has(at)) {
      path.add(at);
      at = at.to === null ? undefined : holderOf.get(at.to);
    }
    if (at !== undefined && path.has(at)) cycles += 1;
    for (const change of path) seen.add(change);
  }
  return cycles;
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
