import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readMappingFile } from "../../../src/adapters/csv/read-mapping.ts";
import { retryCsv } from "../../../src/adapters/csv/retry-csv.ts";
import { OUTCOME_STATUSES } from "../../../src/core/outcome.ts";
import { outcomeOf, plannedRow, runView } from "./run-view.ts";

const folder = mkdtempSync(join(tmpdir(), "retry-csv-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the reader reads from retry.csv what the first mapping said", async () => {
  const asked = {
    account: "-ada",
    domain: "CORP",
    upn: "ada@contoso.example",
    onConflict: "clear-holder+restore-target",
    writeTo: null,
  };
  const planned = plannedRow({
    row: 17,
    account: "ADA",
    userPrincipalName: "Ada@contoso.example",
    asked,
    extra: ["=1", "x", "'"],
  });
  const view = runView([outcomeOf({ row: 17, status: "failed", planned })], {
    extraColumns: ["row", "source", "domain"],
  });
  const path = join(folder, "retry.csv");
  writeFileSync(path, [...retryCsv.render(view)].join(""));
  expect(await readMappingFile(path)).toMatchObject({
    extraColumns: ["row", "source", "domain"],
    mappings: [
      {
        row: 2,
        account: "-ada",
        domain: "CORP",
        upn: "ada@contoso.example",
        onConflict: ["clear-holder", "restore-target"],
        extra: ["=1", "x", "'"],
      },
    ],
  });
});

for (const delimiter of [",", ";", "\t", "|"]) {
  test(`the reader finds ${JSON.stringify(delimiter)} in retry.csv, whatever the operator's headings are`, async () => {
    const headings = [",", ";", "|"].map((sign) => ["x", "sAMAccountName", "userPrincipalName"].join(sign));
    const planned = plannedRow({
      row: 2,
      asked: { account: "ada", domain: null, upn: "ada@contoso.example", onConflict: "", writeTo: null },
      extra: ["a,b", "c;d", "e|f"],
    });
    const view = runView([outcomeOf({ row: 2, status: "failed", planned })], { delimiter, extraColumns: headings });
    const path = join(folder, "headings.csv");
    writeFileSync(path, [...retryCsv.render(view)].join(""));
    expect(await readMappingFile(path)).toMatchObject({
      delimiter,
      extraColumns: headings,
      mappings: [{ account: "ada", upn: "ada@contoso.example", extra: ["a,b", "c;d", "e|f"] }],
    });
  });
}

test("a row is left over unless each of its steps is verified, already or taken over", () => {
  const rows = OUTCOME_STATUSES.map((status, index) => {
    const planned = plannedRow({
      row: index + 2,
      asked: { account: status, domain: null, upn: "u@x", onConflict: "", writeTo: null },
    });
    return outcomeOf({ row: index + 2, status, planned });
  });
  const half = plannedRow({
    row: 99,
    asked: { account: "half", domain: null, upn: "u@x", onConflict: "", writeTo: null },
  });
  const steps = [
    outcomeOf({ row: 99, planned: half }),
    outcomeOf({ row: 99, step: 2, status: "pending", planned: half }),
  ];
  const text = [...retryCsv.render(runView([...rows, ...steps]))].join("");
  expect(
    text
      .split("\r\n")
      .slice(1, -1)
      .map((line) => line.split(",")[0]),
  ).toEqual(["accepted", "blocked", "failed", "drift", "undecided", "pending", "parked", "half"]);
});

test("a rollback leaves no mapping: planned anew, it would write the IDs again", () => {
  const view = runView([outcomeOf({ status: "failed" })]);
  const rollback = { ...view, plan: { ...view.plan, header: { ...view.plan.header, kind: "rollback" as const } } };
  expect([...retryCsv.render(rollback)]).toEqual([
    "\uFEFFsAMAccountName,userPrincipalName,domain,onConflict,writeTo\r\n",
  ]);
});

test("retry.csv exists from the first apply on", () => {
  expect([retryCsv.fileName, retryCsv.from]).toEqual(["retry.csv", "apply"]);
  expect(() => [...retryCsv.render(runView(null))]).toThrow("before the first apply");
});
