/**
 * The tenant over Microsoft Graph v1.0.
 *
 * Everything that reads or writes Entra ID goes through here: reads are whole or fail, a write says what its
 * answer means. Load this module only when a tenant is needed: the SDK costs start-up time.
 */

import { BatchError } from "../../core/errors.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { CloudUser, DeletedUser } from "../../core/snapshot.ts";
import type { Chance, Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Progress } from "../../ports/progress.ts";
import type { Tenant } from "../../ports/tenant.ts";
import type { HeldValue, WriteAnswer } from "../../ports/writable-side.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { type CloudName, graphRootOf } from "./clouds.ts";
import { decodeDeletedUser, decodeHeldValue, decodeUser } from "./decode-user.ts";
import { Governor, type Limits, PauseTooLong, TurnTooLate } from "./governor.ts";
import { type GraphCalls, openGraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import { readErrorBody } from "./graph-reply.ts";
import { identifyTenant } from "./identify.ts";
import { type LookUp, lookUsersUp } from "./look-up.ts";
import {
  BATCH_SIZE,
  COUNT_PATH,
  DELETED_USERS_PATH,
  FILTER_SIZE,
  LIVE_USERS_PATH,
  PAGE_SIZE,
  userPath,
  valuePath,
} from "./query.ts";
import { readPages } from "./read-pages.ts";
import { TransportFailure } from "./transport-failure.ts";
import { readWriteAnswer, readWriteFailure } from "./write-answer.ts";

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

/**
 * Opens a tenant; nothing is sent yet.
 *
 * @throws {BatchError} config: an endpoint that must not see a token.
 */
export function openGraphTenant(
  settings: GraphTenantSettings,
  { clock, chance, log, progress }: { clock: Clock; chance: Chance; log: Log; progress: Progress },
): Tenant {
  const { credential, limits } = settings;
  const calls = openGraphCalls({
    graphRoot: graphRootOf(settings.cloud, settings.endpoint),
    tokens: credential,
    governor: new Governor(limits, clock, chance, (text) => progress.note(text)),
    requestTimeoutSeconds: limits.requestTimeoutSeconds,
    clock,
    chance,
    log,
  });
  return {
    pageSize: PAGE_SIZE,
    lookUpSize: FILTER_SIZE * BATCH_SIZE,
    identify: (signal) => identifyTenant(calls, credential, settings, clock, signal),
    countUsers: (signal) => countUsers(calls, signal),
    listUsers: (signal) => listUsers(calls, signal),
    listDeletedUsers: (signal) => listDeletedUsers(calls, signal),
    findUsersByName: (names, signal) => lookUsersUp(calls, splitNames(names), signal),
    findUsersByImmutableId: (values, signal) =>
      lookUsersUp(calls, [{ property: "onPremisesImmutableId", values }], signal),
    readValue: (objectId, signal) => readValue(calls, objectId, signal),
    writeValue: (change, clientRequestId, signal) => writeValue(calls, change, clientRequestId, signal),
    async close() {
      credential.close();
    },
  };
}

async function countUsers(calls: GraphCalls, signal: AbortSignal): Promise<number> {
  const purpose = { doing: "count the users", permission: READ_USERS };
  // $count is only answered from the index that may lag behind: good enough to choose a way of reading.
  const headers = { Accept: "text/plain", ConsistencyLevel: "eventual" };
  const reply = await calls.read({ ...purpose, path: COUNT_PATH, expects: "text", headers, signal });
  if (!/^\d{1,15}$/.test(reply.text.trim())) throw refuseReply(reply, purpose);
  return Number(reply.text);
}

async function* listUsers(calls: GraphCalls, signal: AbortSignal): AsyncGenerator<readonly CloudUser[]> {
  const purpose = { doing: "list the users", permission: READ_USERS };
  for await (const entries of readPages(calls, LIVE_USERS_PATH, purpose, signal)) yield entries.map(decodeUser);
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

async function readValue(calls: GraphCalls, objectId: Guid, signal: AbortSignal): Promise<HeldValue | null> {
  const purpose = { doing: `read user ${objectId}`, permission: READ_USERS };
  const reply = await calls.readAny({ ...purpose, path: valuePath(objectId), signal });
  if (reply.status === 200 && reply.json !== undefined) return decodeHeldValue(reply.json, objectId);
  // A proxy has pages that are "not found" too: only Graph's own word says that the user is gone.
  if (reply.status === 404 && readErrorBody(reply.json)?.code === "Request_ResourceNotFound") return null;
  throw refuseReply(reply, purpose);
}

async function writeValue(
  calls: GraphCalls,
  { objectId, after, freshForMs }: Parameters<Tenant["writeValue"]>[0],
  clientRequestId: string,
  signal: AbortSignal,
): Promise<WriteAnswer> {
  try {
    const body = { onPremisesImmutableId: after };
    return readWriteAnswer(await calls.patch({ path: userPath(objectId), body, clientRequestId, signal, freshForMs }));
  } catch (error) {
    const foreseen = [TransportFailure, PauseTooLong, TurnTooLate, BatchError].some((kind) => error instanceof kind);
    if (foreseen || signal.aborted) return readWriteFailure(error);
    throw error;
  }
}
