/** What each finding says of the rows it names: an operator mends the mapping by it. */
import { describe, expect, test } from "vitest";
import { runChecks } from "../../../src/core/checks/checks.ts";
import type { FindingCode } from "../../../src/core/findings.ts";
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

const ada = { accounts: [account("ada")], users: [cloudUser("ada")], mappings: [mapping(2, "ada")] };
const bare = { mail: null, userPrincipalName: null };
const described = (name: string) =>
  `${name}@contoso.example (${CLOUD_ID(name)}; ${name}, created at an unknown time, never synced, 0 licences)`;
const role = (name: string, through: string | null = null, how: "active" | "eligible" = "active") => ({
  role: name,
  privileged: true,
  how,
  through,
});
const others = { blocksHardMatch: false, allowsIdentifierUpdate: false, syncsPasswords: false };

const cases: readonly (readonly [code: FindingCode, title: string, world: SmallWorld, details: readonly string[]])[] = [
  [
    "source-duplicate",
    "two rows",
    {
      ...ada,
      users: [cloudUser("ada"), cloudUser("ada2")],
      mappings: [mapping(2, "ada"), mapping(3, "ADA", { upn: "ada2@contoso.example" })],
    },
    ["rows 2 and 3 name ada"],
  ],
  [
    "source-duplicate",
    "one name of two domains",
    {
      accounts: [account("ada"), account("ada", { domain: "OLD" })],
      users: [cloudUser("ada"), cloudUser("ada2")],
      mappings: [
        mapping(2, "ada", { domain: "CORP" }),
        mapping(3, "ada", { domain: "OLD", upn: "ada2@contoso.example" }),
      ],
    },
    [],
  ],
  [
    "target-duplicate",
    "two rows",
    {
      accounts: [account("ada"), account("ben")],
      users: ada.users,
      mappings: [mapping(2, "ada"), mapping(3, "ben", { upn: "ADA@contoso.example" })],
    },
    ["rows 2 and 3 name ada@contoso.example"],
  ],
  ["source-not-found", "a bare name", { ...ada, accounts: [] }, ["no account ada"]],
  [
    "source-not-found",
    "a name with its domain",
    { ...ada, accounts: [], mappings: [mapping(2, "ada", { domain: "CORP" })] },
    ["no account CORP\\ada"],
  ],
  [
    "source-not-found",
    "a domain that nobody serves",
    { ...ada, mappings: [mapping(2, "ada", { domain: "NEW" })] },
    ["no directory is configured for the domain NEW"],
  ],
  [
    "source-name-mismatch",
    "two like accounts, in the order of their names",
    { ...ada, accounts: [account("ãda"), account("adá")], mappings: [mapping(2, "ada")] },
    ["asked for ada, found CORP\\adá, CORP\\ãda"],
  ],
  ["source-not-a-user", "a group", { ...ada, accounts: [account("ada", { kind: "group" })] }, ["CORP\\ada is a group"]],
  [
    "source-used-twice",
    "two spellings",
    {
      ...ada,
      users: [cloudUser("ada"), cloudUser("ada2")],
      mappings: [mapping(2, "ada"), mapping(3, "ada", { domain: "CORP", upn: "ada2@contoso.example" })],
    },
    ["rows 2 and 3 lead to CORP\\ada"],
  ],
  [
    "source-used-twice",
    "two accounts with one anchor",
    {
      accounts: [account("ada"), account("ben", { consistencyGuid: bytesOf(account("ada").objectGuid) })],
      users: [cloudUser("ada"), cloudUser("ben")],
      mappings: [mapping(2, "ada"), mapping(3, "ben")],
      options: { anchor: "mS-DS-ConsistencyGuid" },
    },
    ["rows 2 and 3 lead to CORP\\ada and CORP\\ben"],
  ],
  [
    "source-disabled",
    "one",
    { ...ada, accounts: [account("ada", { disabled: true })], users: [cloudUser("ada", { accountEnabled: false })] },
    ["CORP\\ada is disabled"],
  ],
  [
    "source-protected",
    "one",
    { ...ada, accounts: [account("ada", { protectedAccount: true })] },
    ["CORP\\ada is protected"],
  ],
  [
    "anchor-invalid",
    "20 bytes",
    { ...ada, accounts: [account("ada", { consistencyGuid: new Uint8Array(20) })] },
    ["CORP\\ada holds 20 bytes"],
  ],
  [
    "anchor-invalid",
    "16 bytes",
    { ...ada, accounts: [account("ada", { consistencyGuid: bytesOf(AD_GUID("CORPada")) })] },
    [],
  ],
  [
    "anchor-differs",
    "one",
    { ...ada, accounts: [account("ada", { consistencyGuid: bytesOf(AD_GUID("old")) })] },
    ["CORP\\ada carries an mS-DS-ConsistencyGuid of its own"],
  ],
  [
    "target-deleted",
    "a time that is known",
    { ...ada, users: [], deleted: [deletedUser("ada")] },
    [`${described("ada")} was deleted 2026-11-01T00:00:00Z`],
  ],
  [
    "target-deleted",
    "a time that is unknown",
    { ...ada, users: [], deleted: [deletedUser("ada", { deletedAt: null })] },
    [`${described("ada")} was deleted at an unknown time`],
  ],
  [
    "target-guest",
    "any case",
    { ...ada, users: [cloudUser("ada", { userType: "gUEST" })] },
    ["ada@contoso.example is a guest"],
  ],
  ["target-guest", "a member", { ...ada, users: [cloudUser("ada", { userType: "Member" })] }, []],
  [
    "target-used-twice",
    "by name and by id",
    {
      ...ada,
      accounts: [account("ada"), account("ben")],
      mappings: [mapping(2, "ada"), mapping(3, "ben", { upn: CLOUD_ID("ada") })],
    },
    ["rows 2 and 3 lead to ada@contoso.example"],
  ],
  [
    "target-disabled",
    "one",
    { ...ada, users: [cloudUser("ada", { accountEnabled: false })] },
    ["ada@contoso.example cannot sign in"],
  ],
  [
    "target-already-matched",
    "not synced",
    { ...ada, users: [cloudUser("ada", { immutableId: anchorOf("ada") })] },
    ["not synced yet"],
  ],
  [
    "target-already-matched",
    "synced",
    { ...ada, users: [cloudUser("ada", { immutableId: anchorOf("ada"), syncEnabled: true })] },
    ["and sync has taken it over"],
  ],
  [
    "target-synced",
    "without an ID",
    { ...ada, users: [cloudUser("ada", { syncEnabled: true })] },
    ["ada@contoso.example holds no ID"],
  ],
  [
    "target-synced",
    "with another",
    { ...ada, users: [cloudUser("ada", { syncEnabled: true, immutableId: "x" })] },
    ["ada@contoso.example holds x"],
  ],
  [
    "target-synced",
    "of a row without an account",
    { ...ada, accounts: [], users: [cloudUser("ada", { syncEnabled: true })] },
    [],
  ],
  [
    "target-formerly-synced",
    "a time that is known",
    { ...ada, users: [cloudUser("ada", { syncEnabled: false, lastSyncAt: "2026-01-02" })] },
    ["last synced 2026-01-02"],
  ],
  [
    "target-formerly-synced",
    "a time that is unknown",
    { ...ada, users: [cloudUser("ada", { syncEnabled: false })] },
    ["last synced at an unknown time"],
  ],
  [
    "target-formerly-synced",
    "a row that is matched",
    { ...ada, users: [cloudUser("ada", { syncEnabled: false, immutableId: anchorOf("ada") })] },
    [],
  ],
  [
    "target-has-other-id",
    "an ID that can be written back",
    { ...ada, users: [cloudUser("ada", { immutableId: anchorOf("eve") })] },
    [`holds ${anchorOf("eve")}`],
  ],
  [
    "target-has-other-id",
    "one that Graph would not take back",
    { ...ada, users: [cloudUser("ada", { immutableId: " x " })] },
    ["holds  x , which Graph would not take back: no rollback can restore it"],
  ],
  ["target-has-other-id", "the same ID", { ...ada, users: [cloudUser("ada", { immutableId: anchorOf("ada") })] }, []],
  [
    "target-has-other-id",
    "a row without an account",
    { ...ada, accounts: [], users: [cloudUser("ada", { immutableId: "x" })] },
    [],
  ],
  [
    "target-federated",
    "a domain in capitals",
    {
      ...ada,
      users: [cloudUser("ada", { userPrincipalName: "ada@Contoso.EXAMPLE" })],
      takeover: { federatedDomains: new Set(["contoso.example"]) },
    },
    ["contoso.example is federated"],
  ],
  ["target-federated", "another domain", { ...ada, takeover: { federatedDomains: new Set(["fabrikam.example"]) } }, []],
  ["target-federated", "domains that could not be read", { ...ada, takeover: { federatedDomains: null } }, []],
  [
    "target-federated",
    "a row without an account",
    { ...ada, accounts: [], takeover: { federatedDomains: new Set(["contoso.example"]) } },
    [],
  ],
  [
    "target-privileged",
    "own and through a group",
    {
      ...ada,
      takeover: {
        roles: new Map([
          [
            CLOUD_ID("ada"),
            [
              role("Global Administrator"),
              role("User Administrator", "Admins", "eligible"),
              { ...role("Reports Reader"), privileged: false },
            ],
          ],
        ]),
      },
    },
    ["Global Administrator (active), User Administrator (eligible, through Admins)"],
  ],
  ["target-privileged", "roles that could not be read", { ...ada, takeover: { roles: null } }, []],
  [
    "target-has-role",
    "one that is not privileged",
    { ...ada, takeover: { roles: new Map([[CLOUD_ID("ada"), [{ ...role("Reports Reader"), privileged: false }]]]) } },
    ["Reports Reader (active)"],
  ],
  ["target-has-role", "roles that could not be read", { ...ada, takeover: { roles: null } }, []],
  ["target-has-role", "a user without a role", { ...ada, takeover: { roles: new Map([[CLOUD_ID("ada"), []]]) } }, []],
  [
    "target-object-identifier-set",
    "that of another account",
    { ...ada, takeover: { objectIdentifiers: new Map([[CLOUD_ID("ada"), AD_GUID("old")]]) } },
    [`carries ${AD_GUID("old")}`],
  ],
  [
    "target-cloud-managed",
    "one",
    { ...ada, takeover: { cloudManaged: new Set([CLOUD_ID("ada")]) } },
    ["isCloudManaged is true"],
  ],
  ["target-cloud-managed", "what could not be read", { ...ada, takeover: { cloudManaged: null } }, []],
  [
    "address-conflict",
    "a user, a deleted one, a group and a contact, by mail addresses alone",
    {
      accounts: [
        account("ada", {
          proxyAddresses: [
            "smtp:a1@contoso.example",
            "SMTP:a2@contoso.example",
            "smtp:a3@contoso.example",
            "XSMTP:a4@contoso.example",
          ],
        }),
      ],
      users: [
        cloudUser("ada"),
        cloudUser("cyd", { mail: "a1@contoso.example" }),
        cloudUser("dee", { mail: "a4@contoso.example" }),
      ],
      deleted: [deletedUser("eve", { mail: "a2@contoso.example", userPrincipalName: "eve@contoso.example" })],
      mappings: [mapping(2, "ada")],
      takeover: {
        mailObjects: [
          { id: "g", name: "Sales", kind: "group", addresses: ["SMTP:a3@contoso.example", "a3@contoso.example"] },
          { id: "c", name: "Ada Home", kind: "contact", addresses: ["a3@contoso.example"] },
        ],
      },
    },
    [
      "a1@contoso.example belongs to the user cyd@contoso.example, a2@contoso.example belongs to the deleted user eve@contoso.example, a3@contoso.example belongs to the group Sales, a3@contoso.example belongs to the contact Ada Home",
    ],
  ],
  [
    "address-conflict",
    "a former SID",
    {
      ...ada,
      accounts: [account("ada", { objectSid: "S-1-5-21-1", sidHistory: ["S-1-5-21-2"] })],
      users: [
        cloudUser("ada", { securityIdentifier: "S-1-5-21-1" }),
        cloudUser("cyd", { securityIdentifier: "S-1-5-21-2" }),
      ],
    },
    ["the SID belongs to the user cyd@contoso.example"],
  ],
  ["address-conflict", "objects that could not be read", { ...ada, takeover: { mailObjects: null } }, []],
  [
    "address-conflict",
    "a row that sync has taken over",
    {
      ...ada,
      users: [
        cloudUser("ada", { immutableId: anchorOf("ada"), syncEnabled: true }),
        cloudUser("cyd", { mail: "ada@contoso.example" }),
      ],
    },
    [],
  ],
  [
    "address-conflict",
    "accounts and users without any address",
    { ...ada, accounts: [account("ada", bare)], users: [cloudUser("ada"), cloudUser("cyd", { mail: "" })] },
    [],
  ],
  [
    "address-conflict",
    "an account without mail beside a group with an empty address",
    {
      ...ada,
      accounts: [account("ada", bare)],
      takeover: { mailObjects: [{ id: "g", name: "Sales", kind: "group", addresses: ["smtp:"] }] },
    },
    [],
  ],
  [
    "upn-will-change",
    "one",
    { ...ada, accounts: [account("ada", { userPrincipalName: "ada@new.example" })] },
    ["ada@contoso.example will become ada@new.example"],
  ],
  [
    "upn-will-change",
    "an account without one",
    { ...ada, accounts: [account("ada", { userPrincipalName: null })] },
    [],
  ],
  [
    "tenant-hard-match-blocked",
    "one",
    { ...ada, takeover: { features: { ...others, blocksHardMatch: true } } },
    ["no cloud user can be taken over"],
  ],
  ["tenant-hard-match-blocked", "features that could not be read", { ...ada, takeover: { features: null } }, []],
  ["tenant-password-sync", "features that could not be read", { ...ada, takeover: { features: null } }, []],
  [
    "tenant-sync-active",
    "a time that is known",
    { ...ada, tenant: { syncedRecently: true } },
    ["last sync 2026-11-20T01:00:00Z"],
  ],
  [
    "tenant-sync-active",
    "a time that is unknown",
    { ...ada, tenant: { syncedRecently: true, lastSyncAt: null } },
    ["last sync at an unknown time"],
  ],
  ["tenant-sync-active", "a tenant without sync", { ...ada, tenant: { syncedRecently: true, syncEnabled: false } }, []],
  [
    "tenant-sync-off",
    "a tenant that once had it",
    { ...ada, tenant: { syncEnabled: false } },
    ["onPremisesSyncEnabled is not true"],
  ],
  [
    "tenant-check-unavailable",
    "one",
    {
      ...ada,
      takeover: {
        gaps: [{ check: "whether targets hold a role", permission: "RoleManagement.Read.Directory", reason: "403" }],
      },
    },
    ["not checked: whether targets hold a role; it wants RoleManagement.Read.Directory (403)"],
  ],
  [
    "id-held-by-user",
    "a stranger",
    { ...ada, users: [cloudUser("ada"), cloudUser("cyd", { immutableId: anchorOf("ada") })] },
    [`held by ${described("cyd")}`],
  ],
  ["id-held-by-user", "the target itself", { ...ada, users: [cloudUser("ada", { immutableId: anchorOf("ada") })] }, []],
  [
    "id-held-by-user",
    "a row without a user of its own",
    { ...ada, users: [cloudUser("cyd", { immutableId: anchorOf("ada") })] },
    [],
  ],
  [
    "id-held-by-deleted-user",
    "a stranger",
    { ...ada, deleted: [deletedUser("cyd", { immutableId: anchorOf("ada") })] },
    [`held by ${described("cyd")}`],
  ],
  [
    "id-held-by-deleted-user",
    "the target that is restored",
    {
      ...ada,
      users: [],
      deleted: [deletedUser("ada", { immutableId: anchorOf("ada") })],
      mappings: [mapping(2, "ada", { onConflict: ["restore-target"] })],
      options: { allow: ["restore-target"] },
    },
    [],
  ],
  [
    "id-held-in-batch",
    "a row that frees it",
    {
      accounts: [account("ada"), account("ben")],
      users: [cloudUser("ada"), cloudUser("ben", { immutableId: anchorOf("ada") })],
      mappings: [mapping(2, "ada"), mapping(3, "ben")],
      options: { replace: true },
    },
    ["row 3 frees it"],
  ],
  [
    "id-held-in-batch",
    "a row that would not write: it has no account",
    {
      accounts: [account("ada")],
      users: [cloudUser("ada"), cloudUser("ben", { immutableId: anchorOf("ada") })],
      mappings: [mapping(2, "ada"), mapping(3, "ben")],
      options: { replace: true },
    },
    [],
  ],
  [
    "id-differs-in-case",
    "two strangers",
    {
      ...ada,
      users: [
        cloudUser("ada"),
        cloudUser("cyd", { immutableId: anchorOf("ada").toLowerCase() }),
        cloudUser("dee", { immutableId: anchorOf("ada").toUpperCase() }),
      ],
    },
    [
      `${described("cyd")} holds ${anchorOf("ada").toLowerCase()}, ${described("dee")} holds ${anchorOf("ada").toUpperCase()}`,
    ],
  ],
  [
    "id-differs-in-case",
    "the target itself",
    { ...ada, users: [cloudUser("ada", { immutableId: anchorOf("ada").toLowerCase() })], options: { replace: true } },
    [],
  ],
  [
    "waits-for-blocked-row",
    "two rows that want one value",
    {
      accounts: [account("ada"), account("ben")],
      users: [
        cloudUser("ada"),
        cloudUser("ada2"),
        cloudUser("ben", { immutableId: anchorOf("ada"), userType: "Guest" }),
      ],
      mappings: [mapping(2, "ada"), mapping(3, "ada", { upn: "ada2@contoso.example" }), mapping(4, "ben")],
      options: { replace: true },
    },
    ["row 4 does not free it", "row 4 does not free it"],
  ],
  [
    "waits-for-blocked-row",
    "a value that two blocked rows hold: who waits behind is named once",
    {
      accounts: ["ada", "ben", "cyd", "dee"].map((name) => account(name)),
      users: [
        cloudUser("ada", { immutableId: anchorOf("dee") }),
        cloudUser("ben", { immutableId: anchorOf("ada"), userType: "Guest" }),
        cloudUser("cyd", { immutableId: anchorOf("ada"), userType: "Guest" }),
        cloudUser("dee"),
      ],
      mappings: ["ada", "ben", "cyd", "dee"].map((name, index) => mapping(index + 2, name)),
      options: { replace: true },
    },
    ["row 3 does not free it", "row 4 does not free it", "row 2 does not free it"],
  ],
  [
    "waits-for-blocked-row",
    "a chain behind a guest",
    {
      accounts: ["ada", "ben", "cyd"].map((name) => account(name)),
      users: [
        cloudUser("ada"),
        cloudUser("ben", { immutableId: anchorOf("ada") }),
        cloudUser("cyd", { immutableId: anchorOf("ben"), userType: "Guest" }),
      ],
      mappings: [mapping(2, "ada"), mapping(3, "ben"), mapping(4, "cyd")],
      options: { replace: true },
    },
    ["row 3 does not free it", "row 4 does not free it"],
  ],
  [
    "waits-for-blocked-row",
    "a cycle with a guest: each row once",
    {
      accounts: ["ada", "ben"].map((name) => account(name)),
      users: [
        cloudUser("ada", { immutableId: anchorOf("ben") }),
        cloudUser("ben", { immutableId: anchorOf("ada"), userType: "Guest" }),
      ],
      mappings: [mapping(2, "ada"), mapping(3, "ben")],
      options: { replace: true },
    },
    ["row 3 does not free it", "row 2 does not free it"],
  ],
  [
    "action-irreversible",
    "one that deletes for good",
    {
      ...ada,
      users: [cloudUser("ada"), cloudUser("cyd", { immutableId: anchorOf("ada") })],
      mappings: [mapping(2, "ada", { onConflict: ["delete-holder"] })],
      options: { allow: ["delete-holder"] },
    },
    ["delete of cyd@contoso.example, purge of cyd@contoso.example"],
  ],
  [
    "action-irreversible",
    "one that only clears",
    {
      ...ada,
      users: [cloudUser("ada"), cloudUser("cyd", { immutableId: anchorOf("ada") })],
      mappings: [mapping(2, "ada", { onConflict: ["clear-holder"] })],
      options: { allow: ["clear-holder"] },
    },
    [],
  ],
];

for (const [code, title, world, details] of cases) {
  test(`${code} of ${title} says: ${details.join(" | ") || "nothing"}`, () => {
    const found = runChecks(batchOf(world)).filter((finding) => finding.code === code);
    expect(found.map(({ detail }) => detail)).toEqual(details);
  });
}

describe("identity-disagrees", () => {
  const name = (index: number) =>
    `${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + Math.floor(index / 26))}person`;
  /** People of whom the first so many stand beside somebody they have nothing in common with. */
  const company = (wrong: number, right: number, accepted: number | null = null): SmallWorld => {
    const people = Array.from({ length: wrong + right }, (_, index) => name(index));
    return {
      accounts: people.map((one) => account(one, { ...bare, displayName: `${one} ${one}son` })),
      users: people.map((one, index) =>
        cloudUser(index < wrong ? `zz${one}` : one, {
          mail: null,
          displayName: index < wrong ? `qq${one} qq${one}son` : `${one} ${one}son`,
          userPrincipalName: `${index < wrong ? `zz${index}` : one}@contoso.example`,
        }),
      ),
      mappings: people.map((one, index) =>
        mapping(index + 2, one, { upn: `${index < wrong ? `zz${index}` : one}@contoso.example` }),
      ),
      options: { acceptedIdentityMismatch: accepted },
    };
  };
  const onBatch = (world: SmallWorld) =>
    runChecks(batchOf(world))
      .filter(({ code, rows }) => code === "identity-disagrees" && rows.length === 0)
      .map(({ severity, detail }) => `${severity}: ${detail}`);

  test("of too many rows blocks, and says which number accepts it", () => {
    expect(onBatch(company(6, 20))).toEqual([
      "block: 6 of 26 comparable rows agree in nothing that tells two people apart (rows 2, 3, 4, 5, 6 and 7); if each of them is right, --accept-identity-mismatch 6 says so",
    ]);
  });

  test("of another number than was accepted blocks, and says so", () => {
    expect(onBatch(company(6, 20, 5))).toEqual([
      expect.stringMatching(/^block: .* says so; --accept-identity-mismatch 5 was given, and that is another number$/),
    ]);
  });

  test("of the number that was accepted warns", () => {
    expect(onBatch(company(6, 20, 6))).toEqual([
      "warn: 6 of 26 comparable rows agree in nothing that tells two people apart (rows 2, 3, 4, 5, 6 and 7)",
    ]);
  });

  test("of twenty rows names all, and of more the first twenty", () => {
    expect(onBatch(company(20, 0))[0]).toContain("(rows 2, 3,");
    expect(onBatch(company(21, 0))[0]).toContain("(first rows 2, 3,");
    expect(onBatch(company(21, 0))[0]).not.toContain("22");
  });

  for (const [wrong, right, expected] of [
    [1, 0, 0],
    [2, 0, 1],
    [2, 1, 1],
    [2, 2, 0],
    [3, 2, 1],
    [3, 3, 0],
    [4, 4, 0],
    [4, 3, 1],
  ] as const) {
    test(`of ${wrong} rows beside ${right} that agree is ${expected === 0 ? "not " : ""}said of the batch`, () => {
      const said = onBatch(company(wrong, right));
      expect(said.length).toBe(expected);
      expect(said.every((line) => line.startsWith("warn: "))).toBe(true);
    });
  }
});

describe("identity-not-comparable", () => {
  const nothing = { displayName: null, mail: null };
  const company = (without: number, right: number): SmallWorld => {
    const people = Array.from({ length: without + right }, (_, index) => `p${index}`);
    return {
      accounts: people.map((one, index) =>
        account(
          index < without ? `u1029${index}` : `${one}xname`,
          index < without ? { ...nothing, userPrincipalName: null } : {},
        ),
      ),
      users: people.map((one, index) => (index < without ? cloudUser(one, nothing) : cloudUser(`${one}xname`))),
      mappings: people.map((one, index) =>
        index < without
          ? mapping(index + 2, `u1029${index}`, { upn: `${one}@contoso.example` })
          : mapping(index + 2, `${one}xname`),
      ),
    };
  };
  const onBatch = (world: SmallWorld) =>
    runChecks(batchOf(world))
      .filter(({ code, rows }) => code === "identity-not-comparable" && rows.length === 0)
      .map(({ detail }) => detail);

  test("is said of the batch from five rows on, when they are more than the others", () => {
    expect(onBatch(company(4, 0))).toEqual([]);
    expect(onBatch(company(5, 5))).toEqual([]);
    expect(onBatch(company(6, 5))).toEqual([
      "6 of 11 rows have nothing to compare: a column that was sorted or shifted would not be noticed",
    ]);
  });

  test("says of each row what is missing", () => {
    const found = runChecks(batchOf(company(1, 0))).filter(({ code }) => code === "identity-not-comparable");
    expect(found.map(({ rows, detail }) => `${rows.join()}: ${detail}`)).toEqual([
      "2: no name, address, number or login on both sides",
    ]);
  });
});
