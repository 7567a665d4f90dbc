/**
 * What the record of a run knows of its breaker: each time that it opened, and who said that the run goes on all the
 * same. An opening that nobody has acknowledged keeps the run from being applied again, or a scheduled task that
 * tries until it succeeds would write a handful of wrong rows each time.
 */
import type { BreakerReason, BreakerVerdict } from "./breaker.ts";
import { BatchError } from "./errors.ts";

export type BreakerOpening = BreakerVerdict & {
  /** ISO time. */
  readonly openedAt: string;
  /** Who said that the run may go on, and when; `null` while nobody has. */
  readonly acknowledged: { readonly operator: string; readonly at: string } | null;
};

/** The opening that keeps the run from going on; `null` where none does. */
export function findOpenBreaker(openings: readonly BreakerOpening[]): BreakerOpening | null {
  return openings.find(({ acknowledged }) => acknowledged === null) ?? null;
}

/** Adds an opening. While one stands unacknowledged, what happens after it is no other. */
export function addOpening(
  openings: readonly BreakerOpening[],
  verdict: BreakerVerdict,
  openedAt: string,
): readonly BreakerOpening[] {
  if (findOpenBreaker(openings) !== null) return openings;
  const { reason, detail } = verdict;
  return [...openings, { reason, detail, openedAt, acknowledged: null }];
}

/**
 * Takes the operator's word that the run may go on.
 *
 * @param given The reason that the operator names; `undefined` where nothing was said. Naming the last one again,
 *   when the command is repeated, changes nothing.
 * @param commands The command lines that show the run, and that go on with the right reason.
 * @throws {BatchError} refused: the breaker is open and nothing was said, or another reason was named.
 */
export function acknowledgeOpening(
  openings: readonly BreakerOpening[],
  given: BreakerReason | undefined,
  word: NonNullable<BreakerOpening["acknowledged"]>,
  commands: { readonly look: string; readonly goOn: (reason: BreakerReason) => string },
): readonly BreakerOpening[] {
  const open = findOpenBreaker(openings);
  if (open === null) {
    if (given === undefined || openings.at(-1)?.reason === given) return openings;
    const last = openings.at(-1);
    throw new BatchError(
      "refused",
      `There is nothing to acknowledge as ${given}: ${last === undefined ? "the breaker of this run has never opened" : `the breaker last opened for ${last.reason}, and that was acknowledged`}. Nothing was written.`,
      "Leave out --acknowledge.",
    );
  }
  if (given === open.reason) {
    return openings.map((opening) => (opening === open ? { ...open, acknowledged: word } : opening));
  }
  const said = given === undefined ? "" : `, which is not ${given}`;
  throw new BatchError(
    "refused",
    `The breaker stopped this run at ${open.openedAt} for ${open.reason}${said}: ${open.detail}. Nothing was written now.`,
    `Look at the rows in question: ${commands.look}\nIf the run may go on all the same, run: ${commands.goOn(open.reason)}`,
  );
}

/** @throws {BatchError} refused: an opening stands that nobody has acknowledged. */
export function requireClosedBreaker(openings: readonly BreakerOpening[]): void {
  const open = findOpenBreaker(openings);
  if (open === null) return;
  throw new BatchError(
    "refused",
    `The breaker stopped this run at ${open.openedAt} for ${open.reason}: ${open.detail}. Nothing was written now.`,
    `If the run may go on all the same, say --acknowledge ${open.reason}.`,
  );
}
