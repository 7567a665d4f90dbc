/** What is said of a run's breaker, and how the operator's word is taken that the run may go on. */
import type { BreakerReason } from "../core/breaker.ts";
import { acknowledgeOpening, type BreakerOpening } from "../core/breaker-openings.ts";
import { confirmWords } from "./decide.ts";
import { nextCommand } from "./next-command.ts";
import type { OptionValues } from "./options.ts";
import type { Program, Run } from "./program.ts";

/**
 * These openings of a run with the operator's word in them; nothing is stored yet.
 *
 * @throws {BatchError} refused: the breaker is open and the operator names no reason, or another one.
 */
export function acknowledgeBreaker(
  run: Run,
  openings: readonly BreakerOpening[],
  {
    program: { operator, clock },
    values,
    folder,
  }: {
    readonly program: Pick<Program, "operator" | "clock">;
    readonly values: OptionValues<"config" | "acknowledge">;
    readonly folder: string;
  },
): readonly BreakerOpening[] {
  const goOn = (reason: BreakerReason) => {
    const skip = run.readDecisions()?.skipBlocked === true ? ["--skip-blocked"] : [];
    const words = [...confirmWords(run.readPlan()), ...skip, "--acknowledge", reason];
    return nextCommand(values, "apply", folder, ...words);
  };
  const word = { operator, at: clock.now().toISOString() };
  return acknowledgeOpening(openings, values.acknowledge, word, {
    look: nextCommand(values, "status", folder),
    goOn,
  });
}

/** `open since 2026-11-22T02:00:00.000Z for drift: 3 users were changed by somebody else since the plan`. */
export function describeOpening({ reason, detail, openedAt, acknowledged }: BreakerOpening): string {
  if (acknowledged === null) return `open since ${openedAt} for ${reason}: ${detail}`;
  return `opened at ${openedAt} for ${reason}: ${detail}; acknowledged by ${acknowledged.operator} at ${acknowledged.at}`;
}
