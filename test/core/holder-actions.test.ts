import { describe, expect, test } from "vitest";
import {
  asRestored,
  chosenActions,
  decideDeletedHolder,
  decideIdentifier,
  decideLiveHolder,
  decideRestore,
  foreignIdentifier,
  type HolderDecision,
  listHolderSteps,
} from "../../src/core/holder-actions.ts";
import type { HolderAction } from "../../src/core/mapping.ts";
import type { RoleHolding } from "../../src/core/takeover-facts.ts";
import {
  AD_GUID,
  account,
  anchorOf,
  batchOf,
  CLOUD_ID,
  cloudUser,
  deletedUser,
  guidFor,
  mapping,
  type SmallWorld,
} from "../support/facts.ts";

const READER: RoleHolding = { role: "Directory Readers", privileged: false, how: "active", through: null };
const ROLES_KNOWN = { roles: new Map(), rolesAreComplete: true } as const;
const ALL: readonly HolderAction[] = [
  "clear-holder",
  "delete-holder",
  "purge-deleted-holder",
  "restore-target",
  "clear-object-identifier",
];

/** Ada's row, which chooses these actions in its own cell, in a batch that allows all of them. */
function rowOf(cell: readonly HolderAction[], changes: Partial<SmallWorld> = {}) {
  const batch = batchOf({
    accounts: [account("ada"), account("ben")],
    users: [cloudUser("ada"), cloudUser("ben")],
    mappings: [mapping(2, "ada", { onConflict: cell }), mapping(3, "ben")],
    options: { allow: ALL },
    takeover: ROLES_KNOWN,
    ...changes,
  });
  const [facts] = batch.rows;
  if (facts === undefined) throw new Error("the batch has no row");
  return { batch, facts };
}

/** `clear A>null` for each step, or why there is none; null where nothing was chosen. */
const inWords = ({ steps, barred }: HolderDecision) =>
  steps?.map(({ kind, before, after }) => `${kind} ${before}>${after}`).join(", ") ?? barred;

const old = (changes: Parameters<typeof cloudUser>[1] = {}) => cloudUser("old", { immutableId: "A", ...changes });
const LICENSED = "it has 2 licences: only the onConflict cell of this very row may delete it";
const NOT_ALLOWED = "clear-holder was chosen but is not named in --allow";
const SYNCED = "it is synced: take its AD account out of the sync scope, let a sync run, plan again";

describe("decideLiveHolder", () => {
  for (const [title, cell, changes, holder, expected] of [
    ["clears it where that is chosen", ["clear-holder"], {}, old(), "clear A>null"],
    [
      "deletes it for good where that is chosen",
      ["delete-holder"],
      {},
      old(),
      "delete live>deleted, purge deleted>gone",
    ],
    ["does nothing where nothing is chosen", [], {}, old(), null],
    [
      "says which actions would fit",
      ["purge-deleted-holder", "restore-target"],
      {},
      old(),
      "purge-deleted-holder+restore-target does not fit a live holder; clear-holder or delete-holder would",
    ],
    [
      "asks for one of two",
      ["clear-holder", "delete-holder"],
      {},
      old(),
      "clear-holder and delete-holder were both chosen: name one of them",
    ],
    ["needs --allow", ["clear-holder"], { options: { allow: ["delete-holder"] } }, old(), NOT_ALLOWED],
    [
      "takes --on-conflict where the cell is empty",
      [],
      { options: { allow: ALL, onConflict: ["clear-holder"] } },
      old(),
      "clear A>null",
    ],
    ["never touches one that is synced", ["clear-holder"], {}, old({ syncEnabled: true }), SYNCED],
    [
      "takes one that was synced once for one that is not",
      ["clear-holder"],
      {},
      old({ syncEnabled: false }),
      "clear A>null",
    ],
    [
      "never touches a user of the batch",
      ["clear-holder"],
      {},
      cloudUser("ben"),
      "it is itself a cloud user of this batch",
    ],
    [
      "never touches one with a role",
      ["clear-holder"],
      { takeover: { ...ROLES_KNOWN, roles: new Map([[CLOUD_ID("old"), [READER]]]) } },
      old(),
      "it holds a directory role",
    ],
    [
      "takes an empty list of roles for none",
      ["clear-holder"],
      { takeover: { ...ROLES_KNOWN, roles: new Map([[CLOUD_ID("old"), []]]) } },
      old(),
      "clear A>null",
    ],
    [
      "never touches one whose roles are not known",
      ["clear-holder"],
      { takeover: { roles: null, rolesAreComplete: true } },
      old(),
      "whether it holds a role could not be checked",
    ],
    [
      "never touches one of whose roles only some are known",
      ["clear-holder"],
      { takeover: { roles: new Map(), rolesAreComplete: false } },
      old(),
      "whether it holds a role could not be checked",
    ],
    [
      "clears a licensed one by --on-conflict",
      [],
      { options: { allow: ALL, onConflict: ["clear-holder"] } },
      old({ licenceCount: 2 }),
      "clear A>null",
    ],
    [
      "deletes a licensed one by the row's own cell only",
      [],
      { options: { allow: ALL, onConflict: ["delete-holder"] } },
      old({ licenceCount: 2 }),
      LICENSED,
    ],
    [
      "deletes one without licences by --on-conflict",
      [],
      { options: { allow: ALL, onConflict: ["delete-holder"] } },
      old(),
      "delete live>deleted, purge deleted>gone",
    ],
    [
      "deletes a licensed one by the row's own cell",
      ["delete-holder"],
      {},
      old({ licenceCount: 2 }),
      "delete live>deleted, purge deleted>gone",
    ],
    [
      "says everything that bars it at once",
      ["clear-holder"],
      { options: { allow: [] }, takeover: { roles: null } },
      old({ syncEnabled: true }),
      `${SYNCED}; whether it holds a role could not be checked; ${NOT_ALLOWED}`,
    ],
  ] as const satisfies readonly (readonly [
    string,
    readonly HolderAction[],
    Partial<SmallWorld>,
    unknown,
    string | null,
  ])[]) {
    test(title, () => {
      const { batch, facts } = rowOf(cell, changes);
      expect(inWords(decideLiveHolder(facts, holder, batch))).toBe(expected);
    });
  }
});

describe("decideDeletedHolder", () => {
  for (const [title, cell, changes, expected] of [
    ["purges it where that is chosen", ["purge-deleted-holder"], {}, "purge deleted>gone"],
    ["does nothing where nothing is chosen", [], {}, null],
    [
      "says what would fit",
      ["clear-holder"],
      {},
      "clear-holder does not fit a holder in the recycle bin; purge-deleted-holder would",
    ],
    [
      "needs --allow and known roles",
      ["purge-deleted-holder"],
      { options: { allow: [] }, takeover: { roles: null } },
      "whether it holds a role could not be checked; purge-deleted-holder was chosen but is not named in --allow",
    ],
  ] as const) {
    test(title, () => {
      const { batch, facts } = rowOf(cell, changes);
      expect(inWords(decideDeletedHolder(facts, deletedUser("old"), batch))).toBe(expected);
    });
  }
});

describe("decideRestore", () => {
  const bin = (names: readonly string[]): Partial<SmallWorld> => ({
    users: [cloudUser("ben")],
    deleted: names.map((name) => {
      const id = guidFor(name);
      return deletedUser("ada", { id, userPrincipalName: `${id.replaceAll("-", "")}ada@contoso.example` });
    }),
  });
  for (const [title, cell, changes, expected] of [
    ["brings the target back where that is chosen", ["restore-target"], bin(["one"]), "restore deleted>live"],
    ["does nothing where nothing is chosen", [], bin(["one"]), null],
    [
      "says what would fit",
      ["clear-holder"],
      bin(["one"]),
      "clear-holder does not fit a target in the recycle bin; restore-target would",
    ],
    ["cannot choose among several", ["restore-target"], bin(["one", "two"]), "several deleted users had this name"],
    [
      "needs --allow",
      ["restore-target"],
      { ...bin(["one"]), options: { allow: [] } },
      "restore-target was chosen but is not named in --allow",
    ],
    ["says where there is nobody to bring back", ["restore-target"], bin([]), "it cannot be restored"],
  ] as const) {
    test(title, () => {
      const { batch, facts } = rowOf(cell, changes);
      expect(inWords(decideRestore(facts, batch))).toBe(expected);
    });
  }
});

describe("decideIdentifier", () => {
  for (const [title, cell, changes, expected] of [
    ["clears it where that is chosen", ["clear-object-identifier"], {}, "clear-object-identifier foreign>null"],
    ["does nothing where nothing is chosen", [], {}, null],
    ["does nothing without a target", ["clear-object-identifier"], { users: [] }, null],
    [
      "says what would fit",
      ["clear-holder"],
      {},
      "clear-holder does not fit an identifier of the target; clear-object-identifier would",
    ],
    [
      "never touches a synced user, and needs --allow",
      ["clear-object-identifier"],
      { users: [cloudUser("ada", { syncEnabled: true })], options: { allow: [] } },
      "the user is synced; clear-object-identifier was chosen but is not named in --allow",
    ],
  ] as const) {
    test(title, () => {
      const { batch, facts } = rowOf(cell, changes);
      expect(inWords(decideIdentifier(facts, "foreign", batch))).toBe(expected);
    });
  }
});

const UNTRIED = "it will be cleared, which was never tried live on a synced user: do it to one row first";
for (const [syncEnabled, words] of [
  [true, UNTRIED],
  [false, "it will be cleared"],
  [null, "it will be cleared"],
] as const) {
  test(`where the row writes into AD, the identifier of a user whose sync is ${syncEnabled} is cleared and so it is said`, () => {
    const { batch, facts } = rowOf(["clear-object-identifier"], {
      users: [cloudUser("ada", { immutableId: anchorOf("old"), syncEnabled })],
      options: { allow: ALL, writeTo: "ad" },
    });
    const decision = decideIdentifier(facts, "foreign", batch);
    expect([inWords(decision), decision.words]).toEqual(["clear-object-identifier foreign>null", words]);
  });
}

test("what is done is said in words, and to whom by the name that people know", () => {
  const { batch, facts } = rowOf(["purge-deleted-holder"]);
  const gone = deletedUser("old", {
    displayName: "Old",
    createdAt: "2024-03-01",
    lastSyncAt: "2025-01-01",
    licenceCount: 1,
  });
  const decision = decideDeletedHolder(facts, gone, batch);
  expect([decision.words, decision.steps]).toEqual([
    "it will be removed for good",
    [
      {
        kind: "purge",
        objectId: CLOUD_ID("old"),
        name: "old@contoso.example",
        before: "deleted",
        after: "gone",
        holder: { displayName: "Old", createdAt: "2024-03-01", lastSyncAt: "2025-01-01", licenceCount: 1 },
      },
    ],
  ]);
});

test("a row's own cell counts before --on-conflict", () => {
  const { batch, facts } = rowOf(["clear-holder"], { options: { onConflict: ["delete-holder"] } });
  expect(chosenActions(facts, batch)).toEqual(["clear-holder"]);
  const other = rowOf([], { options: { onConflict: ["delete-holder"] } });
  expect(chosenActions(other.facts, other.batch)).toEqual(["delete-holder"]);
});

const SWITCHES = { blocksHardMatch: false, syncsPasswords: false };
for (const [title, identifier, features, users, expected] of [
  ["of another account", AD_GUID("other"), null, null, AD_GUID("other")],
  ["of the own account, in any case", account("ada").objectGuid?.toUpperCase(), null, null, null],
  ["of another account where the tenant lets it be changed", AD_GUID("other"), true, null, null],
  ["of another account where the tenant does not let it be changed", AD_GUID("other"), false, null, AD_GUID("other")],
  ["that is not there", undefined, null, null, null],
  ["without a target", AD_GUID("other"), null, [], null],
] as const) {
  test(`an identifier ${title} is ${expected === null ? "not " : ""}in the way`, () => {
    const { batch, facts } = rowOf([], {
      ...(users === null ? {} : { users }),
      takeover: {
        ...ROLES_KNOWN,
        features: features === null ? null : { ...SWITCHES, allowsIdentifierUpdate: features },
        objectIdentifiers: new Map(identifier === undefined ? [] : [[CLOUD_ID("ada"), identifier]]),
      },
    });
    expect(foreignIdentifier(facts, batch)).toBe(expected);
  });
}

for (const [before, after] of [
  [true, false],
  [false, false],
  [null, null],
] as const) {
  test(`a restored user whose sync was ${before} shows ${after}, under the name it had`, () => {
    expect(asRestored(deletedUser("ada", { syncEnabled: before, immutableId: "A" }))).toMatchObject({
      userPrincipalName: "ada@contoso.example",
      syncEnabled: after,
      immutableId: "A",
    });
  });
}

describe("listHolderSteps", () => {
  const kinds = ({ batch, facts }: ReturnType<typeof rowOf>, holders = [old({ immutableId: anchorOf("ada") })]) =>
    listHolderSteps(facts, batch, holders).map(({ kind, name }) => `${kind} ${name.split("@")[0]}`);
  const everything: Partial<SmallWorld> = {
    deleted: [deletedUser("gone", { immutableId: anchorOf("ada") })],
    takeover: { ...ROLES_KNOWN, objectIdentifiers: new Map([[CLOUD_ID("ada"), AD_GUID("other")]]) },
  };

  test("has everything that stands in the way, in order", () => {
    const cell = ["clear-object-identifier", "clear-holder", "purge-deleted-holder"] as const;
    expect(kinds(rowOf(cell, everything))).toEqual(["clear-object-identifier ada", "clear old", "purge gone"]);
  });

  test("has nothing that was not chosen", () => {
    expect(kinds(rowOf(["purge-deleted-holder"], everything))).toEqual(["purge gone"]);
    expect(kinds(rowOf([], everything))).toEqual([]);
  });

  test("brings the target back first, and does not purge it for the ID that it holds itself", () => {
    const world = { users: [cloudUser("ben")], deleted: [deletedUser("ada", { immutableId: anchorOf("ada") })] };
    expect(kinds(rowOf(["restore-target", "purge-deleted-holder", "clear-holder"], world))).toEqual([
      "restore ada",
      "clear old",
    ]);
  });

  test("clears no identifier where none is in the way, or nobody could read them", () => {
    expect(kinds(rowOf(["clear-object-identifier"]), [])).toEqual([]);
    const unread = { takeover: { ...ROLES_KNOWN, objectIdentifiers: null } };
    expect(kinds(rowOf(["clear-object-identifier"], unread), [])).toEqual([]);
  });

  test("looks for no holder where the row has no ID to give", () => {
    expect(kinds(rowOf(["purge-deleted-holder"], { ...everything, accounts: [account("ben")] }), [])).toEqual([]);
  });
});
