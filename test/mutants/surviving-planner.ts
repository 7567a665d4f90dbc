/** Mutants of what makes a plan that no test notices, each with the reason. */
import type { Explained } from "./explained.ts";

export const PLANNER: readonly Explained[] = [
  {
    reason: "Only quicker: a row of no steps moves nothing.",
    mutants: [
      {
        file: "src/core/plan-batch.ts",
        code: "if (steps.length > 0) stepsOfRow.set(row, steps);",
        becomes: "if (steps.length >= 0) stepsOfRow.set(row, steps);",
      },
    ],
  },
  {
    reason: "The same facts in more memory: where nobody is in the recycle bin, none of them is kept by itself.",
    mutants: [
      {
        file: "src/core/row-facts.ts",
        code: "return deletedTargets.length === 0 ? facts : { ...facts, deletedTargets, restoring };",
        becomes: "return false ? facts : { ...facts, deletedTargets, restoring };",
      },
    ],
  },
  {
    reason: "The compiler asks: only rows with a target are found by one.",
    mutants: [
      {
        file: "src/core/assemble-batch.ts",
        code: ".filter(({ target }) => target?.id === userId),",
        becomes: ".filter(({ target }) => target.id === userId),",
      },
    ],
  },
  {
    reason: "No row has the number 0, and a text has no changes either.",
    mutants: [
      {
        file: "src/core/assemble-batch.ts",
        code: "const previews: { readonly changes: readonly TakeoverChange[] }[] = [];",
        becomes: 'const previews: { readonly changes: readonly TakeoverChange[] }[] = ["Stryker was here"];',
      },
    ],
  },
];
