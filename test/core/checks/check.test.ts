/** What checks share: which rows would be written, and the words for users and rows. */
import { describe, expect, test } from "vitest";
import {
  describeSync,
  describeUser,
  isMatched,
  isTakenOver,
  judgeDecision,
  listRows,
  presentValue,
  RECENT_SYNC_MS,
  sharedBy,
  wouldWrite,
} from "../../../src/core/checks/check.ts";
import { CHECKS, runChecks, sayFinding } from "../../../src/core/checks/checks.ts";
import type { CloudUser, TenantIdentity } from "../../../src/core/snapshot.ts";
import { hashText } from "../../../src/core/text-hash.ts";
import {
  AD_GUID,
  account,
  anchorOf,
  batchOf,
  bytesOf,
  CLOUD_ID,
  cloudUser,
  deletedUser,
  guidFor,
  mapping,
  type SmallWorld,
} from "../../support/facts.ts";

describe("describeSync", () => {
  const NOW_MS = Date.parse("2026-11-22T02:00:00Z");
  const tenant = (lastSyncAt: string | null): TenantIdentity => ({
    tenantId: guidFor("tenant"),
    displayName: "Contoso",
    cloud: "global",
    syncEnabled: true,
    lastSyncAt,
    clockSkewMs: 0,
    tokenExpiresAt: null,
    rights: null,
  });
  const ago = (ms: number) => new Date(NOW_MS - ms).toISOString();

  for (const [title, lastSyncAt, recently] of [
    ["a moment ago is recent", ago(1), true],
    ["just under three hours ago is recent", ago(RECENT_SYNC_MS - 1), true],
    ["three hours ago is not recent", ago(RECENT_SYNC_MS), false],
    ["never is not recent", null, false],
  ] as const) {
    test(`a sync ${title}`, () =>
      expect(describeSync(tenant(lastSyncAt), NOW_MS)).toEqual({
        syncEnabled: true,
        lastSyncAt,
        syncedRecently: recently,
      }));
  }
});

describe("a row", () => {
  const rowOf = (user: CloudUser | null, accounts = [account("ada")]) => {
    const batch = batchOf({ mappings: [mapping(2, "ada")], accounts, users: user === null ? [] : [user] });
    const [row] = batch.rows;
    if (row === undefined) throw new Error("the batch has one row");
    return [isMatched(row), isTakenOver(row), wouldWrite(row)];
  };
  const holding = (immutableId: string | null, syncEnabled: boolean | null = null) =>
    cloudUser("ada", { immutableId, syncEnabled });

  for (const [title, user, accounts, expected] of [
    ["whose user holds nothing would be written", holding(null), undefined, [false, false, true]],
    ["whose user holds another ID would be written", holding("other"), undefined, [false, false, true]],
    ["whose user holds the ID is matched", holding(anchorOf("ada")), undefined, [true, false, false]],
    ["that is matched and synced is taken over", holding(anchorOf("ada"), true), undefined, [true, true, false]],
    ["that is synced with another ID is not taken over", holding("other", true), undefined, [false, false, true]],
    ["without a user is nothing of it", null, undefined, [false, false, false]],
    ["without an account is nothing of it", holding(null), [], [false, false, false]],
    ["without both is nothing of it", null, [], [false, false, false]],
  ] as const) {
    test(title, () => expect(rowOf(user, accounts === undefined ? undefined : [...accounts])).toEqual(expected));
  }
});

describe("a row that writes into AD", () => {
  const SID = "S-1-5-21-1-1-1-1105";
  const written = { consistencyGuid: bytesOf(AD_GUID("OLDada")), objectSid: SID };
  const rowOf = (changes: Partial<CloudUser>, accounts = [account("ada", written)]) => {
    const users = [cloudUser("ada", { immutableId: anchorOf("ada", "OLD"), syncEnabled: true, ...changes })];
    const [row] = batchOf({ mappings: [mapping(2, "ada", { writeTo: "ad" })], accounts, users }).rows;
    if (row === undefined) throw new Error("the batch has one row");
    return [isMatched(row), isTakenOver(row), wouldWrite(row)];
  };

  for (const [title, changes, accounts, expected] of [
    ["and is synced from its account is taken over", { securityIdentifier: SID }, undefined, [true, true, false]],
    ["and is synced from another is not", { securityIdentifier: `${SID}0` }, undefined, [true, false, false]],
    ["and is synced from nobody is not", {}, undefined, [true, false, false]],
    ["and is synced no more is not", { syncEnabled: false, securityIdentifier: SID }, undefined, [true, false, false]],
    ["whose account lacks the value would be written", {}, [account("ada")], [false, false, true]],
    ["whose user has no ID would not be written", { immutableId: null }, undefined, [false, false, false]],
  ] as const) {
    test(title, () => expect(rowOf(changes, accounts === undefined ? undefined : [...accounts])).toEqual(expected));
  }
});

test("the present value of a side without an object is unset", () => {
  expect(presentValue({ side: "cloud", target: null, account: account("ada") })).toBeNull();
  expect(presentValue({ side: "ad", target: cloudUser("ada", { immutableId: "x" }), account: null })).toBeNull();
});

test("sharedBy gives groups of more than one, and none of rows without a key", () => {
  const names = ["ada", "ben", "cyd", "dee", "eve"];
  const { rows } = batchOf({ mappings: names.map((name, index) => mapping(index + 2, name)), accounts: [], users: [] });
  const keys: Readonly<Record<string, string | null>> = { ada: "x", ben: null, cyd: "x", dee: null, eve: "y" };
  const groups = [...sharedBy(rows, (facts) => keys[facts.mapping.account] ?? null)];
  expect(groups.map((group) => group.map(({ row }) => row))).toEqual([[2, 4]]);
});

test("sharedBy keeps apart what only shares a number in its table", () => {
  const [one, other] = ["u2wzx", "ud6cd"] as const;
  expect(hashText(one)).toBe(hashText(other));
  const groupsOf = (...names: readonly string[]) => {
    const { rows } = batchOf({
      mappings: names.map((name, at) => mapping(at + 2, name)),
      accounts: [],
      users: [],
    });
    return [...sharedBy(rows, (facts) => facts.mapping.account)].map((group) => group.map(({ row }) => row));
  };
  expect(groupsOf(one, other)).toEqual([]);
  expect(groupsOf(one, other, one)).toEqual([[2, 4]]);
  expect(groupsOf(one, other, one, other)).toEqual([
    [2, 4],
    [3, 5],
  ]);
});

test("sharedBy asks twice for the key of a row that has one of its own", () => {
  const names = ["ada", "ben", "cyd", "dee"];
  const { rows } = batchOf({ mappings: names.map((name, at) => mapping(at + 2, name)), accounts: [], users: [] });
  const asked: string[] = [];
  const keyOf = (name: string) => {
    asked.push(name);
    return name;
  };
  expect([...sharedBy(rows, (facts) => keyOf(facts.mapping.account))]).toEqual([]);
  expect(asked).toEqual([...names, ...names]);
});

test("sharedBy asks for the key of a row a few times, also where all rows have the same one", () => {
  const mappings = Array.from({ length: 100 }, (_, index) => mapping(index + 2, "ada"));
  const { rows } = batchOf({ mappings, accounts: [], users: [] });
  let asked = 0;
  const groups = [...sharedBy(rows, () => `key ${++asked % 1}`)];
  expect(groups).toEqual([rows]);
  expect(asked).toBeLessThan(3 * rows.length);
});

test("rows are listed in words", () => {
  const list = (...rows: readonly number[]) => listRows(rows.map((row) => ({ row })));
  expect([list(4), list(4, 17), list(4, 9, 17)]).toEqual(["row 4", "rows 4 and 17", "rows 4, 9 and 17"]);
});

test("a user is described by the UPN it has or had, its id and what tells whether it is missed", () => {
  const described = `cyd@contoso.example (${CLOUD_ID("cyd")}; `;
  expect(describeUser(cloudUser("cyd")).startsWith(described)).toBe(true);
  expect(describeUser(deletedUser("cyd")).startsWith(described)).toBe(true);
});

test("a finding that an action resolves warns, one that is barred or undecided keeps its severity", () => {
  expect(judgeDecision("held by cyd", { steps: [], words: "it is cleared", barred: null })).toEqual({
    severity: "warn",
    detail: "held by cyd: it is cleared",
  });
  expect(judgeDecision("held by cyd", { steps: null, words: null, barred: "it is synced" })).toEqual({
    detail: "held by cyd; nothing is done about it: it is synced",
  });
  expect(judgeDecision("held by cyd", { steps: null, words: null, barred: null })).toEqual({ detail: "held by cyd" });
});

test("a code is said in other words where it only warns, if it has such words", () => {
  const { says, asWarning } = CHECKS["id-held-by-user"];
  expect(sayFinding("id-held-by-user", "block")).toBe(says);
  expect(sayFinding("id-held-by-user", "warn")).toBe(asWarning);
  expect(sayFinding("source-disabled", "warn")).toBe(CHECKS["source-disabled"].says);
});

test("findings come in the order of the codes and then of the rows, and name their rows ascending", () => {
  const world: SmallWorld = {
    accounts: ["ada", "ben", "cyd"].map((name) =>
      account(name, { disabled: true, mail: null, userPrincipalName: null }),
    ),
    users: ["ada", "ben", "cyd"].map((name) => cloudUser(name, { accountEnabled: false })),
    mappings: [mapping(9, "ada"), mapping(4, "cyd"), mapping(2, "cyd", { upn: "ben@contoso.example" })],
  };
  const found = runChecks(batchOf(world)).map(({ code, rows }) => `${code} ${rows.join()}`);
  expect(found.filter((line) => !line.startsWith("identity"))).toEqual([
    "source-duplicate 2,4",
    "source-disabled 2",
    "source-disabled 4",
    "source-disabled 9",
    "target-disabled 2",
    "target-disabled 4",
    "target-disabled 9",
  ]);
});
