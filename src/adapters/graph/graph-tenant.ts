/**
 * The tenant over Microsoft Graph: v1.0, and beta for the little that only beta shows.
 *
 * Everything that reads or writes Entra ID goes through here: reads are whole or fail, a write says what its
 * answer means. Load this module only when a tenant is needed: the SDK costs start-up time.
 */

import { type Guid, parseGuid } from "../../core/guid.ts";
import type { Division } from "../../core/initials.ts";
import type { CloudUser, DeletedUser } from "../../core/snapshot.ts";
import type { Chance, Clock } from "../../ports/clock.ts";
import type { CloudSync } from "../../ports/cloud-sync.ts";
import type { Log } from "../../ports/log.ts";
import type { Progress } from "../../ports/progress.ts";
import type { Tenant } from "../../ports/tenant.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { openCloudSync } from "./cloud-sync.ts";
import { type CloudName, graphRootOf } from "./clouds.ts";
import { countUsers } from "./count-users.ts";
import { decodeDeletedUser, decodeUser } from "./decode-user.ts";
import { Governor, type Limits } from "./governor.ts";
import { type GraphCalls, openGraphCalls } from "./graph-calls.ts";
import { identifyTenant } from "./identify.ts";
import { ListingInParts } from "./listing-in-parts.ts";
import { type LookUp, lookAddressesUp, lookUsersUp } from "./look-up.ts";
import { BATCH_SIZE, DELETED_USERS_PATH, FILTER_SIZE, LIVE_USERS_PATH, PAGE_SIZE } from "./query.ts";
import { readManagers } from "./read-managers.ts";
import { readPages } from "./read-pages.ts";
import { readProvisioningErrors } from "./read-provisioning-errors.ts";
import { expectTargets, readTakeoverFacts } from "./read-takeover-facts.ts";
import { readValue, readWhole } from "./read-user.ts";
import { writeUser } from "./write-user.ts";

export type GraphTenantSettings = {
  /** `null` when the configuration names a domain: it becomes the tenant's GUID by /organization. */
  readonly tenantId: Guid | null;
  /** tenant.id as configured. */
  readonly tenantName: string;
  readonly cloud: CloudName;
  /** Another root than the cloud's own, for a simulated tenant. */
  readonly endpoint: string | null;
  readonly limits: Limits & { readonly requestTimeoutSeconds: number };
  readonly credential: AccessTokens;
};

const READ_USERS = "User.Read.All";

export type GraphSurroundings = {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly progress: Progress;
  readonly send?: typeof fetch;
};

/** Opens a tenant alone. @throws as {@link openGraph} */
export function openGraphTenant(settings: GraphTenantSettings, surroundings: GraphSurroundings): Tenant {
  return openGraph(settings, surroundings).tenant;
}

/**
 * Opens a tenant and its Cloud Sync behind one owner of pacing; nothing is sent yet.
 *
 * @throws {BatchError} config: an endpoint that must not see a token.
 */
export function openGraph(
  settings: GraphTenantSettings,
  { clock, chance, log, progress, send = fetch }: GraphSurroundings,
): { readonly tenant: Tenant; readonly cloudSync: CloudSync } {
  const { credential, limits } = settings;
  const calls = openGraphCalls({
    graphRoot: graphRootOf(settings.cloud, settings.endpoint),
    tokens: credential,
    governor: new Governor(limits, clock, chance, (text) => progress.note(text)),
    requestTimeoutSeconds: limits.requestTimeoutSeconds,
    clock,
    chance,
    log,
    send,
  });
  const tenant: Tenant = {
    pageSize: PAGE_SIZE,
    lookUpSize: FILTER_SIZE * BATCH_SIZE,
    identify: (signal) => identifyTenant(calls, credential, settings, clock, signal),
    countUsers: (signal) => countUsers(calls, signal),
    listUsers: (signal, division = null) => listUsers(calls, division, signal, progress),
    listDeletedUsers: (signal) => listDeletedUsers(calls, signal),
    findUsersByName: (names, signal) => lookUsersUp(calls, splitNames(names), signal),
    findUsersByImmutableId: (values, signal) =>
      lookUsersUp(calls, [{ property: "onPremisesImmutableId", values }], signal),
    findUsersByAddress: (addresses, signal) => lookAddressesUp(calls, addresses, signal),
    findUsersBySid: (sids, signal) =>
      lookUsersUp(calls, [{ property: "onPremisesSecurityIdentifier", values: sids }], signal),
    readTakeoverFacts: (targets, signal, holders = []) =>
      readTakeoverFacts(calls, { targets: expectTargets(targets), holders }, signal),
    readManagers: (ids, signal) => readManagers(calls, ids, signal),
    readProvisioningErrors: (ids, signal) => readProvisioningErrors(calls, ids, signal),
    readValue: (objectId, signal, { facet = "immutable-id", giveUp } = {}) =>
      readValue(calls, objectId, facet, { signal, giveUp }),
    readWhole: (objectId, signal) => readWhole(calls, objectId, signal),
    writeValue: (change, clientRequestId, signal) => writeUser(calls, change, clientRequestId, signal),
    async close() {
      credential.close();
    },
  };
  return { tenant, cloudSync: openCloudSync(calls) };
}

async function* listUsers(
  calls: GraphCalls,
  division: Division | null,
  signal: AbortSignal,
  progress: Progress,
): AsyncGenerator<readonly CloudUser[]> {
  const purpose = { doing: "list the users", permission: READ_USERS };
  const listing = { path: LIVE_USERS_PATH, version: "v1.0", purpose } as const;
  const inParts = division === null ? null : new ListingInParts(calls, listing, division);
  if (inParts !== null) {
    for await (const entries of inParts.pages(signal)) yield entries.map(decodeUser);
    if (inParts.isWhole) return;
    progress.note("Not every user came in parts: listing all of them again, as a whole.");
  }
  for await (const entries of readPages(calls, LIVE_USERS_PATH, purpose, signal))
    yield (inParts?.takeNew(entries) ?? entries).map(decodeUser);
}

async function* listDeletedUsers(calls: GraphCalls, signal: AbortSignal): AsyncGenerator<readonly DeletedUser[]> {
  const purpose = { doing: "list the deleted users", permission: READ_USERS };
  for await (const entries of readPages(calls, DELETED_USERS_PATH, purpose, signal))
    yield entries.map(decodeDeletedUser);
}

/** A mapping may name a user by object id. */
function splitNames(names: readonly string[]): LookUp[] {
  const ids = names.flatMap((name) => parseGuid(name) ?? []);
  const upns = names.filter((name) => parseGuid(name) === null);
  return [
    { property: "id", values: ids },
    { property: "userPrincipalName", values: upns },
  ];
}
