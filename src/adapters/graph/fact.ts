/**
 * A fact about the tenant that the account may not be allowed to read: its value, or the gap that it leaves.
 *
 * A check that could not be made must be told from one that found nothing. So only Graph's own refusal makes a gap;
 * a network or a service in trouble, or the page of a proxy, stays an error: there, trying again helps.
 */
import type { CheckGap } from "../../core/takeover-facts.ts";
import type { Purpose } from "./call.ts";
import type { GraphCalls, GraphVersion } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import { type GraphReply, readErrorBody } from "./graph-reply.ts";
import { decodePage, readPages } from "./read-pages.ts";

/** What a fact is for: the check as it completes "not checked: ...", and the permission that the read wants. */
export type FactNeed = Pick<CheckGap, "check" | "permission">;

export type Fact<Value> =
  | { readonly value: Value; readonly gap: null }
  | { readonly value: null; readonly gap: CheckGap };

/** Refusals that stay the same however often one asks. */
const WHY: Readonly<Record<number, string>> = {
  400: "the tenant does not answer this question",
  403: "the account may not read it",
  404: "the tenant does not have it",
};

/**
 * @returns `null` when this is no refusal, or not by Graph itself.
 */
export function explainGap(reply: GraphReply, need: FactNeed): CheckGap | null {
  const why = WHY[reply.status];
  const error = readErrorBody(reply.json);
  return why === undefined || error === null ? null : leaveGap(need, `${why} (${reply.status} ${error.code})`);
}

/** @param reason What came back instead, in words. */
export function leaveGap({ check, permission }: FactNeed, reason: string): CheckGap {
  return { check, permission, reason };
}

/** The errand of a fact's reads, for messages. */
export function purposeOf({ check, permission }: FactNeed): Purpose {
  return { doing: `find out ${check}`, permission };
}

/**
 * A whole list, from its first page on.
 *
 * @param reply The answer to the first page.
 * @throws {BatchError} tenant: the answer is neither a page nor a refusal, or a later page could not be had.
 */
export async function followList(
  calls: GraphCalls,
  reply: GraphReply | undefined,
  need: FactNeed,
  signal: AbortSignal,
  version: GraphVersion = "v1.0",
): Promise<Fact<readonly unknown[]>> {
  if (reply === undefined) throw new Error(`nobody asked ${need.check}`);
  const gap = explainGap(reply, need);
  if (gap !== null) return { value: null, gap };
  const entries: unknown[] = [];
  for await (const more of followPages(calls, reply, need, signal, version)) entries.push(...more);
  return { value: entries, gap: null };
}

/** Page after page, from the first on, which is no refusal. @throws as {@link followList} */
export async function* followPages(
  calls: GraphCalls,
  reply: GraphReply,
  need: FactNeed,
  signal: AbortSignal,
  version: GraphVersion = "v1.0",
): AsyncGenerator<readonly unknown[]> {
  const purpose = purposeOf(need);
  const page = reply.status === 200 ? decodePage(reply.json, calls.baseAddressOf(version), purpose) : null;
  if (page === null) throw refuseReply(reply, purpose);
  yield page.entries;
  if (page.next !== null) yield* readPages(calls, page.next, purpose, signal, version);
}

/** A whole list, asked for alone. @throws as {@link followList} */
export async function readList(
  calls: GraphCalls,
  path: string,
  need: FactNeed,
  signal: AbortSignal,
  version: GraphVersion = "v1.0",
): Promise<Fact<readonly unknown[]>> {
  const reply = await calls.readAny({ ...purposeOf(need), path, version, signal });
  return followList(calls, reply, need, signal, version);
}
