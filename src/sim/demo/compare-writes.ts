/**
 * Compares the tenant's own ledger of writes with what was announced.
 *
 * A program that counts its own writes can count wrongly in the same way in which it writes wrongly; the ledger stands
 * on the other side of the wire.
 */
import type { LedgerEntry } from "../tenant/ledger.ts";

/** One user's way from one value to another. */
export type AnnouncedChange = {
  readonly userId: string;
  readonly from: string | null;
  readonly to: string | null;
  /** It waits for an act, or is one: all other changes come first. */
  readonly late?: boolean;
};

/** Something done to a user other than a new ID. */
export type AnnouncedAct = {
  readonly kind: "delete" | "purge" | "restore" | "clear-object-identifier";
  readonly userId: string;
};

export type WriteComparison = {
  /** What differs from the announcement, in words; empty when nothing does. */
  readonly differences: readonly string[];
  readonly writes: number;
  readonly users: number;
  /** Users that were cleared first because their values go round. */
  readonly pivots: number;
  /** Users that were set, set back and set again, to prove that the way back works. */
  readonly proofs: number;
  /** Deletions, purges, restores and identifiers that were cleared. */
  readonly acts: number;
};

/**
 * @param entries The ledger's entries of one run.
 * @param announced Every user that the run was to write, each once.
 * @param acts What else was to be done, in any order but that of the acts on one user.
 */
export function compareWrites(
  entries: readonly LedgerEntry[],
  announced: readonly AnnouncedChange[],
  acts: readonly AnnouncedAct[] = [],
): WriteComparison {
  const differences = compareActs(entries.filter(isAct), acts);
  const firstAct = entries.findIndex(isAct);
  const changeOf = new Map(announced.map((change) => [change.userId, change]));
  const valuesOf = new Map<string, unknown[]>();
  for (const [place, entry] of entries.entries()) {
    if (isAct(entry)) continue;
    if (firstAct >= 0 && place > firstAct && changeOf.get(entry.userId ?? "")?.late !== true) {
      differences.push(`${entry.target} came after ${entries[firstAct]?.kind} of ${entries[firstAct]?.userId}`);
    }
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
  const writes = entries.filter((entry) => !isAct(entry)).length;
  return { differences, writes, users: valuesOf.size, pivots, proofs, acts: entries.length - writes };
}

const isIdentifier = ({ kind, body }: LedgerEntry): boolean =>
  kind === "update" && Object.keys(body ?? {}).join() === "onPremisesObjectIdentifier";

const isAct = (entry: LedgerEntry): boolean =>
  entry.kind === "delete" || entry.kind === "purge" || entry.kind === "restore" || isIdentifier(entry);

/** Each act once, done, by object id, and those on one user in their order. */
function compareActs(entries: readonly LedgerEntry[], acts: readonly AnnouncedAct[]): string[] {
  const kindOf = (entry: LedgerEntry) => (isIdentifier(entry) ? "clear-object-identifier" : entry.kind);
  const refused = entries.filter(
    ({ applied, kind, status, key, userId }) =>
      !applied || status !== (kind === "restore" ? 200 : 204) || key !== userId,
  );
  const filled = entries.filter((entry) => isIdentifier(entry) && entry.body?.onPremisesObjectIdentifier !== null);
  const found = Map.groupBy(entries, ({ userId }) => userId ?? "nobody");
  const wanted = Map.groupBy(acts, ({ userId }) => userId);
  const users = new Set([...found.keys(), ...wanted.keys()]);
  const list = (kinds: readonly string[] | undefined) => kinds?.join(", ") ?? "nothing";
  return [
    ...refused.map(({ method, target, status }) => `${method} ${target} was answered ${status}`),
    ...filled.map(({ target }) => `${target} writes an identifier`),
    ...Array.from(users).flatMap((userId) => {
      const done = list(found.get(userId)?.map(kindOf));
      const meant = list(wanted.get(userId)?.map(({ kind }) => kind));
      return done === meant ? [] : [`user ${userId}: announced ${meant}, done ${done}`];
    }),
  ];
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
