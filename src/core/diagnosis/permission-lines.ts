/**
 * What an access token may do, held against what each command needs; the least privileged permission is named.
 *
 * Source: permission tables of user-list, directory-deleteditems-list, organization-list, user-update and
 * directory-deleteditems-restore, Microsoft Graph reference; Microsoft Learn, Clean up on-premises attributes (roles of
 * a signed-in user); checked 2026-11.
 */
import type { CheckGap } from "../takeover-facts.ts";
import {
  listExcessPermissions,
  type PermissionNeed,
  surelyLacks,
  type TokenRights,
  WRITE_ID,
  WRITE_NEEDS,
} from "../token-rights.ts";
import {
  type DiagnosisLine,
  endSentence,
  failure,
  type Judged,
  lineOf,
  notSaid,
  ok,
  warning,
} from "./diagnosis-line.ts";
import type { Fact } from "./fact.ts";

/** What an access token says of itself, for people. */
export type TokenFacts = {
  /** Whether it has the form of one. All tenants' have, though nobody promises it: Graph has the last word. */
  readonly readable: boolean;
  /** `null` where it does not say. */
  readonly rights: TokenRights | null;
  /** Names of the directory roles of the app or the signed-in user, as far as the token lists them. */
  readonly roles: readonly string[];
  /** Who signed in: the app's name, or the user's. `null` where the token does not say. */
  readonly owner: string | null;
  /** ISO text; `null` when it can be renewed or does not say. */
  readonly expiresAt: string | null;
};

/** What was found out by asking, beside what the token says. */
export type ReadingFacts = {
  /** Whether users and recycle bin can be read at all. */
  readonly users: Fact<null>;
  /** Checks that cannot be made. */
  readonly gaps: Fact<readonly CheckGap[]>;
};

const READ_USERS: PermissionNeed = {
  does: "read users and the recycle bin",
  anyOf: [
    "User.Read.All",
    "User.ReadWrite.All",
    "User.ReadUpdate.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
};
const READ_TENANT: PermissionNeed = {
  does: "find out which tenant it is",
  anyOf: ["Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
};
/** Nobody can be asked about this one without naming a group, so the token has the word. */
const READ_GROUP_ELIGIBILITY: PermissionNeed = {
  does: "find out whether targets may join a group that holds a privileged role",
  anyOf: ["PrivilegedEligibilitySchedule.Read.AzureADGroup", "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup"],
};

/** Roles with which a signed-in user may write another user's immutable ID. */
const WRITING_ROLES = [
  "User Administrator",
  "Hybrid Identity Administrator",
  "Privileged Authentication Administrator",
  "Global Administrator",
] as const;

const GRANT =
  "Grant it to the app (Entra admin center > App registrations > the app > API permissions > Microsoft Graph > grant admin consent), then get a new token.";

/** @param token What the token says. */
export function describePermissions(token: Fact<TokenFacts>, { users, gaps }: ReadingFacts): DiagnosisLine[] {
  const place = (check: DiagnosisLine["check"], subject: string | null) =>
    ({ part: "tenant", subject, check }) as const;
  return [
    lineOf(place("permissions", "plan, verify"), token, ({ rights }) => judgeReading(rights, users)),
    lineOf(place("permissions", "apply, rollback"), token, (found) => judgeWriting(found)),
    lineOf(place("permissions", "holder actions"), token, ({ rights }) => judgeHolderActions(rights)),
    lineOf(place("permissions", "more than needed"), token, ({ rights }) => judgeExcess(rights)),
    lineOf(place("directory-roles", null), token, ({ rights, roles }) => judgeRoles(rights, roles)),
    lineOf(place("checks", "plan"), gaps, (found) =>
      judgeGaps(found, token.state === "found" ? token.found.rights : null),
    ),
  ];
}

/** What is refused for certain by the token; else what came of asking. */
function judgeReading(rights: TokenRights | null, users: Fact<null>): Judged {
  const lacking = [READ_USERS, READ_TENANT].filter((need) => surelyLacks(rights, need));
  if (lacking.length > 0) return failure(`The token lacks ${listNeeds(lacking)}.`, GRANT);
  if (users.state === "failed") return failure(endSentence(users.message), users.mend);
  if (users.state === "not-checked")
    return { state: "not-checked", says: `Not checked: ${users.because}.`, mend: null };
  return ok(`Users and the recycle bin can be read${describeHeld(rights, [READ_USERS, READ_TENANT])}.`);
}

function judgeWriting({ rights, roles }: TokenFacts): Judged {
  const need = WRITE_ID;
  if (rights === null) return notSaid("whether it may write");
  if (surelyLacks(rights, need)) return failure(`The token lacks ${listNeeds([need])}.`, GRANT);
  if (rights.kind === "delegated" && !roles.some((role) => WRITING_ROLES.some((writing) => writing === role)))
    return warning(
      "The signed-in user holds no role that may write another user's immutable ID, as far as the token says.",
      `Activate ${WRITING_ROLES[0]} or ${WRITING_ROLES[1]} for that user, then sign in again.`,
    );
  return ok(`May ${need.does}${describeHeld(rights, [need])}.`);
}

/** Nothing is missing where no action is allowed, so this is never worse than a word. */
function judgeHolderActions(rights: TokenRights | null): Judged {
  if (rights === null) return notSaid("whether it may carry them out");
  const kinds = ["delete", "purge", "restore", "clear-object-identifier"] as const;
  const lacking = kinds.flatMap((kind) => WRITE_NEEDS[kind] ?? []).filter((need) => surelyLacks(rights, need));
  if (lacking.length === 0) return ok("May be carried out, where a plan allows them.");
  return ok(`Not needed unless a plan is to allow them; for that the token lacks ${listNeeds(lacking)}.`);
}

function judgeExcess(rights: TokenRights | null): Judged {
  if (rights === null) return notSaid("what it may do");
  const excess = listExcessPermissions(rights);
  if (excess.length === 0) return ok("Nothing that this job does not use and that could do harm.");
  return warning(
    `The app may do more than this job needs: ${excess.join(", ")}.`,
    "Whoever gets hold of its token may do all that: give the job an app of its own.",
  );
}

function judgeRoles(rights: TokenRights | null, roles: readonly string[]): Judged {
  const who = rights?.kind === "delegated" ? "The signed-in user" : "The app";
  if (roles.length > 0) return ok(`${who} holds ${roles.join(", ")}.`);
  if (rights === null) return notSaid("which directory roles it comes with");
  return ok(`${who} holds none; users with a directory role can then not be written.`);
}

function judgeGaps(gaps: readonly CheckGap[], rights: TokenRights | null): Judged {
  const [least] = READ_GROUP_ELIGIBILITY.anyOf;
  const all = [
    ...gaps.map(({ check, permission }) => `${check} (${permission})`),
    ...(rights !== null && surelyLacks(rights, READ_GROUP_ELIGIBILITY)
      ? [`${READ_GROUP_ELIGIBILITY.does.replace("find out ", "")} (${least})`]
      : []),
  ];
  if (all.length === 0) return ok("Every check of a plan can be made.");
  return warning(
    `Plans will not check ${all.join("; ")}.`,
    "Grant the app the permissions in brackets, or have somebody look who may: not checked is not fine.",
  );
}

/** ` (User.ReadWrite.All; User.Read.All is enough)`; nothing where only a role opens the door, or nobody says. */
function describeHeld(rights: TokenRights | null, needs: readonly PermissionNeed[]): string {
  const words = needs.flatMap(({ anyOf }) => {
    const held = anyOf.find((permission) => rights?.permissions.includes(permission));
    const [least] = anyOf;
    if (held === undefined) return [];
    return [held === least ? held : `${held}, where ${least} is enough`];
  });
  return words.length === 0 ? "" : ` (${words.join("; ")})`;
}

function listNeeds(needs: readonly PermissionNeed[]): string {
  return [...new Set(needs.map(({ does, anyOf: [least] }) => `${least} to ${does}`))].join(", and ");
}
