/**
 * The order of writes inside a batch.
 *
 * Each ID has one holder and each row wants one ID, so "waits for" has at most one edge into a row and one
 * out of it: the batch falls apart into rows that wait for nobody, chains and cycles, and nothing else. A
 * chain starts where the wanted value is free and is walked back; a cycle is cut open by clearing one
 * user, the pivot, which gets its new value last: n + 1 writes for n rows.
 */
import { type Change, type ChangeKey, type Side, sideOf, type Wave } from "./change.ts";
import type { Guid } from "./guid.ts";
import type { HolderStep } from "./holder-actions.ts";
import { createPacker } from "./packing.ts";
import { TextIndex } from "./text-index.ts";

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
 * @param wanted At most one per object and per `after`; `before` and `after` differ. All of one side.
 * @returns Changes in the order in which they may be sent: simple rows, then chains, then cycles. Rows of
 *   one kind keep their input order.
 * @throws {RangeError} Two rows want the same value: the checks let no such batch through.
 */
export function orderChanges(wanted: readonly WantedChange[], side: Side = "cloud"): Change[] {
  const holderOf = indexUnique(wanted, ({ before }) => before);
  const seekerOf = indexUnique(wanted, ({ after }) => after);
  const releaserOf = ({ after }: WantedChange) => holderOf.get(after);
  const followerOf = ({ before }: WantedChange) => seekerOf.get(before);

  const place = createPlacer(wanted, side);
  const simple: Change[] = [];
  const chains: Change[] = [];
  const placed = new Set<WantedChange>();
  let group = 0;
  for (const row of wanted) {
    if (releaserOf(row) !== undefined) continue;
    if (followerOf(row) === undefined) {
      simple.push(place(row, { wave: "simple", group: 0, after: null }));
      continue;
    }
    group += 1;
    let last: Change | null = null;
    for (let next: WantedChange | undefined = row; next !== undefined; next = followerOf(next)) {
      placed.add(next);
      last = place(next, { wave: "chain", group, after: last });
      chains.push(last);
    }
  }

  const cycles: Change[] = [];
  for (const row of wanted) {
    // Whoever waits for nobody was placed as the first of a chain or alone.
    if (placed.has(row) || releaserOf(row) === undefined) continue;
    const members = [row];
    for (let next = followerOf(row); next !== undefined && next !== row; next = followerOf(next)) members.push(next);
    for (const member of members) placed.add(member);
    group += 1;
    let last: Change | null = null;
    for (const member of openCycle(members)) {
      last = place(member, { wave: "cycle", group, after: last });
      cycles.push(last);
    }
  }
  return [...simple, ...chains, ...cycles];
}

/**
 * Opens a cycle: its surest member is cleared first and gets its value last.
 *
 * @param members Each takes the value that the one before it gives up; the first takes that of the last.
 */
function openCycle(members: readonly WantedChange[]): WantedChange[] {
  const pivot = members.reduce((surest, member) => (member.certainty > surest.certainty ? member : surest));
  const pivotAt = members.indexOf(pivot);
  const others = [...members.slice(pivotAt + 1), ...members.slice(0, pivotAt)];
  return [{ ...pivot, after: null }, ...others, { ...pivot, before: null }];
}

type Turn = { readonly wave: Wave; readonly group: number; readonly after: Change | null };

/** Makes changes of wanted ones, counting the steps of each row. */
function createPlacer(wanted: readonly WantedChange[], side: Side): (wanted: WantedChange, turn: Turn) => Change {
  const pack = createPacker<Change>(wanted.length);
  const steps = new Map<number, number>();
  return ({ row, objectId, name, before, after }, { wave, group, after: previous }) => {
    const step = (steps.get(row) ?? 0) + 1;
    steps.set(row, step);
    const kind = kindOfChange(before, after, side);
    const waitsFor = previous === null ? null : { row: previous.row, step: previous.step };
    return pack({ row, step, side, kind, holder: null, objectId, name, before, after, wave, group, waitsFor });
  };
}

/**
 * Puts the steps of holder actions before the last write of their row. Such a row, with the chain or cycle that it
 * belongs to, moves to the end: irreversible steps come when everything else is verified.
 *
 * @param stepsOfRow Steps by row; rows without any may be missing or empty.
 */
export function insertHolderSteps(
  changes: readonly Change[],
  stepsOfRow: ReadonlyMap<number, readonly HolderStep[]>,
): Change[] {
  if (stepsOfRow.size === 0) return [...changes];
  const acts = ({ row }: Change) => (stepsOfRow.get(row)?.length ?? 0) > 0;
  const unitOf = (change: Change) => (change.wave === "simple" ? `row ${change.row}` : `group ${change.group}`);
  const moving = new Set(changes.filter(acts).map(unitOf));
  const staying = changes.filter((change) => !moving.has(unitOf(change)));
  const lastGroup = changes.reduce((most, { group }) => Math.max(most, group), 0);
  const units = [
    ...Map.groupBy(
      changes.filter((change) => moving.has(unitOf(change))),
      unitOf,
    ).values(),
  ];
  return [...staying, ...units.flatMap((unit, index) => buildHolderUnit(unit, stepsOfRow, lastGroup + 1 + index))];
}

function buildHolderUnit(
  unit: readonly Change[],
  stepsOfRow: ReadonlyMap<number, readonly HolderStep[]>,
  group: number,
): Change[] {
  const sequence = unit.flatMap((change) => {
    const isLastOfRow = unit.every(({ row, step }) => row !== change.row || step <= change.step);
    const steps = isLastOfRow ? (stepsOfRow.get(change.row) ?? []) : [];
    return [...steps.map((step) => ({ ...change, ...step, side: sideOf(step.kind) })), change];
  });
  const counts = new Map<number, number>();
  let previous: ChangeKey | null = null;
  return sequence.map((change) => {
    const step = (counts.get(change.row) ?? 0) + 1;
    counts.set(change.row, step);
    const waitsFor = previous;
    previous = { row: change.row, step };
    return { ...change, step, wave: "holder" as const, group, waitsFor };
  });
}

/** What a move of the value that ties the two sides together is called. */
export function kindOfChange(before: string | null, after: string | null, side: Side = "cloud"): AnchorChangeKind {
  const kind = after === null ? "clear" : before === null || before === "" ? "set" : "replace";
  return side === "cloud" ? kind : `${kind}-consistency-guid`;
}

/** Kinds of a row's own write. */
export type AnchorChangeKind = Move | `${Move}-consistency-guid`;
type Move = "set" | "replace" | "clear";

type Owners = { get(value: string | null): WantedChange | undefined };

/** By the value that each has; nobody is found under `null` or "", which any number may have. */
function indexUnique(wanted: readonly WantedChange[], read: (row: WantedChange) => string | null): Owners {
  const index = new TextIndex(wanted.length);
  const get = (value: string | null) =>
    value === null
      ? undefined
      : index
          .find(value)
          .flatMap((place) => wanted[place] ?? [])
          .find((row) => read(row) === value);
  for (const [place, row] of wanted.entries()) {
    const value = read(row);
    if (value === null || value === "") continue;
    const other = get(value);
    if (other !== undefined) throw new RangeError(`rows ${other.row} and ${row.row} share the value ${value}`);
    index.add(value, place);
  }
  return { get };
}
