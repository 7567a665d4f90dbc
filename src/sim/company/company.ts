/**
 * A company of about 250 people with two AD domains, a tenant and a mapping between them.
 *
 * The demonstration and the tests need a world in which every finding has somebody who provokes it, and in which it is
 * known beforehand what each line must come to. It is made from a seed: no clock, no chance.
 */
import type { SimulatedDomain } from "../directory/world.ts";
import { describeTenant, type SimulatedTenant } from "../tenant/world.ts";
import type { CompanyRow, HolderAct } from "./company-row.ts";
import type { Expectation } from "./expectation.ts";
import { employMatched, employOrdinary } from "./ordinary-people.ts";
import { PECULIAR_CONFLICTS } from "./peculiar-conflicts.ts";
import { PECULIAR_HOLDERS } from "./peculiar-holders.ts";
import { PECULIAR_SOURCES } from "./peculiar-sources.ts";
import { PECULIAR_TAKEOVERS } from "./peculiar-takeovers.ts";
import { PECULIAR_TARGETS } from "./peculiar-targets.ts";
import { type Circle, circle, type Peculiarity, type Surroundings } from "./peculiarity.ts";
import { baseDnOf, COMPANY_DOMAINS, createEmploy, type DomainName, drawGuid, type Person } from "./person.ts";

/** Everybody of whom a plan has something to say. */
export const PECULIARITIES: readonly Peculiarity[] = [
  ...PECULIAR_SOURCES,
  ...PECULIAR_TARGETS,
  ...PECULIAR_TAKEOVERS,
  ...PECULIAR_HOLDERS,
  ...PECULIAR_CONFLICTS,
];

const ORDINARY_PEOPLE = 188;
const MATCHED_PEOPLE = 12;
const DEFAULT_SEED = 2026;

/** What a plan must say of one line, and what its cloud user holds. */
export type ExpectedRow = {
  /** Line number in the mapping file; the header is line 1. */
  readonly row: number;
  /** `plan` */
  readonly plain: Expectation;
  /** `plan --replace --allow ...`, with every holder action allowed. */
  readonly replacing: Expectation;
  /** The live cloud user that the line means, and its value at the start. */
  readonly target: { readonly id: string; readonly before: string | null } | null;
  readonly immutableId: string | null;
  /** What is done to objects in the way once it is allowed, in order. */
  readonly acts: readonly HolderAct[];
};

export type Company = {
  readonly domains: SimulatedDomain[];
  readonly tenant: SimulatedTenant;
  readonly mapping: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly expected: readonly ExpectedRow[];
};

/** The account that a program binds with, in every domain of the company. */
export const SERVICE_ACCOUNT = { name: "svc-hardmatch", password: "only-in-the-simulation" } as const;

/**
 * The company of the demonstration. CORP is meant to be served with `foldAccents`, as a Windows DC compares names.
 *
 * @throws {RangeError} Two people share an account name, a UPN or a DN: give the new one another name.
 */
export function makeCompany(seed: number = DEFAULT_SEED): Company {
  const employ = createEmploy(seed);
  const ordinary = Array.from({ length: ORDINARY_PEOPLE }, (_, index) => employOrdinary(employ, index));
  const matched = Array.from({ length: MATCHED_PEOPLE }, (_, index) => employMatched(employ, ORDINARY_PEOPLE + index));
  const circles = PECULIARITIES.map(({ make }) => make(employ));
  const plain = [...ordinary, ...matched].map(({ person, row }) => circle([person], [row]));
  const company = settle(seed, [...plain, ...circles]);
  return { ...company, tenant: { ...company.tenant, syncFeatures: { passwordSyncEnabled: true } } };
}

/** The same company, of which a sync cycle has just run: the text is the cycle's time, as Graph writes it. */
export function withSyncAt(company: Company, lastSyncAt: string): Company {
  return { ...company, tenant: { ...company.tenant, onPremisesLastSyncDateTime: lastSyncAt } };
}

/** A company of which nothing is to be said: every line is to be set, without a block or a warning. */
export function makeCleanCompany(seed: number, people: number): Company {
  const employ = createEmploy(seed);
  const ordinary = Array.from({ length: people }, (_, index) => employOrdinary(employ, index));
  return settle(
    seed,
    ordinary.map(({ person, row }) => circle([person], [row])),
  );
}

/** Puts the company together; its lines come sorted by wave, then by account, as such lists do. */
export function settle(seed: number, circles: readonly Circle[]): Company {
  const accounts = circles.flatMap((each) => each.accounts);
  const users = circles.flatMap((each) => each.users);
  requireUnique(
    "account",
    accounts.map(({ domain, accountName }) => `${domain}\\${accountName}`),
  );
  requireUnique(
    "DN",
    accounts.map(({ entry }) => entry.dn),
  );
  requireUnique(
    "UPN",
    users.map(({ userPrincipalName }) => userPrincipalName),
  );
  const rows = circles
    .flatMap((each) => each.rows)
    .map((row) => ({ row, wave: waveOf(row), sortedBy: row.cells.account.toLowerCase() }))
    .sort((left, right) => left.wave - right.wave || compareTexts(left.sortedBy, right.sortedBy));
  return {
    domains: (Object.keys(COMPANY_DOMAINS) as DomainName[]).map((domain) => describeDomain(seed, domain, accounts)),
    tenant: describeTenant({
      users: structuredClone(users),
      deletedUsers: structuredClone(circles.flatMap((each) => each.deletedUsers ?? [])),
      ...gatherSurroundings(circles.flatMap((each) => each.surroundings ?? [])),
    }),
    mapping: {
      columns: ["sAMAccountName", "domain", "userPrincipalName", "onConflict", "wave", "department"],
      rows: rows.map(({ row: { cells }, wave }) => [
        cells.account,
        cells.domain,
        cells.upn,
        cells.onConflict,
        String(wave),
        cells.department,
      ]),
    },
    expected: rows.map(({ row: { plain, replacing, target, immutableId, acts } }, index) => ({
      row: index + 2,
      plain,
      replacing,
      target,
      immutableId,
      acts,
    })),
  };
}

/** What the tenant has beside users; what two people share, as a role, stands in it once. */
function gatherSurroundings(parts: readonly Surroundings[]): Partial<SimulatedTenant> {
  const gather = <Entry extends { readonly id: string }>(read: (part: Surroundings) => readonly Entry[] | undefined) =>
    structuredClone([...new Map(parts.flatMap((part) => read(part) ?? []).map((entry) => [entry.id, entry])).values()]);
  return {
    domains: [...describeTenant().domains, ...gather(({ domains }) => domains)],
    groups: gather(({ groups }) => groups),
    contacts: gather(({ contacts }) => contacts),
    roleDefinitions: gather(({ roleDefinitions }) => roleDefinitions),
    roleAssignments: gather(({ roleAssignments }) => roleAssignments),
    roleEligibilities: gather(({ roleEligibilities }) => roleEligibilities),
    groupEligibilities: gather(({ groupEligibilities }) => groupEligibilities),
  };
}

/** Departments move one after the other, in three waves. */
function waveOf({ cells }: CompanyRow): number {
  if (["Engineering", "Support"].includes(cells.department)) return 1;
  return ["Logistics", "Sales"].includes(cells.department) ? 2 : 3;
}

function describeDomain(seed: number, name: DomainName, accounts: readonly Person[]): SimulatedDomain {
  const { dnsName, sid } = COMPANY_DOMAINS[name];
  const bindName = `${SERVICE_ACCOUNT.name}@${dnsName}`;
  return {
    netbiosName: name,
    dnsName,
    baseDn: baseDnOf(name),
    objectGuid: drawGuid(seed, `domain ${name}`),
    objectSid: sid,
    hostName: `dc1.${dnsName}`,
    credentials: [{ name: bindName, password: SERVICE_ACCOUNT.password }],
    entries: accounts.filter(({ domain }) => domain === name).map(({ entry }) => structuredClone(entry)),
  };
}

function requireUnique(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names.map((each) => each.toLowerCase())) {
    if (seen.has(name)) throw new RangeError(`two people share the ${what} ${name}`);
    seen.add(name);
  }
}

/** By code units: the same on every machine, whatever its language. */
function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
