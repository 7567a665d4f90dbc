/**
 * A results.csv that was made to do harm. Its check finds damage, not forgery: whoever forges a line can forge the
 * check too. So a rollback must not be able to write what such a file wishes: only users whose value is exactly the
 * one that the file says was written, only in the tenant that it names, only the immutable ID.
 */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unguardCell } from "../../src/adapters/csv/cells.ts";
import { checkOf } from "../../src/adapters/csv/result-check.ts";
import { AD_GUID, CLOUD_ID, idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
let text: string;
beforeEach(async () => {
  company = await startSmallCompany();
  await company.run(["plan", company.writeMapping(["ada", "ben"]), "--run", "runs/a"]);
  expect((await company.run(["apply", "runs/a", "--confirm", "2"])).code).toBe(0);
  text = readFileSync(company.path("runs/a/results.csv"), "utf8");
});
afterEach(() => company.close());

const rollback = (content: string, ...words: string[]) =>
  company.run(["rollback", company.write("mailed.csv", content), "--run", "runs/back", ...words]);
const values = () => company.held("ada", "ben", "cyd", "dee", "eve", "fay");

/** Gives every line a check that fits what now stands in it. */
function forgeChecks(content: string): string {
  const [headings = [], ...records]: string[][] = parse(content, { bom: true });
  const at = headings.indexOf("check");
  const forged = records.map((cells, index) =>
    cells.with(at, checkOf(cells.slice(0, at).map(unguardCell), { position: index + 1, total: records.length })),
  );
  return stringify([headings, ...forged]);
}

const edits: readonly [title: string, from: string, to: () => string][] = [
  ["the object id of another user", CLOUD_ID("ada"), () => CLOUD_ID("fay")],
  ["a URL for an object id", CLOUD_ID("ada"), () => "https://evil.example/"],
  ["another old value", `,unset,${idOf("ada")}`, () => `,unset,${idOf("fay")}`],
  ["an object id that climbs", CLOUD_ID("ada"), () => `${CLOUD_ID("fay")}/../${CLOUD_ID("ada")}`],
];
test.each(edits)("E10: a line with %s is named and not used", async (_title, from, to) => {
  expect(text).toContain(from);
  const { code, stdout } = await rollback(text.replace(from, to()), "--confirm", "1");
  expect([code, stdout]).toEqual([6, expect.stringContaining("its check does not fit")]);
  expect(values()).toEqual([idOf("ada"), null, null, idOf("eve"), idOf("dee"), idOf("fay")]);
});

test("E10: a file of another tenant is refused", async () => {
  const other = text.replaceAll(company.tenant.tenantId, AD_GUID("another tenant"));
  const { code, stderr } = await rollback(forgeChecks(other), "--confirm", "2");
  expect([code, stderr]).toEqual([7, expect.stringContaining("tenant")]);
  expect(values().slice(0, 2)).toEqual([idOf("ada"), idOf("ben")]);
});

test("E10: a forged line whose check fits reaches no user but one that holds exactly the value it names", async () => {
  const [cyd, fay] = [CLOUD_ID("cyd"), CLOUD_ID("fay")];
  const forged = forgeChecks(text.replaceAll(CLOUD_ID("ada"), fay).replaceAll(CLOUD_ID("ben"), cyd));
  const { code, stdout } = await rollback(forged);
  expect(code, stdout).toBe(6);
  expect(stdout).not.toContain("its check does not fit");
  expect(stdout).toContain("left alone");
  expect(values()).toEqual([idOf("ada"), idOf("ben"), null, idOf("eve"), idOf("dee"), idOf("fay")]);
});
