import { expect, test } from "vitest";
import { CHECKS, EXPLANATIONS, runChecks } from "../../../src/core/checks/checks.ts";
import { FINDING_CODES } from "../../../src/core/findings.ts";
import type { Mapping } from "../../../src/core/mapping.ts";
import type { DeletedUser } from "../../../src/core/snapshot.ts";
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
import { anchorWriteCases } from "./anchor-write-cases.ts";

/** Ada and Ben as they should be; each case changes what it is about. */
const people = { accounts: [account("ada"), account("ben")], users: [cloudUser("ada"), cloudUser("ben")] };
const both = [mapping(2, "ada"), mapping(3, "ben")];
const otherId = anchorOf("somebody");
const inEurope = (name: string) => ({
  domain: { domain: "EU", dn: "DC=eu,DC=contoso,DC=example" },
  dn: `CN=${name},DC=eu,DC=contoso,DC=example`,
  accountName: name,
  value: name,
});
const swapCase = (id: string) =>
  id.replace(/[A-Za-z]/g, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));

const role = (name: string, privileged: boolean) => ({ role: name, privileged, how: "active" as const, through: null });
/** One person with two cloud users, of whose account nothing but the name can be compared. */
const twice = {
  accounts: [account("ada", { mail: null, userPrincipalName: null })],
  users: [cloudUser("ada"), cloudUser("ada2", { displayName: "ada" })],
};
const held = {
  accounts: people.accounts,
  users: [...people.users, cloudUser("cyd", { immutableId: anchorOf("ada") })],
};
const binned = { ...people, deleted: [deletedUser("cyd", { immutableId: anchorOf("ada") })] };
/** People whose AD accounts hold nothing but a number, and who hold nothing else in the cloud; then others as they should be. */
const nameless = (numbered: readonly string[], named: readonly string[] = []) => ({
  accounts: [
    ...numbered.map((name, index) =>
      account(`u1029${index}`, { displayName: null, mail: null, userPrincipalName: null, objectGuid: AD_GUID(name) }),
    ),
    ...named.map((name) => account(name)),
  ],
  users: [
    ...numbered.map((name) => cloudUser(name, { displayName: null, mail: null })),
    ...named.map((name) => cloudUser(name)),
  ],
  mappings: [...numbered, ...named].map((name, index) =>
    mapping(index + 2, index < numbered.length ? `u1029${index}` : name, { upn: `${name}@contoso.example` }),
  ),
});
const chooses = (...onConflict: Mapping["onConflict"]) => [mapping(2, "ada", { onConflict })];

const holderCases: readonly (SmallWorld & { readonly name: string; readonly expect: readonly string[] })[] = [
  {
    name: "resolves a live holder that is cleared",
    ...held,
    mappings: chooses("clear-holder"),
    options: { allow: ["clear-holder"] },
    expect: ["id-held-by-user warn 2"],
  },
  {
    name: "resolves a live holder by --on-conflict where the cell is empty",
    ...held,
    mappings: [mapping(2, "ada")],
    options: { onConflict: ["clear-holder"], allow: ["clear-holder"] },
    expect: ["id-held-by-user warn 2"],
  },
  {
    name: "does nothing that --allow does not name",
    ...held,
    mappings: chooses("clear-holder"),
    expect: ["id-held-by-user block 2"],
  },
  {
    name: "does nothing that only --allow names",
    ...held,
    mappings: [mapping(2, "ada")],
    options: { allow: ["clear-holder", "delete-holder"] },
    expect: ["id-held-by-user block 2"],
  },
  {
    name: "never touches a holder that is synced",
    accounts: people.accounts,
    users: [...people.users, cloudUser("cyd", { immutableId: anchorOf("ada"), syncEnabled: true })],
    mappings: chooses("delete-holder"),
    options: { allow: ["delete-holder"] },
    expect: ["id-held-by-user block 2"],
  },
  {
    name: "never touches a holder with a role",
    ...held,
    mappings: chooses("delete-holder"),
    options: { allow: ["delete-holder"] },
    takeover: { roles: new Map([[CLOUD_ID("cyd"), [role("Reports Reader", false)]]]) },
    expect: ["id-held-by-user block 2"],
  },
  {
    name: "never touches a holder of whom only some roles could be read",
    ...held,
    mappings: chooses("delete-holder"),
    options: { allow: ["delete-holder"] },
    takeover: { rolesAreComplete: false },
    expect: ["id-held-by-user block 2"],
  },
  {
    name: "never touches a holder whose roles could not be read",
    ...held,
    mappings: chooses("delete-holder"),
    options: { allow: ["delete-holder"] },
    takeover: { roles: null },
    expect: ["id-held-by-user block 2"],
  },
  {
    name: "deletes a licensed holder by the cell of its own row only",
    accounts: people.accounts,
    users: [...people.users, cloudUser("cyd", { immutableId: anchorOf("ada"), licenceCount: 1 })],
    mappings: [mapping(2, "ada")],
    options: { onConflict: ["delete-holder"], allow: ["delete-holder"] },
    expect: ["id-held-by-user block 2"],
  },
  {
    name: "resolves a licensed holder that its own row deletes",
    accounts: people.accounts,
    users: [...people.users, cloudUser("cyd", { immutableId: anchorOf("ada"), licenceCount: 1 })],
    mappings: chooses("delete-holder"),
    options: { allow: ["delete-holder"] },
    expect: ["id-held-by-user warn 2", "action-irreversible warn 2"],
  },
  {
    name: "resolves a deleted holder that is purged",
    ...binned,
    mappings: chooses("purge-deleted-holder"),
    options: { allow: ["purge-deleted-holder"] },
    expect: ["id-held-by-deleted-user warn 2", "action-irreversible warn 2"],
  },
  {
    name: "resolves a deleted target that is restored",
    accounts: people.accounts,
    users: [],
    deleted: [deletedUser("ada")],
    mappings: chooses("restore-target"),
    options: { allow: ["restore-target"] },
    expect: ["target-deleted warn 2"],
  },
  {
    name: "checks a deleted target that is restored like any other",
    accounts: people.accounts,
    users: [],
    deleted: [deletedUser("ada", { userType: "Guest" })],
    mappings: chooses("restore-target"),
    options: { allow: ["restore-target"] },
    expect: ["target-deleted warn 2", "target-guest block 2"],
  },
  {
    name: "plans no irreversible action for a row that something else blocks",
    accounts: people.accounts,
    users: [cloudUser("ada", { userType: "Guest" })],
    deleted: [deletedUser("cyd", { immutableId: anchorOf("ada") })],
    mappings: chooses("purge-deleted-holder"),
    options: { allow: ["purge-deleted-holder"] },
    expect: ["target-guest block 2", "id-held-by-deleted-user warn 2"],
  },
  {
    name: "resolves a foreign identifier that is cleared",
    ...people,
    mappings: chooses("clear-object-identifier"),
    options: { allow: ["clear-object-identifier"] },
    takeover: { objectIdentifiers: new Map([[CLOUD_ID("ada"), AD_GUID("old")]]) },
    expect: ["target-object-identifier-set warn 2", "action-irreversible warn 2"],
  },
];

const cases: readonly (SmallWorld & { readonly name: string; readonly expect: readonly string[] })[] = [
  { name: "is silent on a clean batch", ...people, mappings: both, expect: [] },
  {
    name: "reports one account on two rows, whatever its case",
    ...twice,
    mappings: [mapping(2, "ada"), mapping(3, "ADA", { upn: "ada2@contoso.example" })],
    expect: ["source-duplicate block 2,3"],
  },
  {
    name: "reports one cloud user on two rows, whatever its case",
    accounts: [account("ada"), account("ada2", { displayName: "ada", mail: null, userPrincipalName: null })],
    users: [cloudUser("ada")],
    mappings: [mapping(2, "ada"), mapping(3, "ada2", { upn: "ADA@contoso.example" })],
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
    name: "reports a mail address that two accounts of one domain hold",
    ...people,
    accounts: [account("ada"), account("ben", { mail: "ADA@contoso.example" })],
    mappings: [mapping(2, "ada@contoso.example", { upn: "ada@contoso.example" })],
    options: { sourceKey: "mail" },
    expect: ["source-ambiguous block 2"],
  },
  {
    name: "reports one DN on two rows, however it is written",
    ...twice,
    mappings: [
      mapping(2, "CN=ada,OU=People,DC=corp,DC=contoso,DC=example", { upn: "ada@contoso.example" }),
      mapping(3, "cn=\\61da, ou=People, dc=corp, dc=contoso, dc=example", { upn: "ada2@contoso.example" }),
    ],
    options: { sourceKey: "distinguishedName" },
    expect: ["source-duplicate block 2,3"],
  },
  {
    name: "reports an account that lies in an unconfigured domain of the forest too",
    ...people,
    mappings: [mapping(2, "ada")],
    elsewhere: [inEurope("ada")],
    expect: ["source-ambiguous block 2"],
  },
  {
    name: "reports an account that lies in two unconfigured domains of the forest only",
    ...people,
    mappings: [mapping(2, "cyd", { upn: "ada@contoso.example" })],
    elsewhere: [inEurope("cyd"), { ...inEurope("cyd"), domain: { domain: "ASIA", dn: "DC=asia" } }],
    expect: ["source-ambiguous block 2"],
  },
  {
    name: "reports an account that lies in one unconfigured domain of the forest only",
    ...people,
    mappings: [mapping(2, "cyd", { upn: "ada@contoso.example" })],
    elsewhere: [inEurope("cyd")],
    expect: ["source-not-found block 2"],
  },
  {
    name: "takes the row's own domain, whatever lies elsewhere",
    ...people,
    mappings: [mapping(2, "ada", { domain: "CORP" })],
    elsewhere: [inEurope("ada")],
    expect: [],
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
    ...twice,
    mappings: [mapping(2, "ada"), mapping(3, "ada", { domain: "CORP", upn: "ada2@contoso.example" })],
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
    name: "reports a disabled account whose cloud user can sign in once, as what the takeover does",
    ...people,
    accounts: [account("ada", { disabled: true }), account("ben")],
    mappings: both,
    expect: ["takeover-blocks-signin warn 2"],
  },
  {
    name: "reports an account that is disabled on both sides",
    accounts: [account("ada", { disabled: true })],
    users: [cloudUser("ada", { accountEnabled: false })],
    mappings: [mapping(2, "ada")],
    expect: ["source-disabled warn 2", "target-disabled warn 2"],
  },
  {
    name: "reports a disabled account without a cloud user",
    accounts: [account("ada", { disabled: true })],
    users: [],
    mappings: [mapping(2, "ada")],
    expect: ["source-disabled warn 2", "target-not-found block 2"],
  },
  {
    name: "reports a disabled account that sync has taken over already, by itself alone",
    accounts: [account("ada", { disabled: true })],
    users: [cloudUser("ada", { immutableId: anchorOf("ada"), syncEnabled: true })],
    mappings: [mapping(2, "ada")],
    expect: ["source-disabled warn 2", "target-already-matched info 2"],
  },
  {
    name: "reports an address that AD lacks, and none that the tenant keeps",
    accounts: [account("ada"), account("ben")],
    users: [
      cloudUser("ada", { proxyAddresses: ["SMTP:ada@contoso.example", "smtp:old@contoso.example"] }),
      cloudUser("ben", { proxyAddresses: ["SMTP:ben@contoso.example", "smtp:ben@contoso.onmicrosoft.com"] }),
    ],
    mappings: both,
    expect: ["takeover-loses-address warn 2"],
  },
  {
    name: "reports another primary address",
    accounts: [account("ada", { proxyAddresses: ["SMTP:a@contoso.example", "smtp:ada@contoso.example"] })],
    users: [cloudUser("ada", { proxyAddresses: ["smtp:A@contoso.example", "SMTP:ada@contoso.example"] })],
    mappings: [mapping(2, "ada")],
    expect: ["takeover-renames warn 2"],
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
    name: "reports a mail address that is nobody's UPN, though somebody has it",
    ...people,
    users: [cloudUser("ada", { userPrincipalName: "ada.adler@contoso.example" })],
    mappings: [mapping(2, "ada")],
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
    accounts: [account("ada"), account("ada2", { displayName: "ada", mail: null, userPrincipalName: null })],
    users: [cloudUser("ada")],
    mappings: [mapping(2, "ada"), mapping(3, "ada2", { upn: CLOUD_ID("ada").toUpperCase() })],
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
  {
    name: "reports an administrator's account",
    accounts: [account("ada", { protectedAccount: true })],
    users: people.users,
    mappings: [mapping(2, "ada")],
    expect: ["source-protected warn 2"],
  },
  {
    name: "reports a user of a federated domain",
    ...people,
    mappings: [mapping(2, "ada")],
    takeover: { federatedDomains: new Set(["contoso.example"]) },
    expect: ["target-federated block 2"],
  },
  {
    name: "reports a user with a privileged role, and not its other roles",
    ...people,
    mappings: both,
    takeover: {
      roles: new Map([[CLOUD_ID("ada"), [role("Global Administrator", true), role("Reports Reader", false)]]]),
    },
    expect: ["target-privileged block 2"],
  },
  {
    name: "reports a user that may activate a privileged role through a group",
    ...people,
    mappings: both,
    takeover: {
      roles: new Map([
        [CLOUD_ID("ada"), [{ role: "User Administrator", privileged: true, how: "eligible", through: "Admins" }]],
      ]),
    },
    expect: ["target-privileged block 2"],
  },
  {
    name: "only warns of a role that is not privileged",
    ...people,
    mappings: both,
    takeover: { roles: new Map([[CLOUD_ID("ada"), [role("Reports Reader", false)]]]) },
    expect: ["target-has-role warn 2"],
  },
  {
    name: "blocks a matched user with a privileged role: the takeover is still to come",
    accounts: people.accounts,
    users: [cloudUser("ada", { immutableId: anchorOf("ada") })],
    mappings: [mapping(2, "ada")],
    takeover: { roles: new Map([[CLOUD_ID("ada"), [role("Global Administrator", true)]]]) },
    expect: ["target-already-matched info 2", "target-privileged block 2"],
  },
  {
    name: "says nothing of the roles of a user that sync has taken over",
    accounts: people.accounts,
    users: [cloudUser("ada", { immutableId: anchorOf("ada"), syncEnabled: true })],
    mappings: [mapping(2, "ada")],
    takeover: { roles: new Map([[CLOUD_ID("ada"), [role("Global Administrator", true)]]]) },
    expect: ["target-already-matched info 2"],
  },
  {
    name: "reports the identifier of another account",
    ...people,
    mappings: both,
    takeover: {
      objectIdentifiers: new Map([[CLOUD_ID("ada"), AD_GUID("old")]]),
    },
    expect: ["target-object-identifier-set block 2"],
  },
  {
    name: "is silent about the identifier of the same account, whatever its case",
    ...people,
    mappings: both,
    takeover: { objectIdentifiers: new Map([[CLOUD_ID("ada"), account("ada").objectGuid.toUpperCase()]]) },
    expect: [],
  },
  {
    name: "is silent about another identifier where the tenant allows the change",
    ...people,
    mappings: both,
    takeover: {
      objectIdentifiers: new Map([[CLOUD_ID("ada"), AD_GUID("old")]]),
      features: { blocksHardMatch: false, allowsIdentifierUpdate: true, syncsPasswords: false },
    },
    expect: [],
  },
  {
    name: "reports a user that the cloud manages",
    ...people,
    mappings: both,
    takeover: { cloudManaged: new Set([CLOUD_ID("ben")]) },
    expect: ["target-cloud-managed block 3"],
  },
  {
    name: "reports an address that a third user has",
    accounts: [account("ada", { proxyAddresses: ["SMTP:ada@contoso.example", "smtp:a.lovelace@contoso.example"] })],
    users: [cloudUser("ada"), cloudUser("cyd", { proxyAddresses: ["smtp:A.Lovelace@contoso.example"] })],
    mappings: [mapping(2, "ada")],
    expect: ["address-conflict warn 2"],
  },
  {
    name: "reports an address that a group has",
    ...people,
    mappings: both,
    takeover: { mailObjects: [{ id: "g", name: "Sales", kind: "group", addresses: ["ADA@contoso.example"] }] },
    expect: ["address-conflict warn 2"],
  },
  {
    name: "reports a SID that a third user has",
    accounts: [account("ada", { objectSid: "S-1-5-21-1" })],
    users: [cloudUser("ada"), cloudUser("cyd", { securityIdentifier: "S-1-5-21-1" })],
    mappings: [mapping(2, "ada")],
    expect: ["address-conflict warn 2"],
  },
  {
    name: "reports a UPN that will change, whatever its case",
    accounts: [
      account("ada", { userPrincipalName: "ada@new.example" }),
      account("ben", { userPrincipalName: "BEN@contoso.example" }),
    ],
    users: people.users,
    mappings: both,
    expect: ["upn-will-change warn 2"],
  },
  {
    name: "reports a row whose two sides agree in nothing",
    accounts: [
      account("ben", { displayName: "Ben Miller", mail: "ben.miller@contoso.example", userPrincipalName: null }),
    ],
    users: [cloudUser("zoe.park", { displayName: "Zoe Park" })],
    mappings: [mapping(3, "ben", { upn: "zoe.park@contoso.example" })],
    expect: ["identity-disagrees warn 3"],
  },
  {
    name: "counts a row apart that has nothing to compare",
    ...nameless(["ada"]),
    expect: ["identity-not-comparable info 2"],
  },
  {
    name: "warns when most rows have nothing to compare: nothing would notice a sorted column",
    ...nameless(["ada", "ben", "cyd", "dee", "eve"]),
    expect: [
      "identity-not-comparable warn ",
      "identity-not-comparable info 2",
      "identity-not-comparable info 3",
      "identity-not-comparable info 4",
      "identity-not-comparable info 5",
      "identity-not-comparable info 6",
    ],
  },
  {
    name: "does not warn when half of the rows can be compared",
    ...nameless(["ada", "ben", "cyd", "dee", "eve"], ["fay", "gil", "hal", "ira", "jon"]),
    expect: [2, 3, 4, 5, 6].map((row) => `identity-not-comparable info ${row}`),
  },
  {
    name: "reports a tenant that blocks hard matches",
    ...people,
    mappings: both,
    takeover: { features: { blocksHardMatch: true, allowsIdentifierUpdate: false, syncsPasswords: false } },
    expect: ["tenant-hard-match-blocked block "],
  },
  {
    name: "reports a sync that is running",
    ...people,
    mappings: both,
    tenant: { syncedRecently: true },
    expect: ["tenant-sync-active warn "],
  },
  {
    name: "reports a tenant without sync",
    ...people,
    mappings: both,
    tenant: { syncEnabled: null },
    expect: ["tenant-sync-off warn "],
  },
  {
    name: "reports that passwords will be replaced",
    ...people,
    mappings: both,
    takeover: { features: { blocksHardMatch: false, allowsIdentifierUpdate: false, syncsPasswords: true } },
    expect: ["tenant-password-sync info "],
  },
  {
    name: "names each check that could not be made",
    ...people,
    mappings: both,
    takeover: {
      roles: null,
      gaps: [{ check: "whether targets hold a role", permission: "RoleManagement.Read.Directory", reason: "403" }],
    },
    expect: ["tenant-check-unavailable warn "],
  },
  ...holderCases,
];

const allCases = [...cases, ...anchorWriteCases];

for (const { name, expect: expected, ...world } of allCases) {
  test(`runChecks ${name}`, () => {
    const found = runChecks(batchOf(world)).map(({ code, severity, rows }) => `${code} ${severity} ${rows.join()}`);
    expect(found).toEqual(expected);
  });
}

const strays: readonly (readonly [
  name: string,
  users: SmallWorld["users"],
  deleted: readonly DeletedUser[],
  says: string,
])[] = [
  ["nobody has", [cloudUser("ben")], [], "no user ada@contoso.example"],
  [
    "a user has as its mail address",
    [cloudUser("ada", { userPrincipalName: "ada.adler@contoso.example", mail: "Ada@contoso.example" })],
    [],
    "no user ada@contoso.example; it is a mail address of ada.adler@contoso.example",
  ],
  [
    "two users have as a proxy address",
    [
      cloudUser("cyd", { mail: null, proxyAddresses: ["smtp:ada@contoso.example"] }),
      cloudUser("ben", { mail: null, proxyAddresses: ["SMTP:ADA@contoso.example"] }),
    ],
    [],
    "no user ada@contoso.example; it is a mail address of ben@contoso.example and cyd@contoso.example",
  ],
  [
    "a user in the recycle bin has as its mail address",
    [],
    [deletedUser("cyd", { mail: "ada@contoso.example" })],
    "no user ada@contoso.example; it is a mail address of cyd@contoso.example (in the recycle bin)",
  ],
];

for (const [name, users, deleted, says] of strays) {
  test(`target-not-found of an address that ${name} says: ${says}`, () => {
    const found = runChecks(batchOf({ accounts: [account("ada")], users, deleted, mappings: [mapping(2, "ada")] }));
    expect(found.filter(({ code }) => code === "target-not-found").map(({ detail }) => detail)).toEqual([says]);
  });
}

test("every check fires in some case", () => {
  const fired = new Set(allCases.flatMap(({ expect: lines }) => lines.map((line) => line.split(" ")[0])));
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

test("the checks that ask which rows are blocked are the last, so that they see every block", () => {
  expect(Object.keys(CHECKS).slice(-2)).toEqual(["waits-for-blocked-row", "action-irreversible"]);
});
