import { expect, test } from "vitest";
import { planCsv } from "../../../src/adapters/csv/plan-csv.ts";
import { plannedRow, runView } from "./run-view.ts";

const HEADER =
  "row,sAMAccountName,domain,userPrincipalName,side,action,findings,objectGUID,anchorSource,immutableId,previousImmutableId,otherSideValue,userId,displayName,adDisplayName,takeoverChanges,planId";

test("plan.csv has a byte order mark, CRLF, our columns and then the operator's, guarded", () => {
  const row = plannedRow({
    displayName: '=cmd|"x"',
    takeover: [
      { property: "jobTitle", kind: "cleared", before: ["=1+1"], after: [] },
      {
        property: "proxyAddresses",
        kind: "changed",
        before: ["smtp:a@x.example"],
        after: ["smtp:b@x.example", "smtp:c@x.example"],
      },
    ],
    findings: ["target-disabled", "target-guest"],
    extra: ["@go", "a,b"],
  });
  const blocked = plannedRow({
    row: 3,
    action: "blocked",
    settled: "blocked",
    domain: null,
    objectGuid: null,
    anchorSource: null,
    immutableId: null,
    userId: null,
    displayName: null,
    adDisplayName: null,
    takeover: null,
    extra: ["", "two\nlines"],
  });
  const view = runView(null, { extraColumns: ["Action", "=note"] }, [row, blocked]);
  expect([...planCsv.render(view)].join("")).toBe(
    `\uFEFF${HEADER},mapping.Action,'=note\r\n` +
      `2,ada,CORP,ada@contoso.example,cloud,set,target-disabled target-guest,bbbbbbbb-0000-4000-8000-000000000001,objectGUID,'+7u7uwAAAECAAAAAAAAAAQ==,,,aaaaaaaa-0000-4000-8000-000000000001,"'=cmd|""x""",Ada,jobTitle: cleared; proxyAddresses: -1 +2,0123456789ab,'@go,"a,b"\r\n` +
      '3,ada,,ada@contoso.example,cloud,blocked,,,,,,,,,,,0123456789ab,,"two\nlines"\r\n',
  );
});

test("plan.csv is written with the mapping's own delimiter", () => {
  const text = [...planCsv.render(runView(null, { delimiter: ";" }, [plannedRow({ displayName: "A; B" })]))].join("");
  expect(text.startsWith(`\uFEFF${HEADER.replaceAll(",", ";")}\r\n2;ada;`)).toBe(true);
  expect(text).toContain(';"A; B";');
});

test("plan.csv comes in pieces, and twice the same", () => {
  const rows = Array.from({ length: 1203 }, (_row, index) => plannedRow({ row: index + 2 }));
  const view = runView(null, {}, rows);
  const pieces = [...planCsv.render(view)];
  expect(pieces).toHaveLength(4);
  expect(pieces.join("").split("\r\n")).toHaveLength(1205);
  expect([...planCsv.render(view)]).toEqual(pieces);
  expect([planCsv.fileName, planCsv.from]).toEqual(["plan.csv", "plan"]);
});
