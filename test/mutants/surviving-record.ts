/** Survivors of the groups `journal`, `rollback` and `classifier`, each with its reason; see `surviving-mutants.ts`. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of code
import type { Explained } from "./explained.ts";

export const RECORD: readonly Explained[] = [
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
        file: "src/core/written-objects.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: 'if (first === undefined || last === undefined) return ["Stryker was here"];',
      },
      {
        file: "src/core/written-objects.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: "if (false) return [];",
      },
      {
        file: "src/core/written-objects.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: "if (first === undefined && last === undefined) return [];",
      },
      {
        file: "src/core/written-objects.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: "if (false || last === undefined) return [];",
      },
      {
        file: "src/core/written-objects.ts",
        code: "if (first === undefined || last === undefined) return [];",
        becomes: "if (first === undefined || false) return [];",
      },
      {
        file: "src/core/written-objects.ts",
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
        file: "src/core/written-objects.ts",
        code: "if (line === undefined || line.objectId === null) return null;",
        becomes: "if (false || line.objectId === null) return null;",
      },
      { file: "src/core/outcome.ts", code: "last !== undefined &&", becomes: "true &&" },
      {
        file: "src/core/outcome.ts",
        code: "if (BROKEN_SYNC_STATES.has(sync) && syncNote !== null) return syncNote.text;",
        becomes: "if (BROKEN_SYNC_STATES.has(sync) && true) return syncNote.text;",
      },
      {
        file: "src/core/change-progress.ts",
        code: 'return unclear.some(({ after }) => after === refused?.after) ? "undecided" : "failed";',
        becomes: 'return unclear.some(({ after }) => after === refused.after) ? "undecided" : "failed";',
      },
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
    ],
  },
  {
    reason: "Without the check the lines that follow come to the same end.",
    mutants: [
      {
        file: "src/core/rollback.ts",
        code: "...objects.flatMap((object) => findingOfVerdict(object.verdict) ?? []),",
        becomes: '...objects.flatMap((object) => findingOfVerdict(object.verdict) ?? ["Stryker was here"]),',
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
    ],
  },
  {
    reason: "Two lines of a row never have the same step, two keys of an object never the same name.",
    mutants: [
      {
        file: "src/core/written-objects.ts",
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
        file: "src/core/written-objects.ts",
        code: "const state = { before: previous, ours: previous, wrote: [], certain: false, whole: true };",
        becomes:
          'const state = { before: previous, ours: previous, wrote: ["Stryker was here"], certain: false, whole: true };',
      },
      {
        file: "src/core/written-objects.ts",
        code: "const state = { before: previous, ours: previous, wrote: [], certain: false, whole: true };",
        becomes: "const state = { before: previous, ours: previous, wrote: [], certain: true, whole: true };",
      },
      {
        file: "src/core/written-objects.ts",
        code: "const state = { before: previous, ours: previous, wrote: [], certain: false, whole: true };",
        becomes: "const state = { before: previous, ours: previous, wrote: [], certain: false, whole: false };",
      },
      {
        file: "src/core/written-objects.ts",
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
