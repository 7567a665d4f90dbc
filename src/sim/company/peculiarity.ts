/** The shape of an entry in the tables of people of whom a plan has something to say. */
import type { SimulatedDeletedUser, SimulatedTenant, SimulatedUser } from "../tenant/world.ts";
import type { CompanyRow } from "./company-row.ts";
import type { Employ, Person } from "./person.ts";

/** What an entry adds to the tenant beside users. */
export type Surroundings = Partial<
  Pick<
    SimulatedTenant,
    | "domains"
    | "groups"
    | "contacts"
    | "roleDefinitions"
    | "roleAssignments"
    | "roleEligibilities"
    | "groupEligibilities"
  >
>;

/** What one entry adds to the company. */
export type Circle = {
  /** Whose accounts stand in AD. */
  readonly accounts: readonly Person[];
  readonly users: readonly SimulatedUser[];
  readonly deletedUsers?: readonly SimulatedDeletedUser[];
  readonly rows: readonly CompanyRow[];
  readonly surroundings?: Surroundings;
};

export type Peculiarity = {
  /** What is the matter, in a few words; unique. */
  readonly title: string;
  /** The code that the entry is there for. */
  readonly provokes: string;
  make(employ: Employ): Circle;
};

/** What a takeover would do to a cloud user that is tied to somebody else's account. */
export const OF_ANOTHER = ["upn-will-change", "takeover-renames", "takeover-loses-address"] as const;

/** People whose account and cloud user both exist, with their lines. */
export function circle(people: readonly Person[], rows: readonly CompanyRow[]): Circle {
  return { accounts: people, users: people.map(({ user }) => user), rows };
}

/** The cloud user as the recycle bin shows it: its own id's 32 hex digits stand in front of its UPN. */
export function inRecycleBin(user: SimulatedUser): SimulatedDeletedUser {
  return {
    ...user,
    userPrincipalName: `${user.id.replaceAll("-", "")}${user.userPrincipalName}`,
    deletedDateTime: "2026-10-28T16:05:00Z",
  };
}
