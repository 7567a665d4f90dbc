/**
 * Names that look alike, against a domain controller that compares as Windows does: without regard to accents, width
 * and kana. Whoever is not named exactly is never matched, whatever the directory offers.
 */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { entry, result, startScriptedServer } from "../adapters/ldap/scripted-server.ts";
import { AD_GUID } from "../support/facts.ts";
import { BASE_DN, describeEntry, describePerson, type SmallCompany, startCompany } from "../support/small-company.ts";

const CLOUD_NAMES = ["ada", "ben", "cyd", "dee", "eve"];

let company: SmallCompany;
beforeAll(async () => {
  const entries = ["ada", "josé", "kim", "ida", "たろう"].map(describeEntry);
  company = await startCompany({ entries, users: CLOUD_NAMES.map(describePerson), foldAccents: true });
});
afterAll(() => company.close());

/** Plans these accounts, each for a user of its own, and tells the findings that block each row. */
async function plan(accounts: readonly string[], ...words: string[]) {
  const rows = accounts.map((account, index) => `${account},${CLOUD_NAMES[index]}@contoso.example\n`);
  company.write("mappings/people.csv", `sAMAccountName,userPrincipalName\n${rows.join("")}`);
  const { code, stdout, stderr } = await company.run(["plan", "mappings/people.csv", "--json", ...words]);
  const document = JSON.parse(stdout);
  const blocked: [number, string][] = (document.blockedRows ?? []).map(
    ({ row, findings }: { row: number; findings: string[] }) => [row, findings.join()],
  );
  return { code, stderr, document, blocked: Object.fromEntries(blocked) };
}

const alike: readonly [title: string, account: string, finding: string][] = [
  ["without the accent", "jose", "source-name-mismatch"],
  ["with the accent as a letter of its own (NFD)", "jose\u0301", "source-name-mismatch"],
  ["in full width", "\uFF4B\uFF49\uFF4D", "source-name-mismatch"],
  ["with the Kelvin sign for K", "\u212Aim", "source-n"],
  ["with the Turkish dotted I", "\u0130da", "source-n"],
  ["in katakana", "タロウ", "source-n"],
];
test.each(alike)(
  "A08, B02, B03: a name %s never leads to the account that is spelled otherwise",
  async (_title, account, finding) => {
    const { code, document, blocked } = await plan(["ada", account]);
    expect([code, document.rowsToWrite, Object.keys(blocked)]).toEqual([3, 1, ["3"]]);
    expect(blocked[3]).toMatch(new RegExp(`^${finding}[a-z-]*$`));
  },
);

test("A08: a name that is spelled exactly as the directory has it is found", async () => {
  const { code, document } = await plan(["josé", "KIM", "たろう"]);
  expect([code, document.rowsToWrite]).toEqual([0, 3]);
});

test("B03: an account that the directory offers with a space behind its name is another one", async () => {
  const server = await startScriptedServer((request) => {
    const done = result(request, 0);
    if (request.kind !== "search") return [done];
    const guid = Buffer.from(AD_GUID("ada").replaceAll("-", ""), "hex");
    if (request.names.length > 0)
      return [
        entry(request, `CN=ada,${BASE_DN}`, { objectClass: ["user"], sAMAccountName: ["ada "], objectGUID: [guid] }),
        done,
      ];
    return [
      entry(request, request.baseDn, { defaultNamingContext: [BASE_DN], objectGUID: [Buffer.alloc(16, 7)] }),
      done,
    ];
  });
  onTestFinished(() => server.close());
  const config = company.write("spaces.yaml", company.configuration().replace(/url: ldap:.*/, `url: ${server.url}`));
  const { code, document, blocked } = await plan(["ada"], "--config", config);
  expect([code, document.rowsToWrite, blocked]).toEqual([3, 0, { 2: "source-name-mismatch" }]);
});

test("A10, A11, A12: rows that name one account or one user, exactly or in another case, are all named", async () => {
  const lines = [
    "ada,ada@contoso.example",
    "ADA,ben@contoso.example",
    "kim,cyd@contoso.example",
    "ida,CYD@contoso.example",
    "josé,eve@contoso.example",
    "josé,eve@contoso.example",
  ];
  company.write("mappings/people.csv", `sAMAccountName,userPrincipalName\n${lines.join("\n")}\n`);
  const { code, stdout } = await company.run(["plan", "mappings/people.csv", "--json"]);
  const { rowsToWrite, blockedRows } = JSON.parse(stdout);
  expect([code, rowsToWrite]).toEqual([3, 0]);
  const findings = blockedRows.map(({ row, findings: codes }: { row: number; findings: string[] }) => [
    row,
    codes.filter((each) => each.endsWith("-duplicate")),
  ]);
  expect(findings).toEqual([
    [2, ["source-duplicate"]],
    [3, ["source-duplicate"]],
    [4, ["target-duplicate"]],
    [5, ["target-duplicate"]],
    [6, ["source-duplicate", "target-duplicate"]],
    [7, ["source-duplicate", "target-duplicate"]],
  ]);
  expect((await company.run(["plan", "mappings/people.csv"])).stdout).toContain("rows 2 and 3 name ada");
});
