/**
 * What a plan must say of one line of the demonstration's mapping.
 *
 * It is written down beside each person by hand, from the meaning of the codes, and never computed from the
 * program: a demonstration that asked the program what to expect would applaud any answer.
 */

export type Expectation = {
  readonly action: "set" | "replace" | "none" | "blocked";
  /** Codes in the order in which plan.csv lists them. */
  readonly findings: readonly string[];
};

export const set = (...findings: string[]): Expectation => ({ action: "set", findings });
export const replace = (...findings: string[]): Expectation => ({ action: "replace", findings });
export const none = (...findings: string[]): Expectation => ({ action: "none", findings });
export const blocked = (...findings: string[]): Expectation => ({ action: "blocked", findings });
