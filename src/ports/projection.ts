/**
 * A file for people, made from the run store alone, so that it can be made again at any time, byte for
 * byte.
 */
import type { Outcome } from "../core/outcome.ts";
import type { Plan } from "../core/plan.ts";
import type { RunAbout } from "./run-store.ts";

export type RunView = {
  readonly plan: Plan;
  readonly about: RunAbout;
  /** Every step with its status; `null` before the first apply. */
  readonly outcomes: readonly Outcome[] | null;
  /** Rows of the canary wave, as decided at the first apply; `null` before it. */
  readonly canary: number | null;
};

export interface Projection {
  readonly fileName: string;
  /** `plan`: exists from the plan on; `apply`: from the first apply on. */
  readonly from: "plan" | "apply";
  render(view: RunView): Iterable<string>;
}
