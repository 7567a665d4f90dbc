/** What the takeover will change, from the directories to plan.csv, the report and the screen. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCsv } from "../../src/sim/demo/read-csv.ts";
import type { SimulatedEntry } from "../../src/sim/directory/world.ts";
import type { SimulatedUser } from "../../src/sim/tenant/world.ts";
import { CLOUD_ID } from "../support/facts.ts";
import { describeEntry, describePerson, type SmallCompany, startCompany } from "../support/small-company.ts";

const PEOPLE = 300;
/** Of each sixty people one of every kind; all others agree but for the case of addresses and the order of lists. */
const KINDS = [
  { what: "accountEnabled: changed", finding: "takeover-blocks-signin", of: 0 },
  { what: "proxyAddresses: -1", finding: "takeover-loses-address", of: 12 },
  { what: "mail: changed; primaryAddress: changed", finding: "takeover-renames", of: 24 },
  { what: "userPrincipalName: changed", finding: "upn-will-change", of: 36 },
  { what: "jobTitle: cleared; officeLocation: cleared", finding: null, of: 48 },
  { what: "manager: added", finding: null, of: 52 },
  { what: "manager: changed", finding: null, of: 54 },
] as const;

const nameOf = (index: number) => `p${String(index).padStart(3, "0")}`;
const kindOf = (index: number) => KINDS.find(({ of }) => index % 60 === of) ?? null;

function describePair(index: number): { readonly entry: SimulatedEntry; readonly user: SimulatedUser } {
  const name = nameOf(index);
  const [upn, second] = [`${name}@contoso.example`, `${name}.second@contoso.example`];
  const entry = describeEntry(name);
  Object.assign(entry.attributes, {
    userPrincipalName: [upn.toUpperCase()],
    mail: [upn],
    proxyAddresses: [`smtp:${second}`, `SMTP:${upn}`, `X500:/o=Contoso/cn=${name}`],
    title: ["Engineer"],
    telephoneNumber: ["+33 4 72 00 00 00"],
    l: ["Lyon"],
    co: ["France"],
  });
  const user = describePerson(name);
  user.mail = upn.replace("contoso", "Contoso");
  user.proxyAddresses = [`x500:/O=CONTOSO/CN=${name}`, `SMTP:${upn.toUpperCase()}`, `smtp:${second}`];
  Object.assign(user, { jobTitle: "Engineer", businessPhones: ["+33 4 72 00 00 00"], city: "Lyon", country: "France" });
  switch (kindOf(index)?.of) {
    case 0:
      entry.attributes.userAccountControl = ["514"];
      break;
    case 12:
      user.proxyAddresses.push(`smtp:${name}.former@contoso.example`, `smtp:${name}@contoso.onmicrosoft.com`);
      break;
    case 24:
      entry.attributes.mail = [second];
      entry.attributes.proxyAddresses = [`SMTP:${second}`, `smtp:${upn}`, `X500:/o=Contoso/cn=${name}`];
      break;
    case 36:
      entry.attributes.userPrincipalName = [`${name}@corp.contoso.example`];
      break;
    case 48:
      delete entry.attributes.title;
      user.officeLocation = "<b>Lyon</b> & 3";
      break;
    case 52:
      entry.attributes.manager = [describeEntry(nameOf(1)).dn];
      break;
    case 54:
      entry.attributes.manager = [describeEntry(nameOf(1)).dn];
      user.managerId = CLOUD_ID(nameOf(2));
      break;
  }
  // Led by the same person on both sides, or in AD by somebody outside the batch: nothing to tell.
  if (index % 60 === 56) {
    entry.attributes.manager = [describeEntry(nameOf(1)).dn];
    user.managerId = CLOUD_ID(nameOf(1));
  }
  if (index % 60 === 58) entry.attributes.manager = ["CN=Director,OU=Board,DC=corp,DC=contoso,DC=example"];
  return { entry, user };
}

let company: SmallCompany;
beforeAll(async () => {
  const pairs = Array.from({ length: PEOPLE }, (_, index) => describePair(index));
  company = await startCompany({ entries: pairs.map(({ entry }) => entry), users: pairs.map(({ user }) => user) });
  company.writeMapping(Array.from({ length: PEOPLE }, (_, index) => nameOf(index)));
});
afterAll(() => company.close());

test("a plan of 300 users with seven kinds of change shows each in plan.csv and report, and nothing of all others", async () => {
  const { code, stdout } = await company.run(["plan", "mappings/people.csv", "--run", "runs/a", "--json"]);
  expect(code).toBe(0);

  const lines = readCsv(readFileSync(company.path("runs/a/plan.csv"), "utf8"));
  expect(
    lines.map(({ sAMAccountName, takeoverChanges, findings }) => [sAMAccountName, takeoverChanges, findings]),
  ).toEqual(
    Array.from({ length: PEOPLE }, (_, index) => [
      nameOf(index),
      kindOf(index)?.what ?? "",
      kindOf(index)?.finding ?? "",
    ]),
  );

  const page = readFileSync(company.path("runs/a/report.html"), "utf8");
  const embedded = JSON.parse(
    /<script type="application\/json" id="report-rows">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "",
  );
  const values = new Map<string, string[]>(
    embedded.rows.flatMap(({ c, t }: { c: string[]; t?: string[] }) =>
      t === undefined ? [] : [[c.find((text) => /^p\d{3}$/.test(text)), t]],
    ),
  );
  expect(values.size).toBe(35);
  expect(values.get("p000")).toEqual(["accountEnabled: enabled → disabled"]);
  expect(values.get("p012")).toEqual(["proxyAddresses: - smtp:p012.former@contoso.example"]);
  expect(values.get("p024")).toEqual([
    "mail: p024@Contoso.example → p024.second@contoso.example",
    "primaryAddress: P024@CONTOSO.EXAMPLE → p024.second@contoso.example",
  ]);
  expect(values.get("p036")).toEqual(["userPrincipalName: p036@contoso.example → p036@corp.contoso.example"]);
  expect(values.get("p048")).toEqual(["jobTitle: Engineer → nothing", "officeLocation: <b>Lyon</b> & 3 → nothing"]);
  expect(values.get("p052")).toEqual(["manager: nothing → p001@contoso.example"]);
  expect(values.get("p054")).toEqual(["manager: p002@contoso.example → p001@contoso.example"]);
  expect(page).not.toContain("<b>Lyon");

  const { takeover, codes } = JSON.parse(stdout);
  expect(takeover).toEqual({
    table: { file: null, source: expect.stringContaining("Microsoft Learn"), checked: "2026-11" },
    previewed: 300,
    users: 35,
    properties: [
      ["accountEnabled", 5, 0],
      ["userPrincipalName", 5, 0],
      ["mail", 5, 0],
      ["proxyAddresses", 5, 0],
      ["primaryAddress", 5, 0],
      ["jobTitle", 0, 5],
      ["officeLocation", 0, 5],
      ["manager", 5, 0, 5],
    ].map(([property, changed, cleared, added = 0]) => ({ property, changed, cleared, added })),
  });
  const counts = codes.map(
    (each: { code: string; severity: string; rows: number }) => `${each.code} ${each.severity} ${each.rows}`,
  );
  for (const { finding } of KINDS) if (finding !== null) expect(counts).toContain(`${finding} warn 5`);
});

test("the screen says in one line what will change", async () => {
  const { stdout } = await company.run(["plan", "mappings/people.csv", "--run", "runs/b"]);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "The takeover will change 35 of 300 users: manager 10, accountEnabled 5, userPrincipalName 5, mail 5, proxyAddresses 5, primaryAddress 5 and 2 more properties.",
  );
});

test("an operator's own table decides what is previewed, and the report names it", async () => {
  const usual = company.configuration();
  company.write(
    "attributes.yaml",
    "source: <our> rules\nchecked: 2026-10\nflows:\n  - { from: title, to: jobTitle, compare: text, whenEmpty: clears }\n",
  );
  company.write("hardmatch.yaml", `${usual}takeover: attributes.yaml\n`);
  const { stdout } = await company.run(["plan", "mappings/people.csv", "--run", "runs/c", "--json"]);
  const { takeover } = JSON.parse(stdout);
  expect(takeover.table).toEqual({ file: "attributes.yaml", source: "<our> rules", checked: "2026-10" });
  expect(takeover.properties).toEqual([{ property: "jobTitle", changed: 0, cleared: 5, added: 0 }]);
  const page = readFileSync(company.path("runs/c/report.html"), "utf8");
  expect(page).toContain("attributes.yaml");
  expect(page).toContain("&lt;our&gt; rules");

  company.write(
    "attributes.yaml",
    "source: our rules\nchecked: 2026-10\nflows:\n  - { from: titel, to: jobTitle, compare: text, whenEmpty: clears }\n",
  );
  const refused = await company.run(["plan", "mappings/people.csv", "--run", "runs/d"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("attributes.yaml:4:7: flows[0].from must be one of");
  expect(refused.stderr).toContain("did you mean title?");
  company.write("hardmatch.yaml", usual);
});
