/**
 * What happens to one Graph request, alone or inside a batch: ledger, faults, token, quota, route, in this order.
 *
 * The ledger entry of a write is opened first, so that an attempt which is refused, throttled or cut off is still
 * seen. The rules of a route run in one synchronous step: two writes never interleave inside it.
 */
import { GraphRefusal, REFUSALS, refuse, stampError } from "./errors.ts";
import { faultAnswer, spoilPage } from "./fault-answers.ts";
import type { Fault, SpoiltBody } from "./faults.ts";
import type { GraphAnswer, GraphRequest, IncomingRequest, JsonObject, StaleRead } from "./graph-exchange.ts";
import type { LedgerEntry } from "./ledger.ts";
import { parseQuery } from "./parse-query.ts";
import { costOfRead, type RequestCost } from "./quota.ts";
import { matchRoute, type RouteMatch } from "./routes.ts";
import type { Simulation } from "./simulation.ts";
import { isJsonObject } from "./update-user.ts";

/** How an answer reaches the client. */
export interface Delivery {
  readonly how: "whole" | "cut-body" | "reset" | "hang" | "html" | "no-request-id";
  readonly answer: GraphAnswer;
  /** What a fault does with the body on its way. */
  readonly spoilt?: SpoiltBody;
  /** What a fault does with the answer inside its batch. */
  readonly batchFate?: "omit" | "duplicate" | "rename";
}

export async function answerRequest(simulation: Simulation, incoming: IncomingRequest): Promise<Delivery> {
  const match = matchRoute(incoming.method, incoming.segments);
  const route = match.found === "route" ? `${match.route.method} /${match.route.path}` : "unknown";
  simulation.ledger.countRequest(route);
  if (!incoming.insideBatch) simulation.ledger.countExchange(incoming.version, route);
  const key = match.found === "route" ? match.key : "";
  const userId = findSubject(simulation, key);
  let entry = incoming.method === "GET" ? null : openEntry(simulation, incoming, match, userId);

  const { method, target, insideBatch } = incoming;
  const struck = simulation.faults.strike({ method, target, userId, insideBatch });
  for (const { action } of struck) {
    if (action.kind === "delay") await simulation.clock.waitMs(action.ms);
    if (action.kind === "foreign-write-before" && userId !== null) {
      simulation.store.changeUser(userId, { onPremisesImmutableId: action.value }, "foreign");
    }
  }
  if (entry !== null) entry.before = anchorOf(simulation, userId);

  const judge = (): GraphAnswer => judgeRequest(simulation, incoming, match, readStale(simulation, struck));
  if (entry !== null && struck.some(({ action }) => action.kind === "duplicate")) {
    entry.applied = judge().applied === true;
    entry.deliveredAgain = true;
    entry = openEntry(simulation, incoming, match, userId);
  }
  const delivery = deliver(simulation, incoming, struck, judge, entry);
  if (entry !== null && entry.landedAtMs === undefined) {
    entry.status = delivery.how === "reset" || delivery.how === "hang" ? null : delivery.answer.status;
    entry.applied = delivery.answer.applied === true;
  }
  return delivery;
}

/** Runs the request, or not, as the first fault that decides its end wants it. */
function deliver(
  simulation: Simulation,
  incoming: IncomingRequest,
  struck: readonly Fault[],
  judge: () => GraphAnswer,
  entry: LedgerEntry | null,
): Delivery {
  const untouched: GraphAnswer = { status: 503, applied: false };
  for (const { action } of struck) {
    switch (action.kind) {
      case "status":
        return {
          how: "whole",
          answer: faultAnswer(simulation, incoming, action, action.applied && judge().applied === true),
        };
      case "reset":
        return { how: "reset", answer: action.applied ? judge() : untouched };
      case "cut-body":
        return { how: "cut-body", answer: action.applied ? judge() : { ...untouched, status: 200 } };
      case "html":
        return { how: "html", answer: { status: 200, applied: false } };
      case "no-request-id":
        return { how: "no-request-id", answer: judge() };
      case "spoilt-body":
        return { how: "whole", answer: judge(), spoilt: action.form };
      case "spoilt-page":
        return { how: "whole", answer: spoilPage(judge(), action) };
      case "batch-answer":
        return { how: "whole", answer: judge(), batchFate: action.fate };
      case "apply-late": {
        simulation.clock.schedule(() => land(simulation, judge, entry), action.afterMs);
        if (typeof action.answer === "number") {
          const status = { kind: "status", status: action.answer, applied: false } as const;
          return { how: "whole", answer: faultAnswer(simulation, incoming, status, false) };
        }
        return { how: action.answer ?? "reset", answer: untouched };
      }
      default:
    }
  }
  return { how: "whole", answer: judge() };
}

/** A late write takes effect by the rules of the moment it lands; nobody hears how it ended but the ledger. */
function land(simulation: Simulation, judge: () => GraphAnswer, entry: LedgerEntry | null): void {
  if (entry !== null) {
    entry.before = anchorOf(simulation, entry.userId);
    entry.landedAtMs = simulation.clock.wallMs();
  }
  const { applied } = judge();
  if (entry !== null) entry.applied = applied === true;
}

function judgeRequest(
  simulation: Simulation,
  incoming: IncomingRequest,
  match: RouteMatch,
  staleReads: readonly StaleRead[],
): GraphAnswer {
  try {
    const caller = simulation.tokens.check(incoming.headers.authorization);
    const query = parseQuery(incoming.rawQuery);
    const cost: RequestCost =
      match.found === "route"
        ? {
            resourceUnits: match.route.kind === "read" ? costOfRead(match.route.resourceUnits, query) : 1,
            writes: match.route.writes,
          }
        : { resourceUnits: 1, writes: 0 };
    const admission = simulation.quota.admit(caller.appId, cost);
    if (!admission.admitted) return refuse(REFUSALS.tooManyRequests(admission.headers));
    const answer = runRoute(simulation, { ...incoming, caller, staleReads }, match, query);
    if (answer.status === 400 || answer.status === 403) admission.giveBackUnits();
    const used = admission.usage > 0.8 ? { "x-ms-throttle-limit-percentage": admission.usage.toFixed(2) } : {};
    return { ...answer, headers: { "x-ms-resource-unit": String(cost.resourceUnits), ...used, ...answer.headers } };
  } catch (error) {
    return answerRefusal(simulation, incoming, error);
  }
}

function runRoute(
  simulation: Simulation,
  request: GraphRequest,
  match: RouteMatch,
  query: ReturnType<typeof parseQuery>,
): GraphAnswer {
  try {
    if (match.found === "path") return refuse(REFUSALS.methodNotAllowed(request.method));
    if (match.found === "nothing") return refuse(REFUSALS.segmentNotFound(request.segments[0] ?? ""));
    return match.route.answer(simulation, request, query, match.key);
  } catch (error) {
    return answerRefusal(simulation, request, error);
  }
}

/** @throws What is not a refusal: a fault of the simulation itself must not look like an answer of Graph. */
function answerRefusal(simulation: Simulation, incoming: IncomingRequest, error: unknown): GraphAnswer {
  if (!(error instanceof GraphRefusal)) throw error;
  return stampError(error.refusal, incoming, simulation.clock.wallMs());
}

function readStale({ store, clock }: Simulation, struck: readonly Fault[]): StaleRead[] {
  return struck.flatMap(({ match, action }): StaleRead[] => {
    const userId = match.userId ?? null;
    if (action.kind === "stale-read") return [{ userId, valueOf: () => action.value }];
    if (action.kind !== "lagging-read") return [];
    return [{ userId, valueOf: (id) => store.valueAt(id, clock.nowMs() - action.byMs) }];
  });
}

function findSubject(simulation: Simulation, key: string): string | null {
  if (key === "") return null;
  return (simulation.store.findUser(key) ?? simulation.store.findDeletedUser(key))?.id ?? null;
}

function anchorOf(simulation: Simulation, userId: string | null): string | null {
  if (userId === null) return null;
  const user = simulation.store.findUser(userId) ?? simulation.store.findDeletedUser(userId);
  return user?.onPremisesImmutableId ?? null;
}

function openEntry(
  simulation: Simulation,
  incoming: IncomingRequest,
  match: RouteMatch,
  userId: string | null,
): LedgerEntry {
  const body = readBody(incoming.body);
  return simulation.ledger.open({
    atMs: simulation.clock.wallMs(),
    kind: match.found === "route" && match.route.kind !== "read" ? match.route.kind : "other",
    method: incoming.method,
    target: incoming.target,
    key: match.found === "route" && match.key !== "" ? match.key : null,
    userId,
    body,
    ...(body !== null && "onPremisesImmutableId" in body ? { value: body.onPremisesImmutableId } : {}),
    before: anchorOf(simulation, userId),
    requestId: incoming.requestId,
    clientRequestId: incoming.clientRequestId,
    insideBatch: incoming.insideBatch,
  });
}

/** The ledger notes a body that is a JSON object; whatever else was sent is judged, and refused, by the route. */
function readBody(text: string | null): JsonObject | null {
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
