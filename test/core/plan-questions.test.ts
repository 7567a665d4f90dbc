import { expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { mappingOf } from "../../src/core/plan.ts";
import {
  listAnchorQuestions,
  listHolders,
  listLookUpKeys,
  listManagedTargets,
  listWantedIds,
  NO_KEYS,
} from "../../src/core/plan-questions.ts";
import { indexAccounts, resolveMapping } from "../../src/core/resolution.ts";
import { buildSnapshot } from "../../src/core/snapshot.ts";
import {
  account,
  anchorOf,
  batchOf,
  bytesOf,
  CLOUD_ID,
  cloudUser,
  deletedUser,
  guidFor,
  idOf,
  mapping,
  planOf,
} from "../support/facts.ts";
import { findTwoOfOneNumber } from "../support/two-of-one-number.ts";

const people = ["ada", "ben"];

test("two users that hold one value are said to, instead of being put in some order", () => {
  const attempt = () =>
    planOf({
      accounts: people.map((name) => account(name)),
      users: people.map((name) => cloudUser(name, { immutableId: "twice" })),
      mappings: people.map((name, index) => mapping(index + 2, name)),
      options: { replace: true },
    });
  expect(attempt).toThrow(BatchError);
  expect(attempt).toThrow(expect.objectContaining({ cause: expect.any(RangeError) }));
  expect(attempt).toThrow(expect.objectContaining({ code: "blocked", message: expect.stringMatching(/rows 2 and 3/) }));
});

for (const [title, changes] of [
  ["a bare account", {}],
  ["an account with its domain", { domain: "CORP" }],
  ["another spelling than the directory's", { account: "ADA", upn: "Ada@Contoso.Example" }],
  ["a user named by object id", { upn: guidFor("cloud ada") }],
  ["one holder action", { onConflict: ["clear-holder"] }],
  ["several holder actions", { onConflict: ["clear-holder", "restore-target"] }],
  ["the operator's own columns", { extra: ["wave 1", "", "+=x"] }],
  ["an account that nobody has", { account: "nobody" }],
] as const) {
  test(`a planned row gives back the mapping that it was made from: ${title}`, () => {
    const asked = mapping(7, "ada", changes);
    const [row] = planOf({ accounts: [account("ada")], users: [cloudUser("ada")], mappings: [asked] }).rows;
    expect(row === undefined ? null : mappingOf(row)).toEqual(asked);
  });
}

test("the wanted IDs are each listed once, without accounts that have no anchor", () => {
  const accounts = [account("ada"), account("ben", { consistencyGuid: new Uint8Array(3) })];
  const found = indexAccounts([{ domain: "CORP", accounts }]);
  const resolutions = ["ada", "ADA", "ben", "nobody"].map((name, index) =>
    resolveMapping(mapping(index + 2, name), found),
  );
  expect(listWantedIds(resolutions, { anchor: "auto", writeTo: "cloud" })).toEqual([anchorOf("ada")]);
  expect(listWantedIds(resolutions, { anchor: "objectGUID", writeTo: "cloud" })).toEqual([
    anchorOf("ada"),
    anchorOf("ben"),
  ]);
});

test("what to look for in the tenant is each value once, and no empty one", () => {
  const accounts = [
    account("ada", {
      objectSid: "S-1-5-21-1",
      sidHistory: ["S-1-5-21-9"],
      proxyAddresses: ["SMTP:Ada@contoso.example"],
    }),
    account("ben", { objectSid: "S-1-5-21-1", sidHistory: [] }),
    account("cyd"),
  ];
  const found = indexAccounts([{ domain: "CORP", accounts }]);
  const resolutions = ["ada", "ben", "cyd", "nobody"].map((name, index) =>
    resolveMapping(mapping(index + 2, name), found),
  );
  expect(listLookUpKeys(resolutions, { anchor: "auto", writeTo: "cloud" })).toEqual({
    immutableIds: ["ada", "ben", "cyd"].map((name) => anchorOf(name)),
    addresses: ["ada", "ben", "cyd"].map((name) => `${name}@contoso.example`),
    sids: ["S-1-5-21-1", "S-1-5-21-9"],
  });
  expect(NO_KEYS).toEqual({ immutableIds: [], addresses: [], sids: [] });
});

test("users whose roles matter are those that hold a wanted value, live or deleted, and targets in the recycle bin", () => {
  const snapshot = buildSnapshot(
    [cloudUser("ada", { immutableId: "A" }), cloudUser("ben")],
    [deletedUser("cyd", { immutableId: "B" }), deletedUser("dee"), deletedUser("ben")],
  );
  const names = ["ada", "ben", "dee", "nobody"].map((name) => `${name}@contoso.example`);
  expect(listHolders(names, { ...NO_KEYS, immutableIds: ["A", "B", "C"] }, snapshot)).toEqual(
    ["ada", "cyd", "dee"].map(CLOUD_ID),
  );
});

/** A row for each name, of these accounts. */
function resolve(names: readonly string[], accounts: Parameters<typeof indexAccounts>[0][number]["accounts"]) {
  const found = indexAccounts([{ domain: "CORP", accounts }]);
  return (changes: Parameters<typeof mapping>[2] = {}) =>
    names.map((name, index) => resolveMapping(mapping(index + 2, name, changes), found));
}

for (const [side, ids] of [
  ["ad", [idOf("other"), anchorOf("ada")]],
  ["cloud", [anchorOf("ada")]],
] as const) {
  test(`a row that writes into ${side} asks the tenant for ${ids.length} of the IDs of an account that has both`, () => {
    const rows = resolve(["ada"], [account("ada", { consistencyGuid: bytesOf(guidFor("ad other")) })]);
    const other = side === "ad" ? "cloud" : "ad";
    expect(listWantedIds(rows(), { anchor: "objectGUID", writeTo: side })).toEqual(ids);
    expect(listWantedIds(rows({ writeTo: side }), { anchor: "objectGUID", writeTo: other })).toEqual(ids);
  });
}

for (const [title, writeTo, changes, user, immutableIds, accounts] of [
  ["its user's ID and its account", "ad", {}, { immutableId: idOf("x") }, [idOf("x")], ["ada"]],
  ["its account alone where its user has no ID", "ad", {}, {}, [], ["ada"]],
  ["its account alone where its user's ID is none of 16 bytes", "ad", {}, { immutableId: "old" }, [], ["ada"]],
  ["its account alone where it has no user", "ad", {}, null, [], ["ada"]],
  [
    "its user's ID alone where no user has its account",
    "ad",
    { kind: "computer" },
    { immutableId: idOf("x") },
    [idOf("x")],
    [],
  ],
  [
    "its user's ID alone where it has no account",
    "ad",
    { accountName: "eve" },
    { immutableId: idOf("x") },
    [idOf("x")],
    [],
  ],
  ["nothing where it writes into the cloud", "cloud", {}, { immutableId: idOf("x") }, [], []],
] as const) {
  test(`of the domains a row asks ${title}`, () => {
    const snapshot = buildSnapshot(user === null ? [] : [cloudUser("ada", user)], []);
    const questions = listAnchorQuestions(resolve(["ada"], [account("ada", changes)])(), snapshot, { writeTo });
    expect([...questions.immutableIds]).toEqual(immutableIds);
    expect(questions.accounts.map(({ accountName }) => accountName)).toEqual(accounts);
  });
}

for (const [title, accounts, users, managed] of [
  ["the one whose manager is in the batch", ["ada", "ben"], ["ada", "ben"], ["ada"]],
  ["nobody where the manager's account is missing", ["ada"], ["ada", "ben"], []],
  ["nobody where the manager has no user", ["ada", "ben"], ["ada"], []],
  ["nobody where the one who is led has no user", ["ada", "ben"], ["ben"], []],
] as const) {
  test(`of two rows, one the manager of the other, managers are read of ${title}`, () => {
    const manager = account("ben").dn;
    const all = accounts.map((name) => account(name, name === "ada" ? { profile: { manager } } : {}));
    const snapshot = buildSnapshot(
      users.map((name) => cloudUser(name)),
      [],
    );
    expect(listManagedTargets(resolve(people, all)(), snapshot)).toEqual(managed.map(CLOUD_ID));
  });
}

/** Three people in a cycle; the pivot is the one of whom most names agree. */
function pivotOf(changes: Readonly<Record<string, Parameters<typeof cloudUser>[1]>>) {
  const names = ["ada", "ben", "cyd"];
  const plan = planOf({
    accounts: names.map((name) =>
      account(name, { displayName: `${name} one`, givenName: name, surname: "One", mail: `${name}@contoso.example` }),
    ),
    users: names.map((name, index) =>
      cloudUser(name, {
        immutableId: anchorOf(names[(index + 1) % 3] ?? ""),
        displayName: "other",
        givenName: null,
        surname: null,
        mail: null,
        ...changes[name],
      }),
    ),
    mappings: names.map((name, index) => mapping(index + 2, name)),
    options: { replace: true },
  });
  return plan.changes.find(({ kind }) => kind === "clear")?.name.split("@")[0];
}

for (const [title, changes, pivot] of [
  ["with no name that agrees the first row", {}, "ada"],
  ["the one whose display name agrees", { ben: { displayName: "ben one" } }, "ben"],
  ["the one whose given name agrees", { cyd: { givenName: "cyd" } }, "cyd"],
  ["the one whose surname agrees, case and accents aside", { ben: { surname: "ÓNE" } }, "ben"],
  ["the one whose mail agrees", { cyd: { mail: "CYD@contoso.example" } }, "cyd"],
  ["the one of whom most names agree", { ben: { surname: "One" }, cyd: { surname: "One", givenName: "cyd" } }, "cyd"],
  ["not one of whom names are merely there", { ben: { surname: "Two", givenName: "eve", mail: "x@y.example" } }, "ada"],
] as const) {
  test(`the pivot of a cycle is ${title}`, () => expect(pivotOf(changes)).toBe(pivot));
}

test("a row that waits for another names it, and one that is blocked, done or alone names none", () => {
  const names = ["ada", "ben", "cyd", "dee"];
  const { rows } = planOf({
    accounts: names.map((name) => account(name)),
    users: [
      cloudUser("ada"),
      cloudUser("ben", { immutableId: anchorOf("ada") }),
      cloudUser("cyd", { immutableId: anchorOf("cyd") }),
      cloudUser("dee"),
      cloudUser("eve", { immutableId: anchorOf("dee") }),
    ],
    mappings: names.map((name, index) => mapping(index + 2, name)),
    options: { replace: true },
  });
  expect(rows.map(({ waitsForRow, action }) => [waitsForRow, action])).toEqual([
    [3, "set"],
    [null, "replace"],
    [null, "none"],
    [null, "blocked"],
  ]);
});

test("a row carries the names and IDs of both sides, as far as they are known", () => {
  const { rows } = planOf({
    accounts: [account("ada", { displayName: "Ada AD" })],
    users: [cloudUser("ada", { immutableId: "old", displayName: "Ada Cloud" })],
    mappings: [mapping(2, "ADA"), mapping(3, "nobody", { domain: "OLD" })],
    options: { replace: true },
  });
  expect(rows[0]).toMatchObject({
    account: "ada",
    domain: "CORP",
    action: "replace",
    settled: null,
    objectGuid: account("ada").objectGuid,
    anchorSource: "objectGUID",
    immutableId: anchorOf("ada"),
    previousImmutableId: "old",
    userId: CLOUD_ID("ada"),
    displayName: "Ada Cloud",
    adDisplayName: "Ada AD",
    takeover: [{ property: "displayName", kind: "changed", before: ["Ada Cloud"], after: ["Ada AD"] }],
  });
  expect(rows[1]).toMatchObject({
    account: "nobody",
    domain: "OLD",
    userPrincipalName: "nobody@contoso.example",
    action: "blocked",
    settled: "blocked",
    objectGuid: null,
    anchorSource: null,
    immutableId: null,
    previousImmutableId: null,
    userId: null,
    displayName: null,
    adDisplayName: null,
    takeover: null,
  });
});

const secondId = guidFor("second");
const second = deletedUser("ada", {
  id: secondId,
  userPrincipalName: `${secondId.replaceAll("-", "")}ada@contoso.example`,
});
for (const [title, deleted, allow, restored] of [
  ["chosen and allowed", ["ada"], ["restore-target"], true],
  ["chosen and not allowed", ["ada"], [], false],
  ["one of two of that name", ["ada", "ada"], ["restore-target"], false],
] as const) {
  test(`a target in the recycle bin that is ${title} is ${restored ? "" : "not "}brought back`, () => {
    const { rows, changes } = planOf({
      accounts: [account("ada")],
      users: [],
      deleted: deleted.map((name, index) => (index === 0 ? deletedUser(name) : second)),
      mappings: [mapping(2, "ada", { onConflict: ["restore-target"] })],
      options: { allow: [...allow] },
      takeover: { roles: new Map(), rolesAreComplete: true },
    });
    expect(changes.map(({ kind }) => kind)).toEqual(restored ? ["restore", "set"] : []);
    expect(rows.map(({ action, userId }) => [action, userId])).toEqual([
      restored ? ["set", CLOUD_ID("ada")] : ["blocked", null],
    ]);
  });
}

test("a takeover that changes nothing is told so; of a row without an account nothing is told", () => {
  const { rows } = planOf({
    accounts: [account("ada")],
    users: people.map((name) => cloudUser(name)),
    mappings: people.map((name, index) => mapping(index + 2, name)),
  });
  expect(rows.map(({ takeover }) => takeover)).toEqual([[], null]);
});

test("the rows of a target are its own, also where another target shares its number", () => {
  const [left, right] = findTwoOfOneNumber((count) => guidFor(`user ${count}`));
  const { rowsWithTarget } = batchOf({
    accounts: people.map((name) => account(name)),
    users: [cloudUser("ada", { id: left }), cloudUser("ben", { id: right })],
    mappings: people.map((name, index) => mapping(index + 2, name)),
  });
  expect([left, right].map((id) => rowsWithTarget(id).map(({ row }) => row))).toEqual([[2], [3]]);
});

test("a live target is written, whatever lies in the recycle bin under its name", () => {
  const { changes } = planOf({
    accounts: [account("ada")],
    users: [cloudUser("ada")],
    deleted: [second],
    mappings: [mapping(2, "ada", { onConflict: ["restore-target"] })],
    options: { allow: ["restore-target"] },
    takeover: { roles: new Map(), rolesAreComplete: true },
  });
  expect(changes.map(({ kind, objectId }) => [kind, objectId])).toEqual([["set", CLOUD_ID("ada")]]);
});

test("an account without a readable anchor, and one without the names of its user, are planned all the same", () => {
  const { rows } = planOf({
    accounts: [account("ada", { consistencyGuid: new Uint8Array(3) }), account("ben", { displayName: null })],
    users: [cloudUser("ada"), cloudUser("ben", { givenName: "Ben", surname: "Noor" })],
    mappings: [mapping(2, "ada"), mapping(3, "ben")],
  });
  expect(rows.map(({ action, anchorSource }) => [action, anchorSource])).toEqual([
    ["blocked", null],
    ["set", "objectGUID"],
  ]);
});
