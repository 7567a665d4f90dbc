/**
 * What the tenant has seen, held against what the program has recorded: the judge of every crash.
 *
 * The ledger stands on the other side of the wire and is never wrong about what arrived. Four things must not happen:
 * a row whose record says something else than its user holds, a write to a user or with a value that nobody planned, a
 * user that goes through values in an order that no run takes, and a write that no durable intent announces.
 */
import type { Journal } from "../../src/core/journal.ts";
import type { Outcome, OutcomeStatus } from "../../src/core/outcome.ts";
import type { LedgerEntry } from "../../src/sim/tenant/ledger.ts";

/** A write as the side has seen it. A modification of AD carries no id of a request: then it is `null`. */
export type SeenWrite = Pick<LedgerEntry, "sequence" | "key" | "userId" | "value" | "applied"> & {
  readonly clientRequestId: string | null;
};

/** How far a run has come, for {@link findWrongOrders}. */
export type Way = "there" | "there and back";

export type Recorded = { readonly outcomes: readonly Outcome[]; readonly journal: Journal };

/** The user holds the value of the step. The other statuses have no place in a run that nobody disturbs. */
const MOVED: ReadonlySet<OutcomeStatus> = new Set(["accepted", "verified", "parked", "already"]);

/** Rows whose record does not say what their user holds: lost, were the tenant not asked. */
export function findLostRows(
  outcomes: readonly Outcome[],
  heldBy: (userId: string) => string | null | undefined,
): string[] {
  const steps = Map.groupBy(
    outcomes.filter(({ change }) => change !== null),
    ({ change }) => change?.objectId ?? "",
  );
  return Array.from(steps).flatMap(([userId, each]) => {
    const held = heldBy(userId);
    let possible: readonly unknown[] = [each[0]?.change?.before];
    for (const { change, status } of each) {
      if (status === "undecided") possible = possible.concat(change?.before, change?.after);
      else if (status !== "pending") possible = MOVED.has(status) ? [change?.after] : [`none, being ${status}`];
    }
    if (possible.includes(held)) return [];
    const said = each.map(({ row, step, status }) => `${row}.${step} ${status}`).join(", ");
    return [`${said}, but user ${userId} holds ${held}`];
  });
}

/** Writes that no intent on disk announces, or that differ from it. */
export function findUntracedWrites(entries: readonly SeenWrite[], journal: Journal): string[] {
  const announced = journal.filter((event) => event.kind === "intent");
  const intents = new Map(announced.map((event) => [event.clientRequestId, event]));
  return entries.flatMap(({ sequence, clientRequestId, userId, value }) => {
    const intent =
      clientRequestId === null
        ? announced.find(({ objectId, after }) => objectId === userId && after === value)
        : intents.get(clientRequestId);
    if (intent !== undefined && intent.objectId === userId && intent.after === value) return [];
    return [`write ${sequence} of ${value} to ${userId} has no intent`];
  });
}

/** What a user held at the start, and what the run gives it. */
export type Aim = { readonly start: string | null; readonly end: string | null };

/** Writes to users, or with values, that the run has nothing to do with. */
export function findWrongUsers(entries: readonly SeenWrite[], aims: ReadonlyMap<string, Aim>): string[] {
  return entries.flatMap(({ sequence, key, userId, value }) => {
    const aim = aims.get(userId ?? "");
    if (aim !== undefined && key === userId && [aim.start, aim.end, null].includes(value as string | null)) return [];
    return [`write ${sequence} gave ${value} to ${key}`];
  });
}

/**
 * Users whose values came in an order that no run takes. The same value again is none: it is sent again where an answer
 * was lost. Letters: E the end, A the start, N nothing, where that is neither.
 */
export function findWrongOrders(entries: readonly SeenWrite[], aims: ReadonlyMap<string, Aim>, way: Way): string[] {
  // There: once, through null (a swap), or proved (the canary); the proof may have to be made anew.
  const legal = { there: /^(N?E(AE)*)?$/, "there and back": /^(N?E(AE)*N?A(EA)*)?$/ }[way];
  return Array.from(aims).flatMap(([userId, { start, end }]) => {
    const applied = entries.filter((entry) => entry.userId === userId && entry.applied);
    const letters = applied.map(({ value }) => (value === end ? "E" : value === start ? "A" : "N"));
    const order = letters.filter((letter, place) => letter !== letters[place - 1]).join("");
    return legal.test(order) ? [] : [`user ${userId} went through ${order}`];
  });
}

/** Writes that were sent again with the same value: allowed where an answer was lost, and counted. */
export function countResends(entries: readonly SeenWrite[]): number {
  const last = new Map<string | null, unknown>();
  let resends = 0;
  for (const { userId, value } of entries) {
    if (last.has(userId) && last.get(userId) === value) resends += 1;
    last.set(userId, value);
  }
  return resends;
}
