/**
 * Looks users up by values of one property, 300 to an HTTP request: `in` filters of 15 inside a $batch of 20.
 *
 * The answers of a batch come in any order and fail one by one, with 200 around them: they are matched by id, and
 * whatever is missing, doubled or failed for the moment is asked again, alone, under the same pacing as any other
 * request.
 *
 * Source: https://learn.microsoft.com/graph/json-batching and /graph/throttling (checked 2026-11)
 */
import type { BatchRequestBody } from "@microsoft/microsoft-graph-client";
import { BatchError } from "../../core/errors.ts";
import type { CloudUser } from "../../core/snapshot.ts";
import type { Purpose } from "./call.ts";
import { isJsonObject, readField } from "./decode-json.ts";
import { decodeUser } from "./decode-user.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { explainReadFailure, refuseReply } from "./graph-error.ts";
import { type GraphReply, readErrorBody } from "./graph-reply.ts";
import { BATCH_SIZE, FILTER_SIZE, splitIntoGroups, usersWherePath } from "./query.ts";
import { decodePage, readPages } from "./read-pages.ts";
import { backoffMs, retryAfterMs } from "./retry-after.ts";

/** Property to look up by, and the values. */
export type LookUp = {
  readonly property: "id" | "userPrincipalName" | "onPremisesImmutableId";
  readonly values: readonly string[];
};

const PURPOSE: Purpose = { doing: "look users up", permission: "User.Read.All" };
const MOST_ROUNDS = 8;
/** Asked again; every other status is an answer. 424 stands for a failed neighbour. */
const PASSING: ReadonlySet<number> = new Set([408, 424, 429, 500, 502, 503, 504]);

/**
 * @returns Every user found, once each, however often it was found.
 * @throws {BatchError} tenant: not every value could be asked for. interrupted.
 */
export async function lookUsersUp(
  calls: GraphCalls,
  lookUps: readonly LookUp[],
  signal: AbortSignal,
): Promise<CloudUser[]> {
  const paths = lookUps.flatMap(({ property, values }) =>
    splitIntoGroups(Array.from(new Set(values)), FILTER_SIZE).map((group) => usersWherePath(property, group)),
  );
  const found = new Map<string, CloudUser>();
  for (const group of splitIntoGroups(paths, BATCH_SIZE)) {
    for (const user of await runBatch(calls, group, signal)) found.set(user.id, user);
  }
  return Array.from(found.values());
}

async function runBatch(calls: GraphCalls, paths: readonly string[], signal: AbortSignal): Promise<CloudUser[]> {
  const users: CloudUser[] = [];
  let pending = new Map(paths.map((path, index) => [String(index + 1), path]));
  for (let round = 1; pending.size > 0; round += 1) {
    const { outer, answers } = await sendBatch(calls, pending, signal);
    const again = new Map<string, string>();
    const held: (number | null)[] = [];
    for (const [id, path] of pending) {
      const answer = answers.get(id);
      if (answer !== undefined && !PASSING.has(answer.status)) {
        users.push(...(await decodeAnswer(calls, outer, answer, signal)));
        continue;
      }
      again.set(id, path);
      if (answer?.status === 429 || answer?.status === 503) {
        held.push(retryAfterMs(answer.retryAfter, outer.headers.get("date")));
      }
    }
    pending = again;
    if (pending.size > 0) await prepareNextRound(calls, round, held, signal);
  }
  return users;
}

type InnerAnswer = { readonly status: number; readonly body: unknown; readonly retryAfter: string | null };

async function sendBatch(calls: GraphCalls, pending: ReadonlyMap<string, string>, signal: AbortSignal) {
  const body: BatchRequestBody = {
    requests: Array.from(pending, ([id, url]) => ({ id, method: "GET", url })),
  };
  const outer = await calls.read({ ...PURPOSE, path: "/$batch", signal, body, units: pending.size });
  const responses = readField(outer.json, "responses");
  if (!Array.isArray(responses)) throw refuseReply(outer, PURPOSE);
  return { outer, answers: matchById(responses, calls) };
}

/** @returns The inner answers by id; an id that came twice is left out, for nobody can say which one is meant. */
function matchById(responses: readonly unknown[], calls: GraphCalls): Map<string, InnerAnswer> {
  const answers = new Map<string, InnerAnswer>();
  const doubled = new Set<string>();
  for (const response of responses) {
    const id = readField(response, "id");
    const status = readField(response, "status");
    if (typeof id !== "string" || typeof status !== "number") continue; // Missing by its id, so asked again.
    if (answers.has(id)) doubled.add(id);
    answers.set(id, { status, body: readField(response, "body"), retryAfter: readRetryAfter(response) });
  }
  for (const id of doubled) answers.delete(id);
  if (doubled.size > 0) calls.log.warn("graph-batch-doubled", { count: doubled.size });
  return answers;
}

function readRetryAfter(response: unknown): string | null {
  const headers = readField(response, "headers");
  if (!isJsonObject(headers)) return null;
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

async function decodeAnswer(calls: GraphCalls, outer: GraphReply, answer: InnerAnswer, signal: AbortSignal) {
  const page = answer.status === 200 ? decodePage(answer.body, calls.baseAddress, PURPOSE) : null;
  if (page === null) throw refuseReply(innerReply(outer, answer), PURPOSE);
  const users = page.entries.map(decodeUser);
  if (page.next === null) return users;
  for await (const entries of readPages(calls, page.next, PURPOSE, signal)) users.push(...entries.map(decodeUser));
  return users;
}

/** An inner answer with the ids and date of the outer one, where it has none of its own. */
function innerReply(outer: GraphReply, { status, body }: InnerAnswer): GraphReply {
  const known = readErrorBody(body) !== null;
  return { status, headers: outer.headers, text: known ? "" : "unreadable", json: body };
}

/** @param held What each throttled answer said about a pause, `null` where it did not say. */
async function prepareNextRound(
  { governor, clock, chance }: GraphCalls,
  round: number,
  held: readonly (number | null)[],
  signal: AbortSignal,
): Promise<void> {
  const throttled = held.length > 0;
  if (round >= MOST_ROUNDS || (throttled ? governor.retries.empty : !governor.retries.spend())) {
    throw new BatchError(
      "tenant",
      `Cannot ${PURPOSE.doing}: parts of a batch stayed unanswered after ${round} tries`,
      "Try again later; nothing was decided from the part that did answer.",
    );
  }
  if (throttled) {
    const told = held.filter((waitMs) => waitMs !== null);
    governor.throttled(null, "read", told.length === 0 ? null : Math.max(...told)); // The next turn waits it out.
    return;
  }
  try {
    await clock.sleep(backoffMs(round, chance.fraction()), signal);
  } catch (error) {
    throw explainReadFailure(error, PURPOSE, signal);
  }
}
