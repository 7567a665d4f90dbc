/**
 * Many reads in few requests: 20 to a $batch.
 *
 * The answers of a batch come in any order and fail one by one, with 200 around them: they are matched by id, and
 * whatever is missing, doubled or failed for the moment is asked again, alone, under the same pacing as any other
 * request.
 *
 * Source: https://learn.microsoft.com/graph/json-batching and /graph/throttling (checked 2026-11)
 */
import type { BatchRequestBody } from "@microsoft/microsoft-graph-client";
import { BatchError } from "../../core/errors.ts";
import type { Purpose } from "./call.ts";
import { isJsonObject, readField } from "./decode-json.ts";
import type { GraphCalls, GraphVersion } from "./graph-calls.ts";
import { explainReadFailure, refuseReply } from "./graph-error.ts";
import { type GraphReply, readErrorBody } from "./graph-reply.ts";
import { BATCH_SIZE, splitIntoGroups } from "./query.ts";
import { backoffMs, retryAfterMs } from "./retry-after.ts";

/** What the reads of a batch have in common. */
export type BatchRead = { readonly purpose: Purpose; readonly version?: GraphVersion };

const MOST_ROUNDS = 8;
/** Asked again; every other status is an answer. 424 stands for a failed neighbour. */
const PASSING: ReadonlySet<number> = new Set([408, 424, 429, 500, 502, 503, 504]);
/** Batches under way together; the governor has the last word. */
export const LANES = 16;

/**
 * Reads any number of paths. The first batch goes alone, so that a missing permission is met once and not at once
 * by all.
 *
 * @param goOn Looks at the answers of the first batch; false leaves the rest unasked.
 * @returns An answer for each path that was asked, in their order, whatever its status.
 * @throws {BatchError} tenant: a path got no answer that lasts. interrupted.
 */
export async function readInBatches(
  calls: GraphCalls,
  paths: readonly string[],
  how: BatchRead,
  signal: AbortSignal,
  goOn: (replies: readonly GraphReply[]) => boolean = everyReplyIsGood,
): Promise<GraphReply[]> {
  const [first = [], ...others] = splitIntoGroups(paths, BATCH_SIZE);
  const head = await readBatch(calls, first, how, signal);
  if (!goOn(head)) return head;
  const replies: GraphReply[][] = others.map(() => []);
  const failed = new AbortController();
  const together = AbortSignal.any([signal, failed.signal]);
  const waiting = others.entries();
  const runLane = async () => {
    for (const [index, group] of waiting) replies[index] = await readBatch(calls, group, how, together);
  };
  try {
    await Promise.all(Array.from({ length: LANES }, runLane));
  } catch (error) {
    failed.abort();
    throw error;
  }
  return [...head, ...replies.flat()];
}

function everyReplyIsGood(replies: readonly GraphReply[]): boolean {
  return replies.every(({ status }) => status === 200);
}

/** Reads at most {@link BATCH_SIZE} paths. @returns and throws as {@link readInBatches} */
export async function readBatch(
  calls: GraphCalls,
  paths: readonly string[],
  how: BatchRead,
  signal: AbortSignal,
): Promise<GraphReply[]> {
  const settled = new Map<string, GraphReply>();
  let pending = new Map(paths.map((path, index) => [String(index + 1), path]));
  for (let round = 1; pending.size > 0; round += 1) {
    const { outer, answers } = await sendBatch(calls, pending, how, signal);
    const again = new Map<string, string>();
    const held: (number | null)[] = [];
    for (const [id, path] of pending) {
      const answer = answers.get(id);
      if (answer !== undefined && !PASSING.has(answer.status)) {
        settled.set(id, innerReply(outer, answer));
        continue;
      }
      again.set(id, path);
      if (answer?.status === 429 || answer?.status === 503) {
        held.push(retryAfterMs(answer.retryAfter, outer.headers.get("date")));
      }
    }
    pending = again;
    if (pending.size > 0) await prepareNextRound(calls, how.purpose, round, held, signal);
  }
  return paths.flatMap((_, index) => settled.get(String(index + 1)) ?? []);
}

type InnerAnswer = { readonly status: number; readonly body: unknown; readonly retryAfter: string | null };

async function sendBatch(
  calls: GraphCalls,
  pending: ReadonlyMap<string, string>,
  { purpose, version = "v1.0" }: BatchRead,
  signal: AbortSignal,
) {
  const body: BatchRequestBody = {
    requests: Array.from(pending, ([id, url]) => ({ id, method: "GET", url })),
  };
  const outer = await calls.read({ ...purpose, path: "/$batch", version, signal, body, units: pending.size });
  const responses = readField(outer.json, "responses");
  if (!Array.isArray(responses)) throw refuseReply(outer, purpose);
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

/** An inner answer with the ids and date of the outer one, where it has none of its own. */
function innerReply(outer: GraphReply, { status, body }: InnerAnswer): GraphReply {
  const known = readErrorBody(body) !== null;
  return { status, headers: outer.headers, text: known ? "" : "unreadable", json: body };
}

/** @param held What each throttled answer said about a pause, `null` where it did not say. */
async function prepareNextRound(
  { governor, clock, chance }: GraphCalls,
  purpose: Purpose,
  round: number,
  held: readonly (number | null)[],
  signal: AbortSignal,
): Promise<void> {
  const throttled = held.length > 0;
  if (round >= MOST_ROUNDS || (throttled ? governor.retries.empty : !governor.retries.spend())) {
    throw new BatchError(
      "tenant",
      `Cannot ${purpose.doing}: parts of a batch stayed unanswered after ${round} tries`,
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
    throw explainReadFailure(error, purpose, signal);
  }
}
