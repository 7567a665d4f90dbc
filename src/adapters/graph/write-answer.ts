/**
 * What the answer to a write means: was the value committed, surely not, or can nobody say?
 *
 * Taking a lost write for a refused one leads to a second write of another value; taking a portal's page for
 * success reports a row as done that was never touched. So only what Graph itself demonstrably said counts, and
 * the default is `undecided`.
 *
 * Source: https://learn.microsoft.com/graph/api/user-update and /graph/errors (checked 2026-11). Codes are
 * matched, never texts, which "can change at any time".
 */
import { describeError } from "../../core/errors.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { WriteAnswer } from "../../ports/writable-side.ts";
import { TurnTooLate } from "./governor.ts";
import { type GraphErrorBody, type GraphReply, isHtml, readErrorBody, requestIdOf } from "./graph-reply.ts";
import { TransportFailure } from "./transport-failure.ts";

/** Refused before anything was changed, and refused again if asked again. */
const REFUSED: ReadonlySet<number> = new Set([400, 403, 404, 405, 413, 415]);
/** Not looked at: the token (401), the proxy's sign-in (407), the quota (429). */
const NOT_LOOKED_AT: ReadonlySet<number> = new Set([401, 407, 429]);
const LONGEST_MESSAGE = 500;
/** What stands before the object id of a user in the target of a conflict. */
const USER = "User_";

/**
 * Reads the answer to a write; pure.
 *
 * @param accepts Whether this is how Graph says that a write of this kind was done.
 */
export function readWriteAnswer(reply: GraphReply, accepts: (reply: GraphReply) => boolean): WriteAnswer {
  const requestId = requestIdOf(reply);
  const error = readErrorBody(reply.json);
  const meaning = meaningOf(reply, requestId, accepts);
  return {
    meaning,
    httpStatus: reply.status,
    errorCode: error?.code ?? null,
    message: error?.message.slice(0, LONGEST_MESSAGE) ?? describeStrangeReply(reply, requestId),
    requestId,
    conflict: meaning === "refused" ? readConflict(error) : null,
  };
}

function meaningOf(
  reply: GraphReply,
  requestId: string | null,
  accepts: (reply: GraphReply) => boolean,
): WriteAnswer["meaning"] {
  if (NOT_LOOKED_AT.has(reply.status)) return "not-sent";
  // A proxy or a portal answers for itself: nobody knows what became of the request behind it.
  if (requestId === null || isHtml(reply)) return "undecided";
  if (accepts(reply)) return "accepted";
  return REFUSED.has(reply.status) ? "refused" : "undecided";
}

function describeStrangeReply(reply: GraphReply, requestId: string | null): string | null {
  if (isHtml(reply)) return "a web page came back in place of an answer from Graph";
  if (reply.status >= 300 && reply.status < 400) return "a redirect came back in place of an answer from Graph";
  return requestId === null ? "the answer carries no request-id, so it is not known to come from Graph" : null;
}

/** @returns Who holds the value already, as details[] of the error says; `null` when it is another error. */
function readConflict(error: GraphErrorBody | null): { readonly holderId: Guid | null } | null {
  const details = error?.details ?? [];
  if (!details.some(({ code }) => code === "ObjectConflict" || code === "ConflictingObjects")) return null;
  for (const { code, target } of details) {
    if (code !== "ConflictingObjects" || !target.startsWith(USER)) continue;
    const holderId = parseGuid(target.slice(USER.length));
    if (holderId !== null) return { holderId };
  }
  return { holderId: null };
}

/**
 * The meaning of a write that ended without an answer.
 *
 * @param error A {@link TransportFailure}; anything else that stopped the write before it was handed to the network.
 */
export function readWriteFailure(error: unknown): WriteAnswer {
  const lost = error instanceof TransportFailure && error.sent === "lost";
  return {
    meaning: lost ? "undecided" : error instanceof TurnTooLate ? "too-late" : "not-sent",
    httpStatus: null,
    errorCode: error instanceof TransportFailure ? error.code : null,
    message: describeError(error).slice(0, LONGEST_MESSAGE),
    requestId: null,
    conflict: null,
  };
}
