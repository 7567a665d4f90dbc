/**
 * Whether an AD account and a cloud user look like one person.
 *
 * Whoever sorts or shifts one column of the mapping gives every person somebody else's mailbox, and every technical
 * check passes: both objects exist and nobody else holds the ID. Only the people themselves can tell.
 *
 * Any one fact that agrees is enough for a row taken alone: people marry (the given name stays), are called Bob (the
 * surname stays), move to another company (the name stays, every address changes). A fact that only one side
 * holds says nothing. Facts that agree firmly belong to one person (whole name, address, employee number, login, SID);
 * a given name, a surname or a login that merely fits a name are shared by many: `identity-batch.ts` decides what they
 * are worth beside the other rows.
 *
 * A login alone that does not fit disagrees only if both look like names: `u10293` says nothing about `ada.keller`.
 */
import type { AdAccount } from "./ad-account.ts";
import { fitsWords, isCutFrom, looksLikeName } from "./identity-login.ts";
import { type IdentityProfile, profileAccount, profileUser } from "./identity-profile.ts";
import { isSameFullName, shareScript, shareWord } from "./identity-words.ts";
import type { CloudUser } from "./snapshot.ts";

/** Facts by the names that operators read. `part of the name`: a word in another field, where fields do not match. */
export const IDENTITY_FACTS = [
  "given name",
  "surname",
  "display name",
  "part of the name",
  "mail",
  "employee id",
  "account name",
  "SID",
] as const;
export type IdentityFact = (typeof IDENTITY_FACTS)[number];

export type Agreement = {
  /** Facts that agree, in the order of IDENTITY_FACTS. */
  readonly agreeing: readonly IdentityFact[];
  /** Facts that both sides hold and that do not agree. */
  readonly disagreeing: readonly IdentityFact[];
  /** At least one fact could be compared. */
  readonly comparable: boolean;
  /** One of the facts that agree belongs to one person only, not to everybody of that surname. */
  readonly firm: boolean;
};

/** Compares two that a mapping row puts together. Never throws. */
export function compareIdentity(account: AdAccount, user: CloudUser): Agreement {
  return compareProfiles(profileAccount(account), profileUser(user));
}

/** As {@link compareIdentity}, for those who compare the same person often. The order of the two makes no difference. */
export function compareProfiles(left: IdentityProfile, right: IdentityProfile): Agreement {
  const agreeing: IdentityFact[] = [];
  const disagreeing: IdentityFact[] = [];
  /** Notes one fact; `null` when it cannot be compared. */
  const note = (fact: IdentityFact, agrees: boolean | null): boolean => {
    if (agrees !== null) (agrees ? agreeing : disagreeing).push(fact);
    return agrees === true;
  };
  const givenName = note("given name", compareWords(left.givenName, right.givenName));
  const surname = note("surname", compareWords(left.surname, right.surname));
  const displayName = note("display name", compareFullNames(left, right));
  if (!givenName && !surname && !displayName) note("part of the name", comparePartOfName(left, right, disagreeing));
  const mail = note("mail", compareValues(left.addresses, right.addresses));
  const employeeId = note("employee id", compareValues(listOf(left.employeeId), listOf(right.employeeId)));
  const sameLogin = shareLogin(left, right);
  note("account name", sameLogin || compareLogins(left, right));
  const sid = note("SID", compareValues(left.sids, right.sids));
  const fullName = (displayName || (givenName && surname)) && !left.nameIsCommon && !right.nameIsCommon;
  return {
    agreeing,
    disagreeing,
    comparable: agreeing.length + disagreeing.length > 0,
    firm: fullName || mail || employeeId || sameLogin || sid,
  };
}

function compareWords(left: readonly string[], right: readonly string[]): boolean | null {
  return shareScript(left, right) ? shareWord(left, right) : null;
}

function compareFullNames(left: IdentityProfile, right: IdentityProfile): boolean | null {
  let comparable = false;
  for (const one of left.fullNames) {
    for (const other of right.fullNames) {
      if (isSameFullName(one, other)) return true;
      comparable ||= shareScript(one, other);
    }
  }
  return comparable ? false : null;
}

/** Names that stand in fields which do not match each other; it disagrees only where no other name could. */
function comparePartOfName(
  left: IdentityProfile,
  right: IdentityProfile,
  disagreeing: readonly IdentityFact[],
): boolean | null {
  const agrees = compareWords(left.nameWords, right.nameWords);
  return agrees === false && disagreeing.length > 0 ? null : agrees;
}

function compareValues(left: readonly string[], right: readonly string[]): boolean | null {
  if (left.length === 0 || right.length === 0) return null;
  return left.some((value) => right.includes(value));
}

function shareLogin(left: IdentityProfile, right: IdentityProfile): boolean {
  return left.logins.some(({ squashed }) => right.logins.some((other) => other.squashed === squashed));
}

/** Logins that are not equal may still be made of the other's name. */
function compareLogins(left: IdentityProfile, right: IdentityProfile): boolean | null {
  if (fitsWords(left.logins, right.loginWords) || fitsWords(right.logins, left.loginWords)) return true;
  if (left.logins.some((login) => right.logins.some((other) => isCutFrom(login, other)))) return true;
  return left.logins.some(looksLikeName) && right.logins.some(looksLikeName) ? false : null;
}

function listOf(value: string | null): readonly string[] {
  return value === null ? [] : [value];
}
