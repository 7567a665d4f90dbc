/**
 * Mutants that no test notices, each with the reason why none needs to.
 *
 * A mutant is named by its code, before and after: whoever changes such a line finds its entry without an owner
 * (`mutants.test.ts`) and takes it out.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of code
import type { Explained } from "./explained.ts";
import { CHECKS } from "./surviving-checks.ts";
import { FACTS } from "./surviving-facts.ts";
import { IDENTITY } from "./surviving-identity.ts";
import { PACKING } from "./surviving-packing.ts";
import { PLANNER } from "./surviving-planner.ts";
import { PREVIEW } from "./surviving-preview.ts";
import { RECORD } from "./surviving-record.ts";
import { STAGES } from "./surviving-stages.ts";
import { SYNC } from "./surviving-sync.ts";

export const SURVIVING: readonly Explained[] = [
  {
    reason: "Only quicker: without any holder action nothing moves.",
    mutants: [
      {
        file: "src/core/order.ts",
        code: "if (stepsOfRow.size === 0) return [...changes];",
        becomes: "if (false) return [...changes];",
      },
      {
        file: "src/core/plan-batch.ts",
        code: "if (steps.length > 0) stepsOfRow.set(row, steps);",
        becomes: "if (true) stepsOfRow.set(row, steps);",
      },
    ],
  },
  {
    reason: "The same plan in less memory: equal lists of nothing are kept once.",
    mutants: [
      {
        file: "src/core/assemble-batch.ts",
        code: "previews[row] = changes.length === 0 ? unchanged : pack({ changes });",
        becomes: "previews[row] = false ? unchanged : pack({ changes });",
      },
    ],
  },
  ...CHECKS,
  ...FACTS,
  ...IDENTITY,
  ...PACKING,
  ...PLANNER,
  ...PREVIEW,
  ...RECORD,
  ...STAGES,
  ...SYNC,
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
    reason: "The compiler asks: at this place the value is always there, so the check is never taken.",
    mutants: [
      {
        file: "src/core/order.ts",
        code: ".flatMap((place) => wanted[place] ?? [])",
        becomes: '.flatMap((place) => wanted[place] ?? ["Stryker was here"])',
      },
      {
        file: "src/core/assemble-batch.ts",
        code: ".flatMap((place) => rows[place] ?? [])",
        becomes: '.flatMap((place) => rows[place] ?? ["Stryker was here"])',
      },
      { file: "src/core/plan-batch.ts", code: "if (objectId !== null)", becomes: "if (true)" },
      {
        file: "src/core/plan-batch.ts",
        code: "if (target === null || account === null) return 0;",
        becomes: "if (false) return 0;",
      },
      {
        file: "src/core/plan-batch.ts",
        code: "if (target === null || account === null) return 0;",
        becomes: "if (target === null && account === null) return 0;",
      },
      {
        file: "src/core/plan-batch.ts",
        code: "if (target === null || account === null) return 0;",
        becomes: "if (false || account === null) return 0;",
      },
      {
        file: "src/core/plan-batch.ts",
        code: "if (target === null || account === null) return 0;",
        becomes: "if (target === null || false) return 0;",
      },
    ],
  },
  {
    reason: "Whatever stands here for a row without an account is no user's, and the filter after it leaves it out.",
    mutants: [
      {
        file: "src/core/plan-questions.ts",
        code: 'const accounts = rows.flatMap((resolution) => soleAccount(resolution) ?? []).filter(({ kind }) => kind === "user");',
        becomes:
          'const accounts = rows.flatMap((resolution) => soleAccount(resolution) ?? ["Stryker was here"]).filter(({ kind }) => kind === "user");',
      },
    ],
  },
  {
    reason: "Without the check the lines that follow come to the same end.",
    mutants: [
      {
        file: "src/core/holder-actions.ts",
        code: 'if (barred !== null || restoring === null) return bar(barred ?? "it cannot be restored");',
        becomes: 'if (false || restoring === null) return bar(barred ?? "it cannot be restored");',
      },
      {
        file: "src/core/holder-actions.ts",
        code: "const deleted = facts.wantedId === null ? [] : batch.snapshot.deletedHoldersOf(facts.wantedId);",
        becomes: "const deleted = false ? [] : batch.snapshot.deletedHoldersOf(facts.wantedId);",
      },
      {
        file: "src/core/holder-actions.ts",
        code: "...(facts.restoring === null ? [] : [decideRestore(facts, batch)]),",
        becomes: "...(false ? [] : [decideRestore(facts, batch)]),",
      },
      {
        file: "src/core/holder-actions.ts",
        code: "...(facts.restoring === null ? [] : [decideRestore(facts, batch)]),",
        becomes: '...(facts.restoring === null ? ["Stryker was here"] : [decideRestore(facts, batch)]),',
      },
      {
        file: "src/core/holder-actions.ts",
        code: "...(identifier === null ? [] : [decideIdentifier(facts, identifier, batch)]),",
        becomes: '...(identifier === null ? ["Stryker was here"] : [decideIdentifier(facts, identifier, batch)]),',
      },
      {
        file: "src/core/holder-actions.ts",
        code: "...deleted.filter(({ id }) => id !== facts.target?.id).map((holder) => decideDeletedHolder(facts, holder, batch)),",
        becomes: "...deleted.map((holder) => decideDeletedHolder(facts, holder, batch)),",
      },
      {
        file: "src/core/holder-actions.ts",
        code: "...deleted.filter(({ id }) => id !== facts.target?.id).map((holder) => decideDeletedHolder(facts, holder, batch)),",
        becomes: "...deleted.filter(({ id }) => true).map((holder) => decideDeletedHolder(facts, holder, batch)),",
      },
      {
        file: "src/core/holder-actions.ts",
        code: "...deleted.filter(({ id }) => id !== facts.target?.id).map((holder) => decideDeletedHolder(facts, holder, batch)),",
        becomes:
          "...deleted.filter(({ id }) => id !== facts.target.id).map((holder) => decideDeletedHolder(facts, holder, batch)),",
      },
      {
        file: "src/core/plan-batch.ts",
        code: "const holder = wantedId === null ? undefined : batch.snapshot.holdersOf(wantedId).find(({ id }) => id !== target?.id);",
        becomes:
          "const holder = false ? undefined : batch.snapshot.holdersOf(wantedId).find(({ id }) => id !== target?.id);",
      },
      {
        file: "src/core/plan-batch.ts",
        code: "const holder = wantedId === null ? undefined : batch.snapshot.holdersOf(wantedId).find(({ id }) => id !== target?.id);",
        becomes:
          "const holder = wantedId === null ? undefined : batch.snapshot.holdersOf(wantedId).find(({ id }) => true);",
      },
      {
        file: "src/core/plan-batch.ts",
        code: 'if (blocked.has(facts.row) || facts.target === null || facts.wantedId === null) return "blocked";',
        becomes: 'if (blocked.has(facts.row) || false || facts.wantedId === null) return "blocked";',
      },
      {
        file: "src/core/plan-batch.ts",
        code: 'if (blocked.has(facts.row) || facts.target === null || facts.wantedId === null) return "blocked";',
        becomes: 'if (blocked.has(facts.row) || facts.target === null || false) return "blocked";',
      },
    ],
  },
  {
    reason: "The order of writes throws nothing but this error; anything else would be a bug, and is passed on as one.",
    mutants: [
      {
        file: "src/core/plan-batch.ts",
        code: "if (!(error instanceof RangeError)) throw error;",
        becomes: "if (false) throw error;",
      },
    ],
  },
];
