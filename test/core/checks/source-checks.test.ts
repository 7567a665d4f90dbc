/** The words of the findings about AD accounts, where they help to mend the mapping. */
import { expect, test } from "vitest";
import type { RowFacts } from "../../../src/core/checks/check.ts";
import { SOURCE_CHECKS } from "../../../src/core/checks/source-checks.ts";
import type { Resolution } from "../../../src/core/resolution.ts";
import { account, anchorOf, batchOf, cloudUser, mapping, type SmallWorld } from "../../support/facts.ts";

const elsewhere = [
  {
    domain: { domain: "EU", dn: "DC=eu,DC=contoso,DC=example" },
    dn: "CN=ada,DC=eu,DC=contoso,DC=example",
    accountName: "ada",
    value: "ada",
  },
];

function detailsOf(code: "source-not-found" | "source-ambiguous", changes: Partial<Resolution>): string[] {
  const batch = batchOf({ mappings: [mapping(2, "ada")], accounts: [], users: [cloudUser("ada")] });
  const rows = batch.rows.map((row): RowFacts => ({ ...row, resolution: { ...row.resolution, ...changes } }));
  return Array.from(SOURCE_CHECKS[code].find({ ...batch, rows }), ({ detail }) => detail);
}

test("source-not-found says what may have happened to the name", () => {
  const hints = [
    { kind: "leading-zeros", key: "sAMAccountName", accounts: ["CORP\\00ada"] },
    { kind: "other-key", key: "mail", accounts: ["CORP\\ada.smith"] },
  ] as const;
  expect(detailsOf("source-not-found", { hints })).toEqual([
    "no account ada; CORP\\00ada exists: leading zeros were lost; it is the mail of CORP\\ada.smith: plan with --source-key mail if the column holds that",
  ]);
});

test("source-not-found names the domain of the forest in which the account lies", () => {
  expect(detailsOf("source-not-found", { elsewhere })).toEqual([
    "no account ada; it lies in the domain EU, for which no directory is configured",
  ]);
});

test("source-ambiguous says the same in whatever order the directories answer", () => {
  const exact = [account("eve"), account("ada"), account("ben")];
  const [said] = detailsOf("source-ambiguous", { exact });
  expect(said).toBe("found as CORP\\ada and CORP\\ben and CORP\\eve");
  expect(detailsOf("source-ambiguous", { exact: exact.toReversed() })).toEqual([said]);
});

test("source-ambiguous names every account, and which domain nobody is configured for", () => {
  expect(detailsOf("source-ambiguous", { exact: [account("ada")], elsewhere })).toEqual([
    "found as CORP\\ada and EU\\ada (no directory is configured for EU)",
  ]);
});

const twoWays = (upn: string, account: string, writeTo: "ad" | "cloud") =>
  mapping(3, account, { domain: "CORP", upn: `${upn}@contoso.example`, writeTo });

for (const [title, world, details] of [
  [
    "of one account that is written and whose anchor is taken, beside rows without an account",
    {
      accounts: [account("ada")],
      users: [cloudUser("ada", { immutableId: anchorOf("ada", "OLD") }), cloudUser("ben")],
      mappings: [mapping(2, "ada", { writeTo: "ad" }), twoWays("ben", "ada", "cloud"), mapping(4, "zoe")],
    },
    ["rows 2 and 3 lead to CORP\\ada"],
  ],
  [
    "nothing of one user whose ID two accounts would get",
    {
      accounts: [account("ada"), account("ben")],
      users: [cloudUser("ada", { immutableId: anchorOf("ada", "OLD") })],
      mappings: [mapping(2, "ada", { writeTo: "ad" }), twoWays("ada", "ben", "ad")],
    },
    [],
  ],
] as const satisfies readonly (readonly [string, SmallWorld, readonly string[]])[]) {
  test(`source-used-twice says ${title}`, () => {
    const found = Array.from(SOURCE_CHECKS["source-used-twice"].find(batchOf(world)), ({ detail }) => detail);
    expect(found).toEqual(details);
  });
}
