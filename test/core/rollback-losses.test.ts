import { expect, test } from "vitest";
import { CHANGE_KINDS } from "../../src/core/change.ts";
import { findLosses, kindOfLine, listLastingSteps } from "../../src/core/rollback-losses.ts";
import { resultLine } from "../support/result-line.ts";

test("a line tells of the change that its action names, or of none", () => {
  expect(CHANGE_KINDS.map((action) => kindOfLine(resultLine(2, { action })))).toEqual([...CHANGE_KINDS]);
  expect(kindOfLine(resultLine(2, { action: "none" }))).toBeNull();
  expect(kindOfLine(resultLine(2, { action: "blocked" }))).toBeNull();
});

for (const [title, changes, lasts] of [
  ["an ID that was set", { action: "set" }, false],
  ["an ID that was cleared", { action: "clear" }, false],
  ["a user that was deleted", { action: "delete" }, true],
  ["a user that was purged", { action: "purge" }, true],
  ["an identifier that was cleared", { action: "clear-object-identifier" }, true],
  ["a user that was brought back", { action: "restore" }, true],
  ["a purge of which nobody knows whether it was done", { action: "purge", status: "undecided" }, true],
  ["a purge that was never sent", { action: "purge", status: "pending", attempts: 0 }, false],
  ["a purge that was refused", { action: "purge", status: "failed" }, false],
  ["a row that was blocked after an attempt", { action: "blocked", status: "blocked" }, false],
] as const) {
  test(`${title} is ${lasts ? "" : "not "}a step that stays`, () => {
    expect(listLastingSteps([resultLine(2, changes)])).toHaveLength(lasts ? 1 : 0);
  });
}

test("what cannot be taken back is named first, then what merely stays, then what could not be read", () => {
  const lines = [
    resultLine(2, { action: "restore" }),
    resultLine(3, { action: "purge" }),
    resultLine(4, { action: "restore" }),
    resultLine(5, { action: "delete" }),
  ];
  expect(findLosses(["line 9: cut off"], lines)).toEqual([
    {
      code: "rollback-irreversible",
      severity: "warn",
      rows: [3],
      detail: "purge of user3@contoso.example cannot be taken back",
    },
    {
      code: "rollback-irreversible",
      severity: "warn",
      rows: [5],
      detail: "delete of user5@contoso.example cannot be taken back",
    },
    {
      code: "rollback-restored-stays",
      severity: "info",
      rows: [2],
      detail: "user2@contoso.example was brought back from the recycle bin and stays",
    },
    {
      code: "rollback-restored-stays",
      severity: "info",
      rows: [4],
      detail: "user4@contoso.example was brought back from the recycle bin and stays",
    },
    { code: "rollback-record-incomplete", severity: "warn", rows: [], detail: "line 9: cut off" },
  ]);
});
