/** People and their two sides, for tests of the core: Ada, Ben, Cyd and whoever else is named. */

import { createHash } from "node:crypto";
import { readBuiltInFlows } from "../../src/cli/flow-table.ts";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { type AdFacts, NO_AD_FACTS } from "../../src/core/ad-facts.ts";
import { assembleBatch } from "../../src/core/assemble-batch.ts";
import type { CheckOptions, SyncState } from "../../src/core/checks/check.ts";
import type { LocatedAccount } from "../../src/core/forest.ts";
import { type Guid, guidToBytes, parseGuid } from "../../src/core/guid.ts";
import { immutableIdFromGuid } from "../../src/core/immutable-id.ts";
import type { Mapping } from "../../src/core/mapping.ts";
import { PLAN_VERSION, type Plan, type PlanHeader } from "../../src/core/plan.ts";
import { makePlan } from "../../src/core/plan-batch.ts";
import { indexAccounts, resolveMapping } from "../../src/core/resolution.ts";
import { buildSnapshot, type CloudUser, type DeletedUser } from "../../src/core/snapshot.ts";
import { NO_TAKEOVER_FACTS, type TakeoverFacts } from "../../src/core/takeover-facts.ts";
import { NO_MANAGERS, type PresentManagers } from "../../src/core/takeover-managers.ts";

/** The table of attribute flows that comes with the program. */
export const FLOWS = readBuiltInFlows();

/** A GUID that belongs to a name: the same name gives the same one. */
export function guidFor(name: string): Guid {
  const hex = createHash("sha256").update(name).digest("hex");
  const guid = parseGuid(
    [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-"),
  );
  if (guid === null) throw new Error(`no GUID for ${name}`);
  return guid;
}

export const AD_GUID = (name: string): Guid => guidFor(`ad ${name}`);
export const CLOUD_ID = (name: string): Guid => guidFor(`cloud ${name}`);
/** The immutable ID of the AD account of this name. */
export const idOf = (name: string): string => immutableIdFromGuid(AD_GUID(name));
export const bytesOf = (guid: Guid): Uint8Array => guidToBytes(guid);

export function account(name: string, changes: Partial<AdAccount> = {}): AdAccount {
  return {
    domain: "CORP",
    dn: `CN=${name},OU=People,DC=corp,DC=contoso,DC=example`,
    accountName: name,
    kind: "user",
    objectGuid: AD_GUID(`${changes.domain ?? "CORP"}${name}`),
    consistencyGuid: null,
    disabled: false,
    protectedAccount: false,
    objectSid: null,
    sidHistory: [],
    userPrincipalName: `${name}@contoso.example`,
    displayName: name,
    givenName: null,
    surname: null,
    mail: `${name}@contoso.example`,
    proxyAddresses: [],
    employeeId: null,
    profile: {},
    ...changes,
  };
}

/** The immutable ID of {@link account}. */
export function anchorOf(name: string, domain = "CORP"): string {
  return immutableIdFromGuid(AD_GUID(`${domain}${name}`));
}

export function cloudUser(name: string, changes: Partial<CloudUser> = {}): CloudUser {
  return {
    id: CLOUD_ID(name),
    userPrincipalName: `${name}@contoso.example`,
    displayName: name,
    givenName: null,
    surname: null,
    mail: `${name}@contoso.example`,
    proxyAddresses: [],
    employeeId: null,
    userType: "Member",
    accountEnabled: true,
    immutableId: null,
    syncEnabled: null,
    lastSyncAt: null,
    securityIdentifier: null,
    createdAt: null,
    licenceCount: 0,
    profile: {},
    ...changes,
  };
}

export function deletedUser(name: string, changes: Partial<DeletedUser> = {}): DeletedUser {
  const user = cloudUser(name);
  const prefix = user.id.replaceAll("-", "");
  return {
    ...user,
    userPrincipalName: `${prefix}${user.userPrincipalName}`,
    deletedAt: "2026-11-01T00:00:00Z",
    ...changes,
  };
}

export function mapping(row: number, name: string, changes: Partial<Mapping> = {}): Mapping {
  return {
    row,
    account: name,
    domain: null,
    upn: `${name}@contoso.example`,
    onConflict: [],
    writeTo: null,
    extra: [],
    ...changes,
  };
}

export const OPTIONS: CheckOptions = {
  anchor: "auto",
  replace: false,
  onConflict: [],
  allow: [],
  sourceKey: "sAMAccountName",
  writeTo: "cloud",
  acceptedIdentityMismatch: null,
};

export type SmallWorld = {
  readonly mappings: readonly Mapping[];
  readonly accounts: readonly AdAccount[];
  readonly users: readonly CloudUser[];
  readonly deleted?: readonly DeletedUser[];
  readonly options?: Partial<CheckOptions>;
  readonly takeover?: Partial<TakeoverFacts>;
  /** Every account may be written and nobody else holds an anchor, if not said. */
  readonly ad?: Partial<AdFacts>;
  /** Synced, but not in the last hours, if not said. */
  readonly tenant?: Partial<SyncState>;
  /** Domains that are configured; those of the accounts and CORP if not said. */
  readonly domains?: readonly string[];
  /** Accounts in domains that are not configured, as a Global Catalog tells. */
  readonly elsewhere?: readonly LocatedAccount[];
  /** Attributes that a domain's export lacks. */
  readonly unknown?: ReadonlyMap<string, ReadonlySet<string>>;
  readonly managers?: PresentManagers;
};

export function batchOf({
  mappings,
  accounts,
  users,
  deleted = [],
  options = {},
  takeover = {},
  ad = {},
  tenant = {},
  domains,
  elsewhere,
  unknown = new Map(),
  managers = NO_MANAGERS.present,
}: SmallWorld) {
  const names = domains ?? [...new Set(["CORP", ...accounts.map(({ domain }) => domain)])];
  const found = indexAccounts(
    names.map((domain) => ({ domain, accounts: accounts.filter((one) => one.domain === domain) })),
    options.sourceKey,
    elsewhere,
  );
  const resolutions = mappings.map((one) => resolveMapping(one, found));
  return assembleBatch(resolutions, buildSnapshot(users, deleted), {
    options: { ...OPTIONS, ...options },
    takeover: { ...NO_TAKEOVER_FACTS, ...takeover },
    ad: { ...NO_AD_FACTS, writable: new Set(accounts.map(({ objectGuid }) => objectGuid)), ...ad },
    tenant: { syncEnabled: true, lastSyncAt: "2026-11-20T01:00:00Z", syncedRecently: false, ...tenant },
    preview: { table: FLOWS, unknown },
    managers,
  });
}

export const digest = (texts: Iterable<string>): string => {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text);
  return hash.digest("hex");
};

export const HEADER: PlanHeader = {
  version: PLAN_VERSION,
  kind: "apply",
  tenantId: guidFor("tenant"),
  cloud: "global",
  directories: [{ domain: "CORP", domainId: guidFor("CORP") }],
  mapping: { name: "people", extraColumns: [] },
  options: { ...OPTIONS, limit: null },
  takeover: null,
  reverses: null,
};

export function planOf(world: SmallWorld): Plan {
  return makePlan(HEADER, batchOf(world), digest);
}
