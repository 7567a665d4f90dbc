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
import { PREVIEW } from "./surviving-preview.ts";
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
  ...PREVIEW,
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
        file: "src/core/rollback.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: 'if (first === undefined || last === undefined) return ["Stryker was here"];',
      },
      {
        file: "src/core/rollback.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: "if (false) return [];",
      },
      {
        file: "src/core/rollback.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: "if (first === undefined && last === undefined) return [];",
      },
      {
        file: "src/core/rollback.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: "if (false || last === undefined) return [];",
      },
      {
        file: "src/core/rollback.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: "if (first === undefined || false) return [];",
      },
      {
        file: "src/core/rollback.ts",
        code: "const own = ownUser.get(row)?.objectId === objectId;",
        becomes: "const own = ownUser.get(row).objectId === objectId;",
      },
      {
        file: "src/core/rollback.ts",
        code: "return { plan, cameAlong: chosen === null || rows === null ? [] : [...chosen].filter((row) => !rows.has(row)) };",
        becomes:
          "return { plan, cameAlong: chosen === null && rows === null ? [] : [...chosen].filter((row) => !rows.has(row)) };",
      },
      {
        file: "src/core/rollback.ts",
        code: "return { plan, cameAlong: chosen === null || rows === null ? [] : [...chosen].filter((row) => !rows.has(row)) };",
        becomes:
          "return { plan, cameAlong: false || rows === null ? [] : [...chosen].filter((row) => !rows.has(row)) };",
      },
      {
        file: "src/core/rollback.ts",
        code: "return { plan, cameAlong: chosen === null || rows === null ? [] : [...chosen].filter((row) => !rows.has(row)) };",
        becomes:
          "return { plan, cameAlong: chosen === null || false ? [] : [...chosen].filter((row) => !rows.has(row)) };",
      },
      {
        file: "src/core/rollback.ts",
        code: "if (line === undefined || line.objectId === null) return null;",
        becomes: "if (false || line.objectId === null) return null;",
      },
      {
        file: "src/core/rollback.ts",
        code: "movesAnId(line) && line.objectId !== null && line.attempts > 0 && (isWritten(line) || mayBeWritten(line)),",
        becomes: "movesAnId(line) && true && line.attempts > 0 && (isWritten(line) || mayBeWritten(line)),",
      },
      { file: "src/core/outcome.ts", code: "last !== undefined &&", becomes: "true &&" },
      {
        file: "src/core/outcome.ts",
        code: 'const freed = line.change?.kind === "clear" && isWritten(line.status);',
        becomes: 'const freed = line.change.kind === "clear" && isWritten(line.status);',
      },
      {
        file: "src/core/trusted-lines.ts",
        code: "return afterRow === null || last === undefined || LAST_STEPS.has(last.action) ? [] : [afterRow];",
        becomes: "return false || last === undefined || LAST_STEPS.has(last.action) ? [] : [afterRow];",
      },
      {
        file: "src/core/row-states.ts",
        code: "return worst ?? steps.at(-1) ?? [];",
        becomes: 'return worst ?? steps.at(-1) ?? ["Stryker was here"];',
      },
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
    reason: "Without the check the lines that follow come to the same end.",
    mutants: [
      {
        file: "src/core/rollback.ts",
        code: "...objects.flatMap((object) => findingFor(object.verdict) ?? []),",
        becomes: '...objects.flatMap((object) => findingFor(object.verdict) ?? ["Stryker was here"]),',
      },
      {
        file: "src/core/rollback.ts",
        code: "...(lastingOf.get(row) ?? []).map(({ code }) => code),",
        becomes: '...(lastingOf.get(row) ?? ["Stryker was here"]).map(({ code }) => code),',
      },
      {
        file: "src/core/breaker.ts",
        code: "let equal = { errorCode: null as string | null, count: 0 };",
        becomes: "let equal = {};",
      },
      {
        file: "src/core/clock-skew.ts",
        code: "if (clockSkewMs === null || Math.abs(clockSkewMs) <= MOST_SKEW_MS) return;",
        becomes: "if (false || Math.abs(clockSkewMs) <= MOST_SKEW_MS) return;",
      },
      {
        file: "src/adapters/graph/retry-after.ts",
        code: "if (header === null || !HTTP_DATE.test(header.trim())) return null;",
        becomes: "if (false) return null;",
      },
      {
        file: "src/adapters/graph/write-answer.ts",
        code: "const details = error?.details ?? [];",
        becomes: 'const details = error?.details ?? ["Stryker was here"];',
      },
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
        file: "src/core/rollback.ts",
        code: "if (!(error instanceof RangeError)) throw error;",
        becomes: "if (false) throw error;",
      },
      {
        file: "src/core/plan-batch.ts",
        code: "if (!(error instanceof RangeError)) throw error;",
        becomes: "if (false) throw error;",
      },
    ],
  },
  {
    reason: "Two lines of a row never have the same step, two keys of an object never the same name.",
    mutants: [
      {
        file: "src/core/rollback.ts",
        code: "if (better || (known.otherObject === line.otherObject && line.step > known.step)) own.set(line.row, line);",
        becomes:
          "if (better || (known.otherObject === line.otherObject && line.step >= known.step)) own.set(line.row, line);",
      },
    ],
  },
  {
    reason: "The run has not written this user: of the object that stands for it only row, names and values are shown.",
    mutants: [
      {
        file: "src/core/rollback.ts",
        code: "const state = { before: previous, ours: previous, wrote: [], certain: false, whole: true };",
        becomes:
          'const state = { before: previous, ours: previous, wrote: ["Stryker was here"], certain: false, whole: true };',
      },
      {
        file: "src/core/rollback.ts",
        code: "const state = { before: previous, ours: previous, wrote: [], certain: false, whole: true };",
        becomes: "const state = { before: previous, ours: previous, wrote: [], certain: true, whole: true };",
      },
      {
        file: "src/core/rollback.ts",
        code: "const state = { before: previous, ours: previous, wrote: [], certain: false, whole: true };",
        becomes: "const state = { before: previous, ours: previous, wrote: [], certain: false, whole: false };",
      },
      {
        file: "src/core/rollback.ts",
        code: "return { row, side, objectId, name: nameOfWrittenObject(line), own: true, ...state, line };",
        becomes: "return { row, side, objectId, name: nameOfWrittenObject(line), own: false, ...state, line };",
      },
    ],
  },
  {
    reason: "Nobody is told of a clock that is right to the millisecond.",
    mutants: [
      {
        file: "src/core/clock-skew.ts",
        code: 'return `${formatDuration(Math.abs(skewMs) / 1000)} ${skewMs > 0 ? "behind" : "ahead of"} the tenant\'s`;',
        becomes:
          'return `${formatDuration(Math.abs(skewMs) / 1000)} ${skewMs >= 0 ? "behind" : "ahead of"} the tenant\'s`;',
      },
    ],
  },
];
