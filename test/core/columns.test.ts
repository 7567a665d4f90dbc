import { describe, expect, test } from "vitest";
import { CHECK_COLUMN, foldHeading, MAPPING_COLUMNS, PLAN_COLUMNS, RESULT_COLUMNS } from "../../src/core/columns.ts";

const mappingColumns = Object.values(MAPPING_COLUMNS);

for (const [heading, folded] of [
  ["sAMAccountName", "samaccountname"],
  ["sam_account-NAME ", "samaccountname"],
  ["\tUser Principal Name", "userprincipalname"],
  ["straße", "straße"],
  ["", ""],
] as const) {
  test(`the heading ${JSON.stringify(heading)} folds to ${JSON.stringify(folded)}`, () =>
    expect(foldHeading(heading)).toBe(folded));
}

for (const [name, columns] of [
  ["plan.csv", PLAN_COLUMNS],
  ["results.csv", [...RESULT_COLUMNS, CHECK_COLUMN]],
  ["the mapping", mappingColumns],
] as const) {
  describe(name, () => {
    test("has every heading once, however it is spelled", () => {
      const folded = columns.map(({ heading }) => foldHeading(heading));
      expect(new Set(folded).size).toBe(columns.length);
    });
    test("says of every column what it is", () => {
      for (const { heading, help } of columns) expect(help, heading).toMatch(/^\S.*[^.\s]$/);
    });
  });
}

test("no alias of the mapping means two columns, and each is written folded", () => {
  const words = mappingColumns.flatMap(({ heading, aliases }) => [foldHeading(heading), ...aliases]);
  expect(words.map(foldHeading)).toEqual(words);
  expect(new Set(words).size).toBe(words.length);
});

// The order is part of the files that operators' scripts read.
test("plan.csv has its published columns, in their order", () => {
  expect(PLAN_COLUMNS.map(({ heading }) => heading).join()).toBe(
    "row,sAMAccountName,domain,userPrincipalName,side,action,findings,objectGUID,anchorSource,immutableId,previousImmutableId,otherSideValue,userId,displayName,adDisplayName,takeoverChanges,planId",
  );
});
test("results.csv has its published columns, in their order", () => {
  expect([...RESULT_COLUMNS, CHECK_COLUMN].map(({ heading }) => heading).join()).toBe(
    "row,step,sAMAccountName,domain,side,action,objectId,userPrincipalName,previousImmutableId,previousWas,immutableId,otherSideValue,objectGUID,status,sync,findings,httpStatus,errorCode,message,attempts,requestId,writtenAt,verifiedAt,runId,planId,tenantId,check",
  );
});
