/**
 * Mutants that no test notices, each with the reason why none needs to.
 *
 * A mutant is named by its code, before and after: whoever changes such a line finds its entry without an owner
 * (`mutants.test.ts`) and takes it out.
 */
import type { Survivor } from "./run-stryker.ts";

export type Explained = { readonly reason: string; readonly mutants: readonly Survivor[] };

export const SURVIVING: readonly Explained[] = [
  {
    reason:
      "Rows that are left when all chains are placed lie in cycles, so none is without a follower: the compiler asks.",
    mutants: [
      {
        file: "src/core/order.ts",
        code: "for (let next = followerOf(row); next !== undefined && next !== row; next = followerOf(next)) members.push(next);",
        becomes: "for (let next = followerOf(row); true && next !== row; next = followerOf(next)) members.push(next);",
      },
    ],
  },
];
