/**
 * A simulated Microsoft Entra tenant: Microsoft Graph over HTTP on loopback.
 *
 * It lets the real client, with its real middleware and its real mistakes, run against a tenant that can be looked
 * into and broken at will. It is strict on purpose: what the documents forbid is refused, and where they are silent
 * it takes the harsher reading, because a kind simulation only moves the surprise to the customer.
 *
 * Follows documents, checked 2026-11 (each module names its own):
 *   names, types            Graph v1.0 metadata                        user-properties.ts, world.ts
 *   default property set,
 *   paging, recycle bin     "List users", "List deletedItems"          routes-users.ts, list-page.ts, routes-deleted-items.ts
 *   filters and limits      "Advanced query capabilities", "Known issues"   filter-rules.ts
 *   errors                  "Error responses", public issues           errors.ts
 *   permissions, roles      permissions reference, "Privileged roles"  permissions.ts, role-protection.ts
 *   batches, throttling     "JSON batching", "Throttling limits"       batch.ts, quota.ts
 *   sync, its jobs          "Existing tenant", "synchronizationJob"    ../sync/, routes-synchronization.ts
 * Nothing here was compared with a live tenant. Unverified choices, each named in its module: uniqueness of
 * onPremisesImmutableId is exact-case while eq ignores case; users in the recycle bin block their anchor; anchors of
 * federated users are fixed once set; users synced formerly may be written; order of the checks of a PATCH; what
 * User.ReadBasic.All refuses; all error sentences marked so in errors.ts; a written value can be read at once
 * (replication lag comes only from faults); the limits over all apps of a tenant are left out.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SyncService, type SyncSettings } from "../sync/sync-service.ts";
import { answerRequest, type Delivery } from "./answer-request.ts";
import { deliverBatch } from "./batch.ts";
import { type ClockOptions, createClock } from "./clock.ts";
import { createControlServer } from "./control.ts";
import { GraphRefusal, REFUSALS, type Refusal, stampError } from "./errors.ts";
import { createRandom, type Fault, FaultPlan } from "./faults.ts";
import type { IncomingRequest } from "./graph-exchange.ts";
import { Ledger } from "./ledger.ts";
import { parsePath } from "./parse-query.ts";
import { Quota, type QuotaLimits, quotaOfTenant } from "./quota.ts";
import { BodyTooLargeError, readBody } from "./read-body.ts";
import { isApiVersion } from "./routes.ts";
import { encodeBody, sendAnswer } from "./send-answer.ts";
import { answerSignIn, type SignInDesk, type SimulatedApplication } from "./sign-in.ts";
import { DEFAULT_RULES, type Simulation, type TenantRules } from "./simulation.ts";
import { type HistoricalValue, TenantStore, type UserChanges } from "./store.ts";
import { createTokenDesk, type TokenRequest } from "./token.ts";
import type { SimulatedDeletedUser, SimulatedTenant, SimulatedUser } from "./world.ts";

const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface TenantOptions extends ClockOptions {
  /** Default 0: a free port. */
  readonly port?: number;
  readonly controlPort?: number;
  readonly quota?: Partial<QuotaLimits>;
  readonly rules?: Partial<TenantRules>;
  /** Simulated milliseconds from a request to its answer, half of them before it is judged. Default 0. */
  readonly latencyMs?: number;
  /** Simulated milliseconds on top for each user in a page. Default 0. */
  readonly perUserMs?: number;
  /** How far the Date header is off the wall clock. Default 0. */
  readonly dateOffsetMs?: number;
  /** Real milliseconds after which an idle connection is closed. Default 65,000. */
  readonly keepAliveMs?: number;
  /** Seed of fault probabilities and of the order of batch answers. Default 1. */
  readonly seed?: number;
  /** Domains that a sync engine brings into the tenant, and how; without it nothing does. */
  readonly sync?: SyncSettings;
  /** Who may sign in at the token endpoint. */
  readonly applications?: readonly SimulatedApplication[];
}

export interface RunningTenant {
  /** "http://127.0.0.1:port": the root before /v1.0. */
  readonly endpoint: string;
  /** Root of the control interface, a port of its own; see `control.ts`. */
  readonly control: string;
  readonly tenantId: string;
  readonly ledger: Ledger;
  mintToken(request?: TokenRequest): string;
  /** Raw live users; a copy. */
  users(): SimulatedUser[];
  deletedUsers(): SimulatedDeletedUser[];
  /** @returns null if there is no live user with this id or name; a copy. */
  user(key: string): SimulatedUser | null;
  valueHistory(id: string): readonly HistoricalValue[];
  /** A foreign write: nothing is refused. @returns False if there is no live user with this id. */
  changeUser(id: string, changes: UserChanges): boolean;
  deleteUser(id: string): boolean;
  /** Gives a user a role, from now on. */
  assignRole(userId: string, role: { readonly displayName: string; readonly isPrivileged: boolean }): void;
  /** The sync engine; `null` without one. */
  readonly sync: SyncService | null;
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Each fault and how often it struck. */
  strikes(): readonly { readonly fault: Fault; readonly struck: number }[];
  /** Ends all connections, also those that a fault left hanging. */
  close(): Promise<void>;
}

/** @throws {Error} if the world contradicts itself or a port is taken. */
export async function startSimulatedTenant(
  world: SimulatedTenant,
  options: TenantOptions = {},
): Promise<RunningTenant> {
  const clock = createClock(options);
  const seed = options.seed ?? 1;
  const tenantStore = new TenantStore(world, () => clock.nowMs());
  const simulation: Simulation = {
    clock,
    store: tenantStore,
    synchronization: options.sync === undefined ? null : new SyncService(options.sync, tenantStore, clock),
    ledger: new Ledger(),
    quota: new Quota({ ...quotaOfTenant(world.users.length), ...options.quota }, clock, world.id),
    tokens: createTokenDesk(world.id, () => clock.wallMs()),
    faults: new FaultPlan(seed),
    rules: { ...DEFAULT_RULES, ...options.rules },
  };
  const { store, faults, tokens } = simulation;
  const desk: SignInDesk = {
    tenantId: world.id,
    tenantNames: world.domains.map(({ id }) => id),
    applications: options.applications ?? [],
    tokens,
  };
  const random = createRandom(seed);
  const graph = createServer((request, response) => {
    answerHttp({ simulation, desk, options, random }, request, response).catch((error: unknown) => {
      // Only a bug of the simulation ends here; the client must not take it for an answer of Graph.
      console.error("simulated tenant:", error);
      request.socket.destroy();
    });
  });
  // Node's 5 seconds would close idle connections under a slow client; closed connections are a fault to be ordered.
  graph.keepAliveTimeout = options.keepAliveMs ?? 65_000;
  const control = createControlServer(simulation);
  const endpoint = await listen(graph, options.port ?? 0);
  const controlUrl = await listen(control, options.controlPort ?? 0);

  return {
    endpoint,
    control: controlUrl,
    tenantId: world.id,
    ledger: simulation.ledger,
    mintToken: (request = {}) => tokens.mint(request),
    users: () => structuredClone(store.liveUsers()),
    deletedUsers: () => structuredClone(store.deletedUsers()),
    user: (key) => structuredClone(store.findUser(key)),
    valueHistory: (id) => store.valueHistory(id),
    changeUser: (id, changes) => store.changeUser(id, changes, "foreign"),
    deleteUser: (id) => store.deleteUser(id, clock.wallMs()),
    assignRole: (userId, role) => assignRole(store, userId, role),
    sync: simulation.synchronization,
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    strikes: () => faults.strikes(),
    close: async () => {
      await Promise.all([close(graph), close(control)]);
    },
  };
}

function assignRole(store: TenantStore, userId: string, role: Parameters<RunningTenant["assignRole"]>[1]): void {
  const { roleDefinitions, roleAssignments } = store.world;
  const known = roleDefinitions.find(({ displayName }) => displayName === role.displayName);
  const roleDefinitionId = known?.id ?? randomUUID();
  if (known === undefined) {
    const id = roleDefinitionId;
    roleDefinitions.push({ id, templateId: id, isBuiltIn: true, isEnabled: true, ...role });
  }
  roleAssignments.push({ id: randomUUID(), principalId: userId, roleDefinitionId, directoryScopeId: "/" });
}

interface Surroundings {
  readonly simulation: Simulation;
  readonly desk: SignInDesk;
  readonly options: TenantOptions;
  readonly random: () => number;
}

async function answerHttp(around: Surroundings, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { simulation, options } = around;
  const { clock } = simulation;
  const requestId = randomUUID();
  const sentId = request.headers["client-request-id"];
  const ids = { requestId, clientRequestId: typeof sentId === "string" ? sentId : requestId };
  const arrivedMs = clock.nowMs();
  const delivery = await answerWhole(around, request, ids);
  const { latencyMs = 0, perUserMs = 0, dateOffsetMs = 0 } = options;
  const body = encodeBody(delivery.answer);
  // What judging took counts: else a slow machine would add to the latency that it was told to simulate.
  const dueMs = arrivedMs + latencyMs + perUserMs * (delivery.answer.pageUsers ?? 0);
  await clock.waitMs(dueMs - clock.nowMs());
  sendAnswer({ request, response, body }, delivery, ids, clock.wallMs() + dateOffsetMs);
}

async function answerWhole(
  around: Surroundings,
  request: IncomingMessage,
  ids: { readonly requestId: string; readonly clientRequestId: string },
): Promise<Delivery> {
  const { simulation, desk, options, random } = around;
  const { clock } = simulation;
  const refused = (refusal: Refusal): Delivery => ({ how: "whole", answer: stampError(refusal, ids, clock.wallMs()) });
  try {
    const body = await readBody(request, MAX_BODY_BYTES);
    await clock.waitMs((options.latencyMs ?? 0) / 2);
    const method = request.method ?? "GET";
    const url = request.url ?? "/";
    const question = url.indexOf("?");
    const path = question === -1 ? url : url.slice(0, question);
    const origin = `http://${request.headers.host ?? "127.0.0.1"}`;
    const signIn = answerSignIn(desk, { method, path, body, origin });
    if (signIn !== null) return { how: "whole", answer: signIn };

    const [version, ...segments] = parsePath(path);
    if (!isApiVersion(version)) return refused(REFUSALS.segmentNotFound(version ?? ""));
    const incoming: IncomingRequest = {
      ...ids,
      method,
      version,
      segments,
      target: url.slice(version.length + 1),
      rawQuery: question === -1 ? "" : url.slice(question + 1),
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()])),
      body: body === "" ? null : body,
      origin,
      insideBatch: false,
    };
    const isBatch = segments.length === 1 && segments[0]?.toLowerCase() === "$batch" && method === "POST";
    if (isBatch) return await deliverBatch(simulation, incoming, random);
    return await answerRequest(simulation, incoming);
  } catch (error) {
    if (error instanceof GraphRefusal) return refused(error.refusal);
    if (error instanceof BodyTooLargeError) {
      return refused({ status: 413, code: "RequestEntityTooLarge", message: error.message });
    }
    throw error;
  }
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
  server.closeAllConnections();
  await closed;
}
