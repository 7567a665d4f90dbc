/** What a token may do, held against a plan: only what is surely missing refuses, only what could do harm is warned of. */
import { expect, test } from "vitest";
import { CHANGE_KINDS, type ChangeKind } from "../../src/core/change.ts";
import {
  listExcessPermissions,
  requirePermissions,
  surelyLacks,
  type TokenRights,
  WRITE_ID,
} from "../../src/core/token-rights.ts";

const app = (...permissions: string[]): TokenRights => ({ kind: "application", permissions, holdsRole: false });
const person = (...permissions: string[]): TokenRights => ({ kind: "delegated", permissions, holdsRole: true });
const changes = (...kinds: ChangeKind[]) => kinds.map((kind) => ({ kind }));

const refused: readonly [title: string, kinds: readonly ChangeKind[], rights: TokenRights, lacks: string][] = [
  ["an app that reads", ["set"], app("User.Read.All"), "User.ReadWrite.All to write an immutable ID"],
  ["an app without any permission", ["clear"], app(), "User.ReadWrite.All to write an immutable ID"],
  [
    "a signed-in user whose app reads, whatever the user's own role",
    ["replace"],
    person("User.Read.All"),
    "User.ReadWrite.All to write an immutable ID",
  ],
  [
    "an app that may write users but not their identifiers",
    ["set", "clear-object-identifier", "set"],
    app("User.ReadWrite.All"),
    "User-OnPremisesSyncBehavior.ReadWrite.All to clear onPremisesObjectIdentifier",
  ],
  [
    "an app that lacks two permissions",
    ["set", "purge"],
    app("User.Read.All"),
    "User.ReadWrite.All to write an immutable ID, and User.DeleteRestore.All to purge a deleted user",
  ],
];
test.each(refused)("E15: %s is refused, and what is lacking is named", (_title, kinds, rights, lacks) => {
  const check = () => requirePermissions(changes(...kinds), rights);
  expect(check).toThrow(expect.objectContaining({ name: "BatchError", code: "tenant" }));
  expect(check).toThrow(`it lacks ${lacks}.`);
});

const allowed: readonly [title: string, kinds: readonly ChangeKind[], rights: TokenRights | null][] = [
  ["a token that does not say what it may do", CHANGE_KINDS, null],
  ["an app whose directory role may let it do more", ["set"], { ...app("User.Read.All"), holdsRole: true }],
  ["an app with a broader permission", ["set", "delete", "restore"], app("Directory.ReadWrite.All")],
  ["an app that may do what its user may", CHANGE_KINDS, person("Directory.AccessAsUser.All")],
  ["an app that reads, where nothing is to be written", [], app("User.Read.All")],
];
test.each(allowed)("%s is left to Graph", (_title, kinds, rights) => {
  expect(() => requirePermissions(changes(...kinds), rights)).not.toThrow();
});

test("E15: an app with permissions that this job does not need and that could do harm is told which", () => {
  const needed = ["User.ReadWrite.All", "User.DeleteRestore.All", "User-OnPremisesSyncBehavior.ReadWrite.All"];
  const readers = ["Organization.Read.All", "RoleManagement.Read.Directory", "Group.Read.All", "AuditLog.Read.All"];
  const harmful = [
    "Directory.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "Mail.Read",
    "Sites.FullControl.All",
  ];
  expect(listExcessPermissions(app(...needed, ...readers))).toEqual([]);
  expect(listExcessPermissions(app(...harmful, ...needed))).toEqual(harmful);
});

test("a signed-in user is not told what an app of others may do, and a silent token tells nothing", () => {
  expect(listExcessPermissions(person("Directory.AccessAsUser.All", "Mail.Send"))).toEqual([]);
  expect(listExcessPermissions(null)).toEqual([]);
});

test("an app that acts on its own has no user whose rights it could use", () => {
  const rights: TokenRights = { kind: "application", permissions: ["Directory.AccessAsUser.All"], holdsRole: false };
  expect(surelyLacks(rights, WRITE_ID)).toBe(true);
  expect(surelyLacks({ ...rights, kind: "delegated" }, WRITE_ID)).toBe(false);
});
