/**
 * The people of whom nothing is to be said: most of a company, and all of a clean one.
 *
 * A few particulars are strewn in that must change nothing: an mS-DS-ConsistencyGuid equal to the objectGUID,
 * apostrophes, letters with accents, a comma in the DN, two domains, both ways to name a domain.
 */
import { type CompanyRow, lineFor } from "./company-row.ts";
import { none, set } from "./expectation.ts";
import type { Employ, Person } from "./person.ts";

const GIVEN_NAMES = [
  "Ada",
  "Ben",
  "Cyd",
  "Dee",
  "Eve",
  "Fay",
  "Gil",
  "Hal",
  "Ida",
  "Jon",
  "Kit",
  "Lea",
  "Max",
  "Nia",
  "Oli",
  "Pia",
  "Quin",
  "Ray",
  "Sue",
  "Tom",
  "Uma",
  "Val",
  "Wes",
  "Xia",
  "Yul",
  "Zoë",
] as const;
const SURNAMES = [
  "Adler",
  "Brück",
  "Castle",
  "Dvořák",
  "Easton",
  "Fischer",
  "Gruber",
  "Holm",
  "Ito",
  "Jansen",
  "O'Neil",
  "Smith, Jr.",
] as const;

/** How many different names there are before numbers are added. */
const PLAIN_NAMES = GIVEN_NAMES.length * SURNAMES.length;

export type OrdinaryPerson = { readonly person: Person; readonly row: CompanyRow };

/** The person with this number, from 0: always the same one. Neither matched nor anchored yet. */
export function employOrdinary(employ: Employ, index: number): OrdinaryPerson {
  const given = GIVEN_NAMES[index % GIVEN_NAMES.length] ?? GIVEN_NAMES[0];
  const surname = SURNAMES[Math.floor(index / GIVEN_NAMES.length) % SURNAMES.length] ?? SURNAMES[0];
  const round = Math.floor(index / PLAIN_NAMES);
  const person = employ(given, round === 0 ? surname : `${surname} ${round + 1}`, {
    domain: index % 9 === 4 ? "EU" : "CORP",
  });
  if (index % 5 === 2) person.entry.binary["mS-DS-ConsistencyGuid"] = [person.immutableId];
  // Both ways to name a domain stand in one file, as they do in files that two people have worked on.
  const prefixed = person.domain === "EU" && index % 2 === 0;
  const row = lineFor(person, set(), prefixed ? { account: `EU\\${person.accountName}`, domain: "" } : {});
  return { person, row };
}

/** The same person after an earlier wave: matched already, and taken over by sync or not yet. */
export function employMatched(employ: Employ, index: number): OrdinaryPerson {
  const { person } = employOrdinary(employ, index);
  person.user.onPremisesImmutableId = person.immutableId;
  if (index % 2 === 0) markSynced(person);
  return { person, row: lineFor(person, none("target-already-matched")) };
}

/** Sync owns the cloud user; the account it is tied to is the person's own. */
export function markSynced({ user, entry, accountName }: Person): void {
  user.onPremisesSyncEnabled = true;
  user.onPremisesLastSyncDateTime = "2026-11-02T07:30:00Z";
  user.onPremisesSamAccountName = accountName;
  user.onPremisesDistinguishedName = entry.dn;
}
