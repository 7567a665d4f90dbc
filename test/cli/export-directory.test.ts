/** The job with a file export in place of a domain controller, each command a process of its own. */
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { guidToBytes } from "../../src/core/guid.ts";
import { type ExportedEntry, sidBytes } from "../support/ad-exports/exported-entry.ts";
import { writeExportCsv } from "../support/ad-exports/write-export-csv.ts";
import { AD_GUID, guidFor, idOf } from "../support/facts.ts";
import { EVERYBODY, type SmallCompany, startSmallCompany } from "../support/small-company.ts";

const FILE = "old-domain-users.csv";

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
  const configuration = readFileSync(company.path("hardmatch.yaml"), "utf8");
  const live = / {4}url: [\s\S]*?(?=limits)/;
  company.write("hardmatch.yaml", configuration.replace("CORP", "OLD").replace(live, `    export: ./${FILE}\n`));
  company.write(FILE, exportOf(Object.fromEntries(EVERYBODY.map((name) => [name, AD_GUID(name)]))));
});
afterEach(() => company.close());

function exportOf(guids: Readonly<Record<string, string>>): string {
  const entries = Object.entries(guids).map(
    ([name, guid], index): ExportedEntry => ({
      dn: `CN=${name},OU=People,DC=old,DC=contoso,DC=example`,
      attributes: {
        objectClass: ["user"],
        sAMAccountName: [name],
        objectGUID: [Buffer.from(guidToBytes(guid as ReturnType<typeof AD_GUID>))],
        objectSid: [sidBytes(`S-1-5-21-1-2-3-${1104 + index}`)],
        displayName: [name],
        userAccountControl: ["512"],
        userPrincipalName: [`${name}@contoso.example`],
        mail: [`${name}@contoso.example`],
        proxyAddresses: [`SMTP:${name}@contoso.example`],
        givenName: [name],
        sn: ["Smith"],
        "mS-DS-ConsistencyGuid": [Buffer.from(guidToBytes(guid as ReturnType<typeof AD_GUID>))],
      },
    }),
  );
  return writeExportCsv(entries);
}

const plan = (names: readonly string[], ...words: string[]) =>
  company.run(["plan", company.writeMapping(names), "--run", "runs/a", ...words]);

test("plan says that AD is a file and how old it is: on the screen, in the report and in JSON", async () => {
  const then = new Date(Date.now() - (5 * 24 + 1) * 3_600_000);
  utimesSync(company.path(FILE), then, then);
  const { code, stdout } = await plan(["ada", "ben"]);
  expect(code).toBe(0);
  const when = then.toISOString().slice(0, 16).replace("T", " ");
  const words = `OLD: ${FILE}, 7 users of DC=old,DC=contoso,DC=example, a file of ${when} UTC, at least 5 days old`;
  expect(stdout).toMatch(/^ {2}AD side +OLD: /m);
  expect(stdout).toContain(words);
  expect(readFileSync(company.path("runs/a/report.html"), "utf8")).toContain(words);
  const again = await company.run(["plan", "mappings/people.csv", "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({
    directories: [
      { domain: "OLD", server: FILE, source: { kind: "file", name: FILE, modifiedAt: then.toISOString() } },
    ],
  });
  expect(JSON.parse(again.stdout).planId).toBe(/^Plan (\w+)$/m.exec(stdout)?.[1]);
});

test("apply writes what was planned from the file, and verify finds that it holds", async () => {
  await plan(["ada", "ben"]);
  expect((await company.run(["apply", "runs/a", "--confirm", "2"])).code).toBe(0);
  expect(company.held("ada", "ben")).toEqual([idOf("ada"), idOf("ben")]);
  expect((await company.run(["verify", "runs/a"])).code).toBe(0);
});

test("apply leaves alone a row whose account is another one in the file as it is now", async () => {
  await plan(["ada", "ben"]);
  company.write(FILE, exportOf({ ada: guidFor("a new account"), ben: AD_GUID("ben") }));
  const refused = await company.run(["apply", "runs/a", "--confirm", "2"]);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain(
    "row 2  ada -> ada@contoso.example: the account has another source anchor than when the plan was made",
  );
  expect(company.applied()).toEqual([]);
  const { code } = await company.run(["apply", "runs/a", "--confirm", "2", "--skip-blocked"]);
  expect([code, company.held("ada", "ben")]).toEqual([6, [null, idOf("ben")]]);
});

test("an export without mS-DS-ConsistencyGuid is refused unless objectGUID is the anchor, and then it is said", async () => {
  const text = exportOf({ ada: AD_GUID("ada") });
  writeFileSync(company.path(FILE), text.replace("mS-DS-ConsistencyGuid", "not exported"));
  const refused = await plan(["ada"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    `${FILE}, the export of OLD, does not say which accounts have an mS-DS-ConsistencyGuid`,
  );
  expect(refused.stderr).toContain("--anchor objectGUID");
  const taken = await plan(["ada"], "--anchor", "objectGUID", "--json");
  expect(taken.code).toBe(0);
  expect(JSON.parse(taken.stdout).codes).toContainEqual(
    expect.objectContaining({ code: "tenant-check-unavailable", wholeBatch: true }),
  );
  expect(readFileSync(company.path("runs/a/report.html"), "utf8")).toContain(
    `not checked: whether mS-DS-ConsistencyGuid and objectGUID agree in OLD; it wants mS-DS-ConsistencyGuid in the export of OLD (${FILE} does not hold it)`,
  );
});

test("a damaged export ends with 2 and every problem by line", async () => {
  const text = exportOf({ ada: AD_GUID("ada"), ben: AD_GUID("ada") });
  writeFileSync(company.path(FILE), text.replace('"512"', '"many"'));
  const { code, stderr } = await plan(["ada"]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${FILE}:2 userAccountControl: found "many", which is no number`);
  expect(stderr).toContain(`${FILE}:3 objectGUID: found "${AD_GUID("ada")}", which line 2 has already`);
  expect(stderr).toContain("Export again: Get-ADUser -Filter *");
});
