/**
 * What is mutated, in groups, and how much of it the tests have to notice.
 *
 * Left out are files of words alone: `mending/`, `*-words.ts`, `words.ts` and the headings and helps of `columns.ts`. A
 * changed word is no fault of the writer, and other tests read them.
 */
/** Files of words alone, which are not mutated, and those of doctor, which looks at a machine and never at a batch. */
export const LEFT_OUT = /\/mending\/|\/diagnosis\/|words\.ts$|\/columns\.ts$/;

export type MutatedGroup = {
  /** Globs from the root. */
  readonly files: readonly string[];
  /** Per cent of the mutants that a test must notice. */
  readonly floor: number;
  /**
   * Tests that its mutants are shown to, where these are not all the quick ones: what every plan of every test goes
   * through is to be noticed by the tests beside it, and showing it to all would take a day.
   */
  readonly tests?: readonly string[];
};

/** Tests of the core but for the properties of whole batches, which take longest and reach nearly everything. */
const OF_FACTS = [
  "test/core/diagnosis/*.test.ts",
  "test/core/!(rollback|rollback-round-trip|order|outcome|plan*|identity-batch).test.ts",
];
const OF_CHECKS = ["test/core/checks/*.test.ts", "test/core/{resolution,holder-actions,source-key}.test.ts"];

export const MUTATED: Readonly<Record<string, MutatedGroup>> = {
  planner: {
    files: [
      "src/core/{order,plan,plan-batch,plan-options,plan-questions,assemble-batch,row-facts,change,holder-actions,staleness}.ts",
    ],
    floor: 90,
  },
  journal: {
    files: [
      "src/core/{journal,change-progress,outcome,row-states,breaker,breaker-openings,clock-skew,settled-progress,trusted-lines,unclear-lines,rollback-losses}.ts",
    ],
    floor: 90,
  },
  rollback: { files: ["src/core/{rollback,rollback-verdict,written-objects,result-line}.ts"], floor: 90 },
  classifier: { files: ["src/adapters/graph/{write-answer,transport-failure,graph-reply,retry-after}.ts"], floor: 90 },
  writer: {
    files: [
      "src/stages/{write-change,settle-write,patient-reader,writer-run,apply-changes,live-journal,intake-gate,suspend-watch,record-run,record-takeovers,recheck-written-rows}.ts",
    ],
    floor: 85,
    tests: ["test/stages/**/!(packed-plan).test.ts"],
  },
  checks: {
    files: ["src/core/checks/*.ts", "src/core/{findings,resolution}.ts"],
    floor: 85,
    tests: OF_CHECKS,
  },
  facts: {
    files: [
      "src/core/{ad-account,ad-facts,directory-source,distinguished-name,effort,errors,forest,guid,immutable-id,initials,mapping,names,other-servers}.ts",
      "src/core/{security-identifier,server-record,snapshot,source-anchor,source-hints,source-key,takeover-facts,target-names}.ts",
      "src/core/{text-encodings,token-rights}.ts",
    ],
    floor: 85,
    tests: OF_FACTS,
  },
  identity: {
    files: ["src/core/identity{,-batch,-index,-login,-profile,-shift,-survey}.ts"],
    floor: 85,
    tests: ["test/core/identity*.test.ts"],
  },
  packing: {
    files: [
      "src/core/{chunk-writer,guid-set,id-column,packed-values,packing,record-writer,rough-counts,shared-getters,text-hash,text-index}.ts",
    ],
    floor: 85,
    tests: [
      "test/core/{chunk-writer,guid-set,id-column,packed-values,packing,record-writer,rough-counts,text-index}.test.ts",
    ],
  },
  sync: {
    files: [
      "src/core/{cloud-sync,connect-sync,cutover-record,cutover,made-instead,provisioning-error,sync-trouble}.ts",
      "src/core/{verdict{,-by-steps,-of-account,-of-user,-troubles},verify-rows}.ts",
    ],
    floor: 85,
    tests: [
      "test/core/{cloud-sync,connect-sync,cutover-record,cutover,made-instead,provisioning-error,sync-trouble}.test.ts",
      "test/core/{verdict{,-by-steps,-of-account,-of-user,-troubles},verify-rows}.test.ts",
      "test/stages/{wait-for-sync,provision-on-demand}.test.ts",
    ],
  },
  preview: {
    files: ["src/core/takeover-{addresses,flows,managers,preview}.ts"],
    floor: 85,
    tests: ["test/core/takeover-*.test.ts"],
  },
};
