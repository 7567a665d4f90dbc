/** A line of the company's mapping, before it has a line number, and what a plan must say of it. */
import type { Expectation } from "./expectation.ts";
import type { Person } from "./person.ts";

/** One step of a holder action, as the tenant sees it. */
export type HolderAct = {
  readonly kind: "clear" | "delete" | "purge" | "restore" | "clear-object-identifier";
  readonly userId: string;
  /** The ID that the user holds before; of interest for `clear` alone. */
  readonly before: string | null;
};

export type CompanyRow = {
  /** As the mapping file spells them; an empty domain is an empty cell. */
  readonly cells: {
    readonly account: string;
    readonly domain: string;
    readonly upn: string;
    /** What the line chooses to do with an object that stands in its way; empty for most. */
    readonly onConflict: string;
    readonly department: string;
  };
  /** What `plan` says. */
  readonly plain: Expectation;
  /** What `plan --replace --allow ...` says, with every holder action allowed. */
  readonly replacing: Expectation;
  /** The live cloud user that the line means, and the value it holds before the first run; `null` without one. */
  readonly target: { readonly id: string; readonly before: string | null } | null;
  /** The ID that the account asks for; `null` where there is no account to ask for one. */
  readonly immutableId: string | null;
  /** What is done to objects in the way once it is allowed, in order. */
  readonly acts: readonly HolderAct[];
};

/** How a line departs from "the person's account in its own domain, the person's own cloud user". */
export type Departures = {
  readonly account?: string;
  readonly domain?: string;
  readonly upn?: string;
  /** The person whose cloud user is meant. `null`: no live user is. */
  readonly target?: Person | null;
  readonly onConflict?: string;
  /** What `plan --replace --allow ...` says, where that differs. */
  readonly replacing?: Expectation;
  readonly acts?: readonly HolderAct[];
};

/** The line that asks for the account of `person`. */
export function lineFor(person: Person, plain: Expectation, departures: Departures = {}): CompanyRow {
  const target = departures.target === undefined ? person : departures.target;
  return {
    cells: {
      account: departures.account ?? person.accountName,
      domain: departures.domain ?? person.domain,
      upn: departures.upn ?? (target ?? person).user.userPrincipalName,
      onConflict: departures.onConflict ?? "",
      department: person.department,
    },
    plain,
    replacing: departures.replacing ?? plain,
    target: target === null ? null : { id: target.user.id, before: target.user.onPremisesImmutableId },
    immutableId: person.immutableId,
    acts: departures.acts ?? [],
  };
}
