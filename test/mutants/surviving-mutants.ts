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
  {
    reason: "The compiler asks; without the check the lines that follow come to the same end.",
    mutants: [
      {
        file: "src/core/journal.ts",
        code: 'if (event.kind === "intent") continue;',
        becomes: "if (false) continue;",
      },
      {
        file: "src/core/rollback-losses.ts",
        code: 'if (kind === null || line.attempts === 0 || line.status === "failed") return false;',
        becomes: 'if (false || line.attempts === 0 || line.status === "failed") return false;',
      },
    ],
  },
  {
    reason: "A function that ends without a return gives `undefined` as well.",
    mutants: [
      {
        file: "src/adapters/graph/graph-reply.ts",
        code: "} catch { // Empty, or labelled as JSON and is not: the caller sees a reply without a body that it can read. return undefined; }",
        becomes: "} catch {}",
      },
    ],
  },
];
