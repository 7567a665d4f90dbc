import { expect, test } from "vitest";
import { CHECKS, EXPLANATIONS, runChecks } from "../../../src/core/checks/checks.ts";
import { FINDING_CODES } from "../../../src/core/findings.ts";
import {
  AD_GUID,
  account,
  anchorOf,
  batchOf,
  bytesOf,
  CLOUD_ID,
  cloudUser,
  deletedUser,
  mapping,
  type SmallWorld,
} from "../../support/facts.ts";

/** Ada and Ben as they should be; each case changes what it is about. */
const people = { accounts: [account("ada"), account("ben")], users: [cloudUser("ada"), cloudUser("ben")] };
const both = [mapping(2, "ada"), mapping(3, "ben")];
const otherId = anchorOf("somebody");
const swapCase = (id: string) =>
  id.replace(/[A-Za-z]/g, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));

const cases: readonly (SmallWorld & { readonly name: string; readonly expect: readonly string[] })[] = [
  { name: "is silent on a clean batch", ...people, mappings: both, expect: [] },
  {
    name: "reports one account on two rows, whatever its case",
    ...people,
    mappings: [mapping(2, "ada"), mapping(3, "ADA", { upn: "ben@contoso.example" })],
    expect: ["source-duplicate block 2,3"],
  },
  {
    name: "reports one cloud user on two rows, whatever its case",
    ...people,
    mappings: [mapping(2, "ada"), mapping(3, "ben", { upn: "ADA@contoso.example" })],
    expect: ["target-duplicate block 2,3"],
  },
  {
    name: "reports an account that no directory has",
    ...people,
    mappings: [mapping(2, "cyd", { upn: "ada@contoso.example" })],
    expect: ["source-not-found block 2"],
  },
  {
    name: "reports a domain that no directory serves",
    ...people,
    mappings: [mapping(2, "ada", { domain: "ELSEWHERE" })],
    expect: ["source-not-found block 2"],
  },
  {
    name: "reports an account of two domains",
    ...people,
    accounts: [account("ada"), account("ada", { domain: "OLD" })],
    mappings: [mapping(2, "ada")],
    expect: ["source-ambiguous block 2"],
  },
  {
    name: "takes the domain that the row names",
    ...people,
    accounts: [account("ada"), account("ada", { domain: "OLD" })],
    mappings: [mapping(2, "ada", { domain: "corp" })],
    expect: [],
  },
  {
    name: "reports an accent that the DC folded away",
    accounts: [account("josé")],
    users: [cloudUser("jose")],
    mappings: [mapping(2, "jose")],
    expect: ["source-name-mismatch block 2"],
  },
  {
    name: "takes the exact one where the DC also offers its like",
    accounts: [account("josé"), account("jose")],
    users: [cloudUser("jose")],
    mappings: [mapping(2, "jose")],
    expect: [],
  },
  {
    name: "reports a computer",
    accounts: [account("ada", { kind: "computer" })],
    users: people.users,
    mappings: [mapping(2, "ada")],
    expect: ["source-not-a-user block 2"],
  },
  {
    name: "reports a managed service account",
    accounts: [account("ada", { kind: "managed-service-account" })],
    users: people.users,
    mappings: [mapping(2, "ada")],
    expect: ["source-not-a-user block 2"],
  },
  {
    name: "reports two spellings that lead to one account",
    ...people,
    mappings: [mapping(2, "ada"), mapping(3, "ada", { domain: "CORP", upn: "ben@contoso.example" })],
    expect: ["source-used-twice block 2,3"],
  },
  {
    name: "reports two accounts with one copied anchor",
    ...people,
    accounts: [account("ada"), account("ben", { consistencyGuid: bytesOf(account("ada").objectGuid) })],
    mappings: both,
    options: { anchor: "mS-DS-ConsistencyGuid" },
    expect: ["source-used-twice block 2,3"],
  },
  {
    name: "reports a disabled account",
    ...people,
    accounts: [account("ada", { disabled: true })],
    mappings: [mapping(2, "ada")],
    expect: ["source-disabled warn 2"],
  },
  {
    name: "reports a ConsistencyGuid of 20 bytes",
    ...people,
    accounts: [account("ada", { consistencyGuid: new Uint8Array(20) })],
    mappings: [mapping(2, "ada")],
    expect: ["anchor-invalid block 2"],
  },
  {
    name: "only warns of it where objectGUID is used",
    ...people,
    accounts: [account("ada", { consistencyGuid: new Uint8Array(20) })],
    mappings: [mapping(2, "ada")],
    options: { anchor: "objectGUID" },
    expect: ["anchor-invalid warn 2"],
  },
  {
    name: "reports a ConsistencyGuid of its own",
    ...people,
    accounts: [account("ada", { consistencyGuid: bytesOf(AD_GUID("old")) })],
    mappings: [mapping(2, "ada")],
    expect: ["anchor-differs block 2"],
  },
  {
    name: "takes either attribute when told to",
    ...people,
    accounts: [account("ada", { consistencyGuid: bytesOf(AD_GUID("old")) })],
    mappings: [mapping(2, "ada")],
    options: { anchor: "mS-DS-ConsistencyGuid" },
    expect: [],
  },
  {
    name: "reports a UPN that nobody has",
    ...people,
    mappings: [mapping(2, "ada", { upn: "nobody@contoso.example" })],
    expect: ["target-not-found block 2"],
  },
  {
    name: "reports a user in the recycle bin by the UPN it had",
    accounts: people.accounts,
    users: [],
    deleted: [deletedUser("ada")],
    mappings: [mapping(2, "ada")],
    expect: ["target-deleted block 2"],
  },
  {
    name: "reports a user in the recycle bin that kept its UPN",
    accounts: people.accounts,
    users: [],
    deleted: [deletedUser("ada", { userPrincipalName: "ada@contoso.example" })],
    mappings: [mapping(2, "ada")],
    expect: ["target-deleted block 2"],
  },
  {
    name: "reports a user in the recycle bin by its id",
    accounts: people.accounts,
    users: [],
    deleted: [deletedUser("ada")],
    mappings: [mapping(2, "ada", { upn: CLOUD_ID("ada") })],
    expect: ["target-deleted block 2"],
  },
  {
    name: "reports a guest",
    accounts: people.accounts,
    users: [cloudUser("ada", { userType: "Guest" })],
    mappings: [mapping(2, "ada")],
    expect: ["target-guest block 2"],
  },
  {
    name: "takes a user without a type for a member",
    accounts: people.accounts,
    users: [cloudUser("ada", { userType: null })],
    mappings: [mapping(2, "ada")],
    expect: [],
  },
  {
    name: "reports one user by name and by id",
    ...people,
    mappings: [mapping(2, "ada"), mapping(3, "ben", { upn: CLOUD_ID("ada").toUpperCase() })],
    expect: ["target-used-twice block 2,3"],
  },
  {
    name: "reports a user that cannot sign in",
    accounts: people.accounts,
    users: [cloudUser("ada", { accountEnabled: false })],
    mappings: [mapping(2, "ada")],
    expect: ["target-disabled warn 2"],
  },
  {
    name: "reports a user that holds the ID already",
    accounts: people.accounts,
    users: [cloudUser("ada", { immutableId: anchorOf("ada") })],
    mappings: [mapping(2, "ada")],
    expect: ["target-already-matched info 2"],
  },
  {
    name: "says nothing else of a user that sync has taken over",
    accounts: people.accounts,
    users: [cloudUser("ada", { immutableId: anchorOf("ada"), syncEnabled: true, accountEnabled: false })],
    mappings: [mapping(2, "ada")],
    expect: ["target-already-matched info 2"],
  },
  {
    name: "still says what hinders the takeover of a matched user",
    accounts: people.accounts,
    users: [cloudUser("ada", { immutableId: anchorOf("ada"), userType: "Guest" })],
    mappings: [mapping(2, "ada")],
    expect: ["target-guest block 2", "target-already-matched info 2"],
  },
  {
    name: "reports a synced user without an ID",
    accounts: people.accounts,
    users: [cloudUser("ada", { syncEnabled: true })],
    mappings: [mapping(2, "ada")],
    expect: ["target-synced block 2"],
  },
  {
    name: "reports a synced user with another ID, also with --replace",
    accounts: people.accounts,
    users: [cloudUser("ada", { syncEnabled: true, immutableId: otherId })],
    mappings: [mapping(2, "ada")],
    options: { replace: true },
    expect: ["target-synced block 2"],
  },
  {
    name: "reports a user that was synced once",
    accounts: people.accounts,
    users: [cloudUser("ada", { syncEnabled: false })],
    mappings: [mapping(2, "ada")],
    expect: ["target-formerly-synced warn 2"],
  },
  {
    name: "reports a user with another ID",
    accounts: people.accounts,
    users: [cloudUser("ada", { immutableId: otherId })],
    mappings: [mapping(2, "ada")],
    expect: ["target-has-other-id block 2"],
  },
  {
    name: "only warns of it with --replace",
    accounts: people.accounts,
    users: [cloudUser("ada", { immutableId: otherId })],
    mappings: [mapping(2, "ada")],
    options: { replace: true },
    expect: ["target-has-other-id warn 2"],
  },
  {
    name: "takes an empty text for no ID",
    accounts: people.accounts,
    users: [cloudUser("ada", { immutableId: "" })],
    mappings: [mapping(2, "ada")],
    expect: [],
  },
  {
    name: "reports an ID that another live user holds",
    ...people,
    users: [...people.users, cloudUser("cyd", { immutableId: anchorOf("ada") })],
    mappings: [mapping(2, "ada")],
    expect: ["id-held-by-user block 2"],
  },
  {
    name: "reports an ID that a deleted user holds",
    ...people,
    deleted: [deletedUser("cyd", { immutableId: anchorOf("ada") })],
    mappings: [mapping(2, "ada")],
    expect: ["id-held-by-deleted-user block 2"],
  },
  {
    name: "reports an ID that another row frees, and blocks nobody for it",
    accounts: people.accounts,
    users: [cloudUser("ada"), cloudUser("ben", { immutableId: anchorOf("ada") })],
    mappings: both,
    options: { replace: true },
    expect: ["target-has-other-id warn 3", "id-held-in-batch info 2"],
  },
  {
    name: "reports an ID that differs in case only",
    ...people,
    users: [...people.users, cloudUser("cyd", { immutableId: swapCase(anchorOf("ada")) })],
    mappings: [mapping(2, "ada")],
    expect: ["id-differs-in-case block 2"],
  },
  {
    name: "reports it in the recycle bin too",
    ...people,
    deleted: [deletedUser("cyd", { immutableId: swapCase(anchorOf("ada")) })],
    mappings: [mapping(2, "ada")],
    expect: ["id-differs-in-case block 2"],
  },
  {
    name: "blocks the whole rest of a chain behind a blocked row",
    accounts: ["ada", "ben", "cyd", "dee"].map((name) => account(name)),
    users: [
      cloudUser("ada"),
      cloudUser("ben", { immutableId: anchorOf("ada") }),
      cloudUser("cyd", { immutableId: anchorOf("ben"), userType: "Guest" }),
      cloudUser("dee", { immutableId: anchorOf("cyd") }),
    ],
    mappings: [mapping(2, "ada"), mapping(3, "ben"), mapping(4, "cyd"), mapping(5, "dee")],
    options: { replace: true },
    expect: [
      "target-guest block 4",
      "target-has-other-id warn 3",
      "target-has-other-id warn 4",
      "target-has-other-id warn 5",
      "id-held-in-batch info 2",
      "id-held-in-batch info 3",
      "id-held-in-batch info 4",
      "waits-for-blocked-row block 2",
      "waits-for-blocked-row block 3",
    ],
  },
];

for (const { name, expect: expected, ...world } of cases) {
  test(`runChecks ${name}`, () => {
    const found = runChecks(batchOf(world)).map(({ code, severity, rows }) => `${code} ${severity} ${rows.join()}`);
    expect(found).toEqual(expected);
  });
}

test("every check fires in some case", () => {
  const fired = new Set(cases.flatMap(({ expect: lines }) => lines.map((line) => line.split(" ")[0])));
  expect([...fired].sort()).toEqual(Object.keys(CHECKS).sort());
});

test("every code is explained, with a source and a month", () => {
  for (const code of FINDING_CODES) {
    const { says, why, mend, source, checked } = EXPLANATIONS[code];
    expect(
      [says, why, mend, source].map((text) => text.length > 4 && text === text.trim()),
      code,
    ).toEqual([true, true, true, true]);
    expect(says, code).toMatch(/\.$/);
    expect(checked, code).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  }
});

test("every code is listed once", () => expect(new Set(FINDING_CODES).size).toBe(FINDING_CODES.length));

test("waits-for-blocked-row is the last check, so that it sees every block", () => {
  expect(Object.keys(CHECKS).at(-1)).toBe("waits-for-blocked-row");
});
