import { expect, test } from "vitest";
import { listServerRecords, preferRecorded } from "../../src/core/server-record.ts";

const urls = [
  "ldaps://dc1.corp.contoso.example",
  "ldaps://dc2.corp.contoso.example",
  "ldaps://dc2.corp.contoso.example:1636",
];

test("listServerRecords names domain, server and place; a file has no place", () => {
  const corp = { domain: "CORP", server: "dc2.corp.contoso.example", url: urls[1] ?? "" };
  expect(listServerRecords([corp, { domain: "OLD", server: "old.csv" }], [{ server: "gc1.contoso.example" }])).toEqual([
    "CORP: dc2.corp.contoso.example (ldaps://dc2.corp.contoso.example)",
    "OLD: old.csv",
    "global catalog: gc1.contoso.example",
  ]);
});

test("preferRecorded puts the server that answered for the plan first, and keeps the others in their order", () => {
  const [first = "", second = "", third = ""] = urls;
  const recordOf = (url: string) => listServerRecords([{ domain: "CORP", server: "dc", url }], []);
  expect(preferRecorded(urls, recordOf(second))).toEqual([second, first, third]);
  expect(preferRecorded(urls, recordOf(third))).toEqual([third, first, second]);
  expect(preferRecorded(urls, recordOf("ldaps://dc9"))).toEqual(urls);
  expect(preferRecorded(urls, [])).toEqual(urls);
});

test("a server counts as recorded by one line among many", () => {
  const [first = "", second = "", third = ""] = urls;
  expect(preferRecorded(urls, ["OLD: old.csv", `CORP: dc2 (${second})`])).toEqual([second, first, third]);
});
