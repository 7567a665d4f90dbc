/** Survivors of the group `sync`, each with its reason; see `surviving-mutants.ts`. */
import type { Explained } from "./explained.ts";

export const SYNC: readonly Explained[] = [
  {
    reason:
      "A row that knows no object to write is blocked, and has left by the condition before it: the compiler asks.",
    mutants: [
      {
        file: "src/core/verify-rows.ts",
        code: "if (!asked.has(planned.row) || !isJudged(planned) || objectId === null) return [];",
        becomes: "if (!asked.has(planned.row) || !isJudged(planned) || false) return [];",
      },
    ],
  },
];
