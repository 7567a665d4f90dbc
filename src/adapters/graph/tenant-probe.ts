/**
 * Looks at the tenant step by step: the way to Graph, the sign-in, which tenant it is, and the first of everything that
 * a plan reads.
 *
 * Only first entries are asked for, so that it costs a handful of requests in a tenant of any size.
 */
import type { TokenFacts } from "../../core/diagnosis/permission-lines.ts";
import { BatchError } from "../../core/errors.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { Chance, Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { TenantProbe } from "../../ports/probes.ts";
import { CLOUD_MANAGED_NEED, syncBehaviorPath } from "./cloud-managed-reading.ts";
import { graphRootOf } from "./clouds.ts";
import { readField, readText } from "./decode-json.ts";
import { explainGap, type FactNeed, purposeOf } from "./fact.ts";
import { Governor } from "./governor.ts";
import { type GraphCalls, openGraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import type { GraphTenantSettings } from "./graph-tenant.ts";
import { identifyTenant } from "./identify.ts";
import { nameListedRole } from "./privileged-roles.ts";
import { readBatch } from "./read-batch.ts";
import { ELIGIBLE_NEED, ROLE_ASSIGNMENTS_PATH, ROLE_ELIGIBILITIES_PATH, ROLES_NEED } from "./read-roles.ts";
import { CONTACTS_NEED, DOMAINS_NEED, GROUPS_NEED, readFeatures } from "./read-takeover-facts.ts";
import { readHttpDateMs } from "./retry-after.ts";
import { isTokenReadable, readTokenClaims, readTokenOwner } from "./token-claims.ts";
import { describeFailure, explainTransportError, mendReach } from "./transport-failure.ts";

/** Answers 401 without a token, and a date with it. */
const REACH_PATH = "/v1.0/organization";
const FEATURES_PATH = "/directory/onPremisesSynchronization";
const READ_USERS = { doing: "read users and the recycle bin", permission: "User.Read.All" };
const READ_CHECKS = { doing: "read what decides a takeover", permission: "Directory.Read.All" };
const USER_PATHS = [
  "/users?$select=id,onPremisesImmutableId&$top=1",
  "/directory/deletedItems/microsoft.graph.user?$select=id&$top=1",
] as const;
/** What the checks of a plan read, beside the sync features. */
const CHECK_PATHS: readonly (readonly [path: string, need: FactNeed])[] = [
  ["/domains?$select=id,authenticationType", DOMAINS_NEED],
  ["/groups?$select=id&$top=1", GROUPS_NEED],
  ["/contacts?$select=id&$top=1", CONTACTS_NEED],
  [`${ROLE_ASSIGNMENTS_PATH}?$top=1`, ROLES_NEED],
  [`${ROLE_ELIGIBILITIES_PATH}?$top=1`, ELIGIBLE_NEED],
];

/** Nothing is sent yet. @throws {BatchError} config: an endpoint that must not see a token. */
export function openTenantProbe(
  settings: GraphTenantSettings,
  {
    clock,
    chance,
    log,
    send,
    note,
  }: { clock: Clock; chance: Chance; log: Log; send: typeof fetch; note: (text: string) => void },
): TenantProbe {
  const { credential, limits } = settings;
  const graphRoot = graphRootOf(settings.cloud, settings.endpoint);
  const { requestTimeoutSeconds } = limits;
  const calls = openGraphCalls({
    ...{ graphRoot, tokens: credential, requestTimeoutSeconds, clock, chance, log, send },
    governor: new Governor(limits, clock, chance, note),
  });
  let someUser: Guid | null = null;
  return {
    reach: (signal) => reachGraph(`${graphRoot}${REACH_PATH}`, { clock, send, requestTimeoutSeconds }, signal),
    async signIn(signal) {
      const token = await credential.token(signal);
      return describeToken(token, credential.expiresAt());
    },
    identify: (signal) => identifyTenant(calls, credential, settings, clock, signal),
    async readUsers(signal) {
      const replies = await readBatch(calls, USER_PATHS, { purpose: READ_USERS }, signal);
      const refused = replies.find(({ status }) => status !== 200);
      if (refused !== undefined) throw refuseReply(refused, READ_USERS);
      const users = readField(replies[0]?.json, "value");
      someUser = Array.isArray(users) ? parseGuid(readText(users[0], "id") ?? "") : null;
    },
    readTakeover: (signal) => readTakeover(calls, someUser, signal),
    close: async () => credential.close(),
  };
}

async function reachGraph(
  address: string,
  { clock, send, requestTimeoutSeconds }: { clock: Clock; send: typeof fetch; requestTimeoutSeconds: number },
  signal: AbortSignal,
) {
  const { host } = new URL(address);
  const timeUp = AbortSignal.timeout(requestTimeoutSeconds * 1000);
  try {
    const response = await send(address, { redirect: "manual", signal: AbortSignal.any([signal, timeUp]) });
    await response.body?.cancel();
    const serverNowMs = readHttpDateMs(response.headers.get("date"));
    return { host, clockSkewMs: serverNowMs === null ? null : serverNowMs - clock.now().getTime() };
  } catch (error) {
    if (signal.aborted)
      throw new BatchError("interrupted", "Stopped while looking at Graph.", "Run the command again.");
    if (timeUp.aborted)
      throw new BatchError("tenant", `${host} did not answer within ${requestTimeoutSeconds} s`, mendReach(host));
    const failure = explainTransportError(error, host);
    throw new BatchError("tenant", describeFailure(failure), failure.worthRetry ? mendReach(host) : ADD_CA);
  }
}

const ADD_CA =
  "Graph's certificate is not trusted here: find out which proxy replaces it, and name its authority in NODE_EXTRA_CA_CERTS.";

function describeToken(token: string, expiresAt: Date | null): TokenFacts {
  const { owner, roleIds } = readTokenOwner(token);
  return {
    readable: isTokenReadable(token),
    rights: readTokenClaims(token).rights,
    roles: roleIds.map((id) => nameListedRole(id) ?? `the role ${id}`),
    owner,
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}

async function readTakeover(calls: GraphCalls, someUser: Guid | null, signal: AbortSignal) {
  const asked = [...CHECK_PATHS];
  if (someUser !== null) asked.push([syncBehaviorPath(someUser), CLOUD_MANAGED_NEED]);
  const paths = [FEATURES_PATH, ...asked.map(([path]) => path)];
  const [first, ...replies] = await readBatch(calls, paths, { purpose: READ_CHECKS }, signal);
  const features = readFeatures(first);
  const gaps = asked.flatMap(([, need], index) => {
    const reply = replies[index];
    if (reply === undefined || reply.status === 200) return [];
    const gap = explainGap(reply, need);
    if (gap === null) throw refuseReply(reply, purposeOf(need));
    return [gap];
  });
  return { features: features.value, gaps: features.gap === null ? gaps : [features.gap, ...gaps] };
}
