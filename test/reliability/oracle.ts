/**
 * The judge: what the tenant's own ledger says, held against what the program's journals say.
 *
 * It knows nothing of how the writer works. Whatever the faults were, these must be empty lists: rows lost, writes to
 * the wrong user, values that overtook each other, changes that no journal names.
 */
import type { Change } from "../../src/core/change.ts";
import { foldJournal } from "../../src/core/change-progress.ts";
import type { Journal } from "../../src/core/journal.ts";
import { listOutcomes } from "../../src/core/outcome.ts";
import type { Plan } from "../../src/core/plan.ts";

/** One write as it reached the tenant. */
export type SeenWrite = {
  /** As addressed: an object id, or whatever else was in its place. */
  readonly key: string;
  readonly value: string | null;
  readonly clientRequestId: string;
  readonly atMs: number;
  readonly applied: boolean;
  /** When it landed, where that was later than it came; `null` otherwise. */
  readonly landedAtMs: number | null;
  /** Answered with "not looked at" (429, 401): such a request may come again as it is. */
  readonly turnedAway: boolean;
};

/** One run over the tenant: an apply, or the rollback of one. */
export type JudgedRun = { readonly plan: Plan; readonly journal: Journal };

/** @param heldBy What the tenant holds now. @returns One sentence for each thing that must not be. */
export function judgeRuns(
  writes: readonly SeenWrite[],
  runs: readonly JudgedRun[],
  heldBy: (objectId: string) => string | null | undefined,
): string[] {
  const last = runs.at(-1);
  return [
    ...findWrongUsers(writes, runs),
    ...findUntraced(writes, runs),
    ...findOvertaken(writes),
    ...findBlindResends(writes, runs),
    ...(last === undefined ? [] : findLostRows(writes, last, heldBy)),
  ];
}

/** Every write is one that a plan holds: that user, by its id, and that value or its old one. */
function findWrongUsers(writes: readonly SeenWrite[], runs: readonly JudgedRun[]): string[] {
  const allowed = Map.groupBy(
    runs.flatMap(({ plan }) => plan.changes),
    ({ objectId }) => objectId as string,
  );
  return writes.flatMap(({ key, value }) => {
    const changes = allowed.get(key) ?? [];
    const fits = changes.some(({ before, after }) => value === before || value === after);
    return fits ? [] : [`wrong user: ${key} was sent ${value}, which no plan holds`];
  });
}

/** Every write was promised in a journal, for that user and with that value, before it was sent. */
function findUntraced(writes: readonly SeenWrite[], runs: readonly JudgedRun[]): string[] {
  const promised = new Map(
    runs.flatMap(({ journal }) =>
      journal.flatMap((event) => (event.kind === "intent" ? [[event.clientRequestId, event] as const] : [])),
    ),
  );
  return writes.flatMap(({ key, value, clientRequestId }) => {
    const intent = promised.get(clientRequestId);
    const traced = intent?.objectId === key && intent.after === value;
    return traced ? [] : [`untraced: ${key} was sent ${value} as ${clientRequestId}, which no journal promises so`];
  });
}

/** A write that landed after a different value for the same user had been sent: the user flips back. */
function findOvertaken(writes: readonly SeenWrite[]): string[] {
  return [...Map.groupBy(writes, ({ key }) => key).values()].flatMap((ofUser) =>
    ofUser.flatMap((late, index) => {
      if (late.landedAtMs === null || !late.applied) return [];
      const { landedAtMs } = late;
      const next = ofUser.slice(index + 1).find(({ value, atMs }) => value !== late.value && atMs < landedAtMs);
      return next === undefined
        ? []
        : [`different value twice: ${late.key} was sent ${next.value} while ${late.value} was still to land`];
    }),
  );
}

/** A write whose answer was lost is followed by a read that settles it, never by the same write at once. */
function findBlindResends(writes: readonly SeenWrite[], runs: readonly JudgedRun[]): string[] {
  const again = [...Map.groupBy(writes, ({ clientRequestId }) => clientRequestId).values()].flatMap((same) =>
    same
      .slice(0, -1)
      .flatMap(({ key, turnedAway }) =>
        turnedAway ? [] : [`blind resend: the same request for ${key} was sent again although it may have arrived`],
      ),
  );
  const unsettled = runs.flatMap(({ journal }) => {
    const open = new Set<string>();
    return journal.flatMap((event) => {
      const key = `${event.row}.${event.step}`;
      if (event.kind === "intent") {
        const blind = open.has(key);
        open.add(key);
        return blind ? [`blind resend: ${key} was promised again before its first write was settled`] : [];
      }
      if (event.kind !== "undecided" && event.attempt !== null) open.delete(key);
      return [];
    });
  });
  return [...again, ...unsettled];
}

/** What a row is said to be is what the tenant holds; what was written is not said to be untouched. */
function findLostRows(
  writes: readonly SeenWrite[],
  { plan, journal }: JudgedRun,
  heldBy: (objectId: string) => string | null | undefined,
): string[] {
  const outcomes = [...listOutcomes(plan, foldJournal(journal))];
  const lastStepOf = new Map<string, Change>();
  for (const { change } of outcomes) if (change !== null) lastStepOf.set(change.objectId, change);
  const rows = new Set(outcomes.map(({ row }) => row));
  const missing = plan.rows.filter(({ row }) => !rows.has(row)).map(({ row }) => `lost: row ${row} has no outcome`);
  const requests = new Set(journal.flatMap((event) => (event.kind === "intent" ? [event.clientRequestId] : [])));
  const ownWrites = Map.groupBy(
    writes.filter(({ clientRequestId }) => requests.has(clientRequestId)),
    ({ key }) => key,
  );
  const wrong = outcomes.flatMap(({ row, change, status }) => {
    if (change === null || lastStepOf.get(change.objectId) !== change) return [];
    const holds = heldBy(change.objectId);
    if (status === "verified" && holds !== change.after) {
      return [`lost: row ${row} is said to be verified, and its user holds ${holds}`];
    }
    const landed = (ownWrites.get(change.objectId) ?? []).some(
      ({ applied, value }) => applied && value === change.after,
    );
    const denied = (status === "pending" || status === "failed") && landed && holds === change.after;
    return denied && change.before !== change.after
      ? [`lost: row ${row} is said to be ${status}, and its user holds what it wrote`]
      : [];
  });
  return [...missing, ...wrong];
}
