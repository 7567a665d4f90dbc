/** What a token may do, command by command: held, lacking, or not said. */
import { expect, test } from "vitest";
import { notChecked } from "../../../src/core/diagnosis/fact.ts";
import { describePermissions, type TokenFacts } from "../../../src/core/diagnosis/permission-lines.ts";
import type { CheckGap } from "../../../src/core/takeover-facts.ts";
import type { TokenRights } from "../../../src/core/token-rights.ts";

const READS = ["User.Read.All", "Organization.Read.All", "PrivilegedEligibilitySchedule.Read.AzureADGroup"];
const app = (...permissions: string[]): TokenRights => ({ kind: "application", permissions, holdsRole: false });
const person = (...permissions: string[]): TokenRights => ({ kind: "delegated", permissions, holdsRole: false });

function describeToken(
  rights: TokenRights | null,
  { roles = [], gaps = [] }: { roles?: readonly string[]; gaps?: readonly CheckGap[] } = {},
) {
  const found: TokenFacts = { readable: true, rights, roles, owner: null, expiresAt: null };
  const lines = describePermissions(
    { state: "found", found },
    { users: { state: "found", found: null }, gaps: { state: "found", found: gaps } },
  );
  return (subject: string | null) => lines.find((line) => line.subject === subject);
}

const cases: readonly [
  title: string,
  rights: TokenRights | null,
  about: { roles?: readonly string[]; gaps?: readonly CheckGap[] },
  subject: string | null,
  state: string,
  says: RegExp,
][] = [
  [
    "an app that reads may plan",
    app(...READS),
    {},
    "plan, verify",
    "ok",
    /\(User\.Read\.All; Organization\.Read\.All\)/,
  ],
  [
    "a broader permission is named with the one that is enough",
    app("User.ReadWrite.All", "Organization.Read.All"),
    {},
    "plan, verify",
    "ok",
    /User\.ReadWrite\.All, where User\.Read\.All is enough/,
  ],
  [
    "an app without User.Read.All may not plan",
    app("Organization.Read.All"),
    {},
    "plan, verify",
    "failure",
    /^The token lacks User\.Read\.All to read users and the recycle bin\.$/,
  ],
  [
    "an app without both is told both",
    app(),
    {},
    "plan, verify",
    "failure",
    /User\.Read\.All to read users.*, and Organization\.Read\.All to find out which tenant/,
  ],
  [
    "an app that reads may not apply",
    app(...READS),
    {},
    "apply, rollback",
    "failure",
    /lacks User\.ReadWrite\.All to write an immutable ID/,
  ],
  [
    "an app that writes users may apply",
    app("User.ReadWrite.All"),
    {},
    "apply, rollback",
    "ok",
    /\(User\.ReadWrite\.All\)/,
  ],
  ["a silent token leaves it open", null, {}, "apply, rollback", "not-checked", /does not say whether it may write/],
  [
    "a signed-in user without a role is warned of",
    person("User.ReadWrite.All"),
    {},
    "apply, rollback",
    "warning",
    /holds no role/,
  ],
  [
    "a signed-in User Administrator is not",
    person("User.ReadWrite.All"),
    { roles: ["User Administrator"] },
    "apply, rollback",
    "ok",
    /May write/,
  ],
  [
    "holder actions are no failure where they cannot be carried out",
    app("User.ReadWrite.All"),
    {},
    "holder actions",
    "ok",
    /^Not needed unless .* lacks User-OnPremisesSyncBehavior\.ReadWrite\.All/,
  ],
  [
    "holder actions that can be carried out are said to be",
    app("User.ReadWrite.All", "User.DeleteRestore.All", "User-OnPremisesSyncBehavior.ReadWrite.All"),
    {},
    "holder actions",
    "ok",
    /^May be carried out/,
  ],
  ["an app that may do far more is warned of", app("Mail.Send"), {}, "more than needed", "warning", /Mail\.Send/],
  ["roles are named", app(), { roles: ["User Administrator"] }, null, "ok", /^The app holds User Administrator\.$/],
  ["no role is said with what it means", app(), {}, null, "ok", /holds none; users with a directory role/],
  [
    "gaps are named with their permission",
    app(...READS),
    { gaps: [{ check: "whether x", permission: "X.Read.All", reason: "403" }] },
    "plan",
    "warning",
    /^Plans will not check whether x \(X\.Read\.All\)\.$/,
  ],
  [
    "what nobody could be asked about is told from the token",
    app("User.Read.All"),
    {},
    "plan",
    "warning",
    /join a group .*\(PrivilegedEligibilitySchedule\.Read\.AzureADGroup\)/,
  ],
  ["without a gap every check can be made", app(...READS), {}, "plan", "ok", /^Every check/],
];
test.each(cases)("%s", (_title, rights, about, subject, state, says) => {
  const line = describeToken(rights, about)(subject);
  expect([line?.state, line?.says]).toEqual([state, expect.stringMatching(says)]);
  expect(line?.mend === null).toBe(state === "ok" || state === "not-checked");
});

test("without a token nothing about it is said to be fine", () => {
  const missing = notChecked("there is no token");
  const lines = describePermissions(missing, { users: missing, gaps: missing });
  expect(new Set(lines.map(({ state }) => state))).toEqual(new Set(["not-checked"]));
});

test("a refusal of Graph counts where the token keeps silent", () => {
  const users = { state: "failed", code: "tenant", message: "Graph did not read users", mend: "Grant it." } as const;
  const [line] = describePermissions(
    { state: "found", found: { readable: false, rights: null, roles: [], owner: null, expiresAt: null } },
    { users, gaps: notChecked("x") },
  );
  expect(line).toMatchObject({ state: "failure", says: "Graph did not read users.", mend: "Grant it." });
});
