/**
 * POST /$batch: up to 20 requests in one, each judged on its own.
 *
 * The order of the answers is shuffled (seeded), because the service promises none; a client that counts on it
 * fails here first. Rules: "Combine multiple requests in one HTTP call using JSON batching" and throttling guidance
 * (learn.microsoft.com/graph, checked 2026-11). Sentences of the refusals are unverified.
 */
import { randomUUID } from "node:crypto";
import { answerRequest, type Delivery } from "./answer-request.ts";
import { GraphRefusal, REFUSALS, refuse, stampError } from "./errors.ts";
import { faultAnswer } from "./fault-answers.ts";
import { type GraphAnswer, type IncomingRequest, JSON_CONTENT_TYPE, type JsonObject } from "./graph-exchange.ts";
import { parsePath } from "./parse-query.ts";
import { matchRoute } from "./routes.ts";
import type { Simulation } from "./simulation.ts";
import { isJsonObject, readJsonObject } from "./update-user.ts";

const MAX_REQUESTS = 20;
const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"];

interface BatchStep {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly dependsOn: readonly string[];
}

/** Answers the batch, unless a fault strikes the HTTP request that carries it. */
export async function deliverBatch(
  simulation: Simulation,
  incoming: IncomingRequest,
  random: () => number,
): Promise<Delivery> {
  const { method, target } = incoming;
  const run = (): Promise<GraphAnswer> => answerBatch(simulation, incoming, random);
  const nothing: GraphAnswer = { status: 200 };
  for (const { action } of simulation.faults.strike({ method, target, userId: null, insideBatch: false })) {
    switch (action.kind) {
      case "delay":
        await simulation.clock.waitMs(action.ms);
        break;
      case "status":
        if (action.applied) await run();
        return { how: "whole", answer: faultAnswer(simulation, incoming, action, false) };
      case "reset":
      case "cut-body":
        return { how: action.kind, answer: action.applied ? await run() : nothing };
      case "html":
        return { how: "html", answer: nothing };
      case "no-request-id":
        return { how: "no-request-id", answer: await run() };
      case "spoilt-body":
        return { how: "whole", answer: await run(), spoilt: action.form };
      default: // the other kinds concern single requests, and strike those inside
    }
  }
  return { how: "whole", answer: await run() };
}

/** @throws Nothing for what the client sent: a batch that cannot be read is answered with one 400 for all. */
async function answerBatch(
  simulation: Simulation,
  incoming: IncomingRequest,
  random: () => number,
): Promise<GraphAnswer> {
  simulation.ledger.countRequest("POST /$batch");
  try {
    simulation.tokens.check(incoming.headers.authorization);
    const steps = readSteps(readJsonObject(incoming));
    simulation.ledger.countExchange(incoming.version, `$batch of ${routeOfFirst(steps)}`);
    const responses = await runSteps(simulation, incoming, steps);
    return { status: 200, body: { responses: shuffle(responses, random) } };
  } catch (error) {
    if (!(error instanceof GraphRefusal)) throw error;
    return stampError(error.refusal, incoming, simulation.clock.wallMs());
  }
}

function routeOfFirst([first]: readonly BatchStep[]): string {
  if (first === undefined) return "nothing";
  const match = matchRoute(first.method, parsePath(first.url.split("?", 1)[0] ?? ""));
  return match.found === "route" ? `${match.route.method} /${match.route.path}` : "unknown";
}

async function runSteps(
  simulation: Simulation,
  incoming: IncomingRequest,
  steps: readonly BatchStep[],
): Promise<JsonObject[]> {
  const statuses = new Map<string, number>();
  const responses: JsonObject[] = [];
  for (const step of steps) {
    const inner = toIncoming(incoming, step);
    const failed = step.dependsOn.some((id) => (statuses.get(id.toLowerCase()) ?? 0) >= 400);
    const { answer, batchFate }: Pick<Delivery, "answer" | "batchFate"> = failed
      ? { answer: stampError(REFUSALS.failedDependency(), inner, simulation.clock.wallMs()) }
      : await answerRequest(simulation, inner);
    statuses.set(step.id.toLowerCase(), answer.status);
    const response = describeAnswer(step.id, inner, answer);
    if (batchFate === "rename") responses.push({ ...response, id: `${step.id}-unknown` });
    else if (batchFate !== "omit") responses.push(response);
    if (batchFate === "duplicate") responses.push(response);
  }
  return responses;
}

function describeAnswer(id: string, inner: IncomingRequest, answer: GraphAnswer): JsonObject {
  return {
    id,
    status: answer.status,
    headers: {
      "request-id": inner.requestId,
      "client-request-id": inner.clientRequestId,
      ...(answer.body === undefined ? {} : { "Content-Type": JSON_CONTENT_TYPE }),
      ...batchHeaders(answer.headers ?? {}),
    },
    ...(answer.body === undefined ? {} : { body: answer.body }),
  };
}

/** Header names inside a batch are written as in the documentation's examples. */
function batchHeaders(headers: GraphAnswer["headers"] & object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name === "retry-after" ? "Retry-After" : name,
      typeof value === "string" ? value : value.join(", "),
    ]),
  );
}

function toIncoming(outer: IncomingRequest, step: BatchStep): IncomingRequest {
  const target = step.url.startsWith("/") ? step.url : `/${step.url}`;
  const question = target.indexOf("?");
  const requestId = randomUUID();
  return {
    method: step.method,
    version: outer.version,
    segments: parsePath(question === -1 ? target : target.slice(0, question)),
    target,
    rawQuery: question === -1 ? "" : target.slice(question + 1),
    headers: { ...step.headers, authorization: outer.headers.authorization },
    body: step.body,
    requestId,
    clientRequestId: step.headers["client-request-id"] ?? requestId,
    origin: outer.origin,
    insideBatch: true,
  };
}

function readSteps(body: JsonObject): BatchStep[] {
  const { requests } = body;
  if (!Array.isArray(requests) || requests.length === 0) {
    return refuse(REFUSALS.batchRefused("Invalid batch payload format."));
  }
  if (requests.length > MAX_REQUESTS) {
    return refuse(REFUSALS.batchRefused(`Number of batch request steps exceeds the maximum value of ${MAX_REQUESTS}.`));
  }
  const steps = requests.map((request: unknown) => readStep(request));
  const ids = new Set(steps.map(({ id }) => id.toLowerCase()));
  if (ids.size !== steps.length) {
    return refuse(REFUSALS.batchRefused("Batch request ids have to be unique, without regard to case."));
  }
  checkDependencies(steps);
  return steps;
}

function readStep(request: unknown): BatchStep {
  if (!isJsonObject(request)) return refuse(REFUSALS.batchRefused("Invalid batch payload format."));
  const { id, method, url, headers, body, dependsOn } = request;
  if (typeof id !== "string" || id === "") return refuse(REFUSALS.batchRefused("A batch request has no id."));
  if (typeof method !== "string" || !METHODS.includes(method.toUpperCase())) {
    return refuse(REFUSALS.batchRefused(`Batch request ${id} has no valid method.`));
  }
  if (typeof url !== "string" || url === "" || /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) {
    return refuse(REFUSALS.batchRefused(`The URL of batch request ${id} has to be relative to the API version.`));
  }
  if (/^\/?(\$|%24)batch\b/i.test(url) || /^\/?(v1\.0|beta)\//i.test(url)) {
    return refuse(REFUSALS.batchRefused(`The URL of batch request ${id} is not valid inside a batch.`));
  }
  parsePath(url.split("?", 1)[0] ?? "");
  const innerHeaders = readHeaders(headers);
  if (body !== undefined && body !== null && innerHeaders["content-type"] === undefined) {
    return refuse(REFUSALS.batchRefused(`Write request id : ${id} does not contain Content-Type header or body.`));
  }
  const earlier = Array.isArray(dependsOn) ? dependsOn.filter((other) => typeof other === "string") : [];
  return {
    id,
    method: method.toUpperCase(),
    url,
    headers: innerHeaders,
    body: body === undefined || body === null ? null : JSON.stringify(body),
    dependsOn: earlier,
  };
}

function readHeaders(headers: unknown): Record<string, string> {
  if (!isJsonObject(headers)) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Known issues: a batch is parallel, serial (each waits for the one before) or same (all wait for one). */
function checkDependencies(steps: readonly BatchStep[]): void {
  if (steps.every(({ dependsOn }) => dependsOn.length === 0)) return;
  const first = steps[0]?.id.toLowerCase();
  const waitsFor = steps.slice(1).map(({ dependsOn }) => dependsOn.map((id) => id.toLowerCase()));
  const serial = waitsFor.every((ids, at) => ids.length === 1 && ids[0] === steps[at]?.id.toLowerCase());
  const same = waitsFor.every((ids) => ids.length === 1 && ids[0] === first);
  if ((serial || same) && steps[0]?.dependsOn.length === 0) return;
  refuse(REFUSALS.batchRefused("Only parallel, serial and same dependencies are supported in a batch."));
}

function shuffle<Value>(values: readonly Value[], random: () => number): Value[] {
  return values
    .map((value) => ({ value, rank: random() }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ value }) => value);
}
