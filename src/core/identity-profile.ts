/**
 * What identifies a person, read in the same way from AD and from the cloud, so that both can be compared.
 *
 * Everything is folded once here: a batch compares the same account with several users.
 */
import type { AdAccount } from "./ad-account.ts";
import { type Login, localPartOf, readLogin } from "./identity-login.ts";
import { foldLikeness, splitDisplayName, splitName, squash } from "./identity-words.ts";
import type { CloudUser } from "./snapshot.ts";

export type IdentityProfile = {
  readonly givenName: readonly string[];
  readonly surname: readonly string[];
  /** The display name, and given name with surname where both are there. */
  readonly fullNames: readonly (readonly string[])[];
  /** Every word of the name: from given name and surname, and from the display name where one of them is missing. */
  readonly nameWords: readonly string[];
  readonly addresses: readonly string[];
  /** Without punctuation and leading zeros; `null` also for a number that is all zeros. */
  readonly employeeId: string | null;
  readonly sids: readonly string[];
  readonly logins: readonly Login[];
  /** Words that a login of this person may be made of. */
  readonly loginWords: readonly string[];
  /**
   * Keys by which the person can be found again: two profiles that share one agree firmly. `name:` keys hold the words
   * of a full name, or its first and last, in alphabetical order.
   */
  readonly firmKeys: readonly string[];
  /** Too many people of the batch bear this full name for it to tell one from another. */
  readonly nameIsCommon: boolean;
};

export function profileAccount(account: AdAccount): IdentityProfile {
  const { accountName, userPrincipalName, objectSid, sidHistory } = account;
  return profilePerson(account, {
    logins: userPrincipalName === null ? [accountName] : [accountName, userPrincipalName],
    sids: objectSid === null ? sidHistory : [objectSid, ...sidHistory],
  });
}

export function profileUser(user: CloudUser): IdentityProfile {
  const { userPrincipalName, securityIdentifier } = user;
  return profilePerson(user, {
    logins: [userPrincipalName],
    sids: securityIdentifier === null ? [] : [securityIdentifier],
  });
}

/** What both sides hold under the same name. */
type Person = Pick<CloudUser, "givenName" | "surname" | "displayName" | "mail" | "proxyAddresses" | "employeeId">;

function profilePerson(
  person: Person,
  { logins: names, sids }: { readonly logins: readonly string[]; readonly sids: readonly string[] },
): IdentityProfile {
  const givenName = splitName(person.givenName);
  const surname = splitName(person.surname);
  const display = splitDisplayName(person.displayName);
  const fullNames = [display, givenName.length > 0 && surname.length > 0 ? [...givenName, ...surname] : []];
  const addresses = readAddresses(
    person.mail === null ? person.proxyAddresses : [person.mail, ...person.proxyAddresses],
  );
  const logins = new Map<string, Login>();
  const read = new Set<string>();
  for (const name of [...names, ...addresses]) {
    // Most addresses of a person differ behind the @ alone: the first login of a name stands for all of them.
    const local = localPartOf(name);
    if (read.has(local)) continue;
    read.add(local);
    const login = readLogin(name);
    if (login !== null && !logins.has(login.squashed)) logins.set(login.squashed, login);
  }
  const parts = [...givenName, ...surname];
  const traits = {
    fullNames: fullNames.filter((words) => words.length > 0).map((words) => [...new Set(words)]),
    addresses,
    employeeId: squash(person.employeeId ?? "").replace(/^0+/, "") || null,
    sids: sids.map((sid) => sid.toUpperCase()),
    logins: [...logins.values()],
  };
  return {
    ...traits,
    givenName,
    surname,
    nameWords: [...new Set(givenName.length > 0 && surname.length > 0 ? parts : [...parts, ...display])],
    loginWords: [...new Set([...parts, ...display, ...traits.logins.flatMap(({ words }) => words)])],
    firmKeys: listFirmKeys(traits),
    nameIsCommon: false,
  };
}

/**
 * The profile without what too many people hold.
 *
 * @param common Firm keys that identify nobody.
 */
export function leaveOutCommon(profile: IdentityProfile, common: ReadonlySet<string>): IdentityProfile {
  const { firmKeys, addresses, sids, logins, employeeId } = profile;
  const kept = firmKeys.filter((key) => !common.has(key));
  if (kept.length === firmKeys.length) return profile;
  return {
    ...profile,
    addresses: addresses.filter((address) => !common.has(`mail:${address}`)),
    sids: sids.filter((sid) => !common.has(`sid:${sid}`)),
    logins: logins.filter(({ squashed }) => !common.has(`login:${squashed}`)),
    employeeId: common.has(`employee:${employeeId}`) ? null : employeeId,
    firmKeys: kept,
    nameIsCommon: firmKeys.some((key) => key.startsWith("name:") && common.has(key)),
  };
}

/** Mail and chat addresses, folded, each once; X500 and other kinds that are no address of a person are left out. */
function readAddresses(addresses: readonly string[]): readonly string[] {
  const bare = addresses.flatMap((address) => {
    const [, kind = "smtp", rest = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(address.trim()) ?? [];
    return /^(?:smtp|sip)$/i.test(kind) && rest.includes("@") ? [foldLikeness(rest)] : [];
  });
  return [...new Set(bare)];
}

function listFirmKeys({
  fullNames,
  addresses,
  employeeId,
  sids,
  logins,
}: Pick<IdentityProfile, "fullNames" | "addresses" | "employeeId" | "sids" | "logins">): readonly string[] {
  const keys = new Set<string>();
  for (const address of addresses) keys.add(`mail:${address}`);
  for (const sid of sids) keys.add(`sid:${sid}`);
  for (const { squashed } of logins) keys.add(`login:${squashed}`);
  if (employeeId !== null) keys.add(`employee:${employeeId}`);
  for (const words of fullNames) {
    keys.add(`name:${words.toSorted().join(" ")}`);
    if (words.length > 2) keys.add(`name:${[words[0], words.at(-1)].toSorted().join(" ")}`);
  }
  return [...keys];
}

/** Logins that rules make of the first and the last word of a name, where AD holds no more than the login. */
export function looseKeysOf({ fullNames, logins }: IdentityProfile): string[] {
  const names = [...fullNames, ...logins.map(({ words }) => words)];
  return names.flatMap((words) => {
    if (words.length < 2) return [];
    const [first = "", last = ""] = [words[0], words.at(-1)];
    return [first + last, last + first, first.slice(0, 1) + last, last + first.slice(0, 1)].map(
      (name) => `login:${name}`,
    );
  });
}
