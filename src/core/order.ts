/**
 * The order of writes inside a batch.
 *
 * Each ID has one holder and each row wants one ID, so "waits for" has at most one edge into a row and one
 * out of it: the batch falls apart into rows that wait for nobody, chains and cycles, and nothing else. A
 * chain starts where the wanted value is free and is walked back; a cycle is cut open by clearing one
 * user, the pivot, which gets its new value last: n + 1 writes for n rows.
 */
import type { Change, ChangeKey, ChangeKind, Wave } from "./change.ts";
import type { Guid } from "./guid.ts";

/** What one row wants: its object's value moved from `before` to `after`. */
export type WantedChange = {
  readonly row: number;
  readonly objectId: Guid;
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  /** How sure it is that row and user belong together: the surest row of a cycle becomes its pivot. */
  readonly certainty: number;
};

/**
 * Puts the writes of a batch in order.
 *
 * @param wanted At most one per object and per `after`; `before` and `after` differ.
 * @returns Changes in the order in which they may be sent: simple rows, then chains, then cycles. Rows of
 *   one kind keep their input order.
 * @throws {RangeError} Two rows want the same value: the checks let no such batch through.
 */
export function orderChanges(wanted: readonly WantedChange[]): Change[] {
  const holderOf = indexUnique(wanted, ({ before }) => before);
  const seekerOf = indexUnique(wanted, ({ after }) => after);
  const releaserOf = (row: WantedChange) => (row.after === null ? undefined : holderOf.get(row.after));
  const followerOf = (row: WantedChange) => (row.before === null ? undefined : seekerOf.get(row.before));

  const simple: Change[] = [];
  const chains: Change[] = [];
  const placed = new Set<WantedChange>();
  let group = 0;
  for (const row of wanted) {
    if (releaserOf(row) !== undefined) continue;
    if (followerOf(row) === undefined) {
      placed.add(row);
      simple.push(changeFor(row, { wave: "simple", group: 0, waitsFor: null }));
      continue;
    }
    group += 1;
    let waitsFor: ChangeKey | null = null;
    for (let next: WantedChange | undefined = row; next !== undefined; next = followerOf(next)) {
      placed.add(next);
      chains.push(changeFor(next, { wave: "chain", group, waitsFor }));
      waitsFor = { row: next.row, step: 1 };
    }
  }

  const cycles: Change[] = [];
  for (const row of wanted) {
    if (placed.has(row)) continue;
    const members = [row];
    for (let next = followerOf(row); next !== undefined && next !== row; next = followerOf(next)) members.push(next);
    for (const member of members) placed.add(member);
    group += 1;
    cycles.push(...openCycle(members, group));
  }
  return [...simple, ...chains, ...cycles];
}

/** @param members Each takes the value that the one before it gives up; the first takes that of the last. */
function openCycle(members: readonly WantedChange[], group: number): Change[] {
  const pivotAt = members.reduce(
    (best, { certainty }, index) => (certainty > (members[best]?.certainty ?? 0) ? index : best),
    0,
  );
  const [pivot, ...others] = [...members.slice(pivotAt), ...members.slice(0, pivotAt)];
  if (pivot === undefined) return [];
  const clearing = changeFor({ ...pivot, after: null }, { wave: "cycle", group, waitsFor: null });
  const changes = [clearing];
  for (const other of others) changes.push(changeFor(other, { wave: "cycle", group, waitsFor: lastKey(changes) }));
  const setting = changeFor({ ...pivot, before: null }, { wave: "cycle", group, waitsFor: lastKey(changes) });
  return [...changes, { ...setting, step: 2 }];
}

function lastKey(changes: readonly Change[]): ChangeKey | null {
  const last = changes.at(-1);
  return last === undefined ? null : { row: last.row, step: last.step };
}

function changeFor(
  { row, objectId, name, before, after }: WantedChange,
  turn: { readonly wave: Wave; readonly group: number; readonly waitsFor: ChangeKey | null },
): Change {
  return { row, step: 1, side: "cloud", kind: kindOfChange(before, after), objectId, name, before, after, ...turn };
}

/** What a move from one value to another is called. */
export function kindOfChange(before: string | null, after: string | null): ChangeKind {
  if (after === null) return "clear";
  return before === null || before === "" ? "set" : "replace";
}

function indexUnique(
  wanted: readonly WantedChange[],
  read: (row: WantedChange) => string | null,
): ReadonlyMap<string, WantedChange> {
  const index = new Map<string, WantedChange>();
  for (const row of wanted) {
    const value = read(row);
    if (value === null || value === "") continue;
    const other = index.get(value);
    if (other !== undefined) throw new RangeError(`rows ${other.row} and ${row.row} share the value ${value}`);
    index.set(value, row);
  }
  return index;
}
