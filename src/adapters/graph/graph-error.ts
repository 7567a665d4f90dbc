/**
 * Turns a read that failed for good into the message that an operator can act on.
 *
 * Every message that stems from an answer carries Graph's request-id and date: without them Microsoft's support
 * cannot find the request.
 */
import { BatchError } from "../../core/errors.ts";
import type { Purpose } from "./call.ts";
import { PauseTooLong } from "./governor.ts";
import { type GraphReply, isHtml, readErrorBody, requestIdOf } from "./graph-reply.ts";
import { describeFailure, mendReach, TransportFailure } from "./transport-failure.ts";

/** The batch error for an answer that is not the one that was asked for. */
export function refuseReply(reply: GraphReply, { doing, permission }: Purpose): BatchError {
  const error = readErrorBody(reply.json);
  const said = error === null ? describeBody(reply) : `${error.code}: ${error.message}`;
  const requestId = requestIdOf(reply) ?? "none";
  const date = reply.headers.get("date") ?? "unknown";
  return new BatchError(
    "tenant",
    `Graph did not ${doing}: HTTP ${reply.status}, ${said} (request-id ${requestId}, date ${date})`,
    hintFor(reply.status, permission),
  );
}

function describeBody(reply: GraphReply): string {
  if (isHtml(reply)) return "a web page in place of an answer from Graph";
  return reply.text === "" ? "no text" : "an answer that cannot be read";
}

function hintFor(status: number, permission: string): string {
  if (status === 401) return "Sign in again or provide a new token, then run the same command again.";
  if (status === 403) return `Grant the permission ${permission} with admin consent, then get a new token.`;
  if (status === 429) return "Wait until the tenant is less busy, then run the same command again.";
  if (status >= 500) return "Try again later; if it goes on, give the request-id to Microsoft support.";
  if (status >= 200 && status < 400) return "Look for a proxy or portal between this machine and Graph.";
  return "Give the request-id to Microsoft support if the message does not say enough.";
}

/**
 * The batch error for a read that ended without an answer.
 *
 * @param error What was thrown. A {@link BatchError} comes back as it is; what nobody expects comes back too.
 */
export function explainReadFailure(error: unknown, { doing }: Purpose, signal: AbortSignal): unknown {
  if (error instanceof BatchError) return error;
  if (signal.aborted) {
    return new BatchError("interrupted", `Stopped while about to ${doing}.`, "Run the same command again.");
  }
  if (error instanceof PauseTooLong) {
    return new BatchError(
      "paused",
      `Cannot ${doing}: ${error.message}.`,
      "Run the same command again after the pause.",
    );
  }
  if (error instanceof TransportFailure) {
    return new BatchError(
      "tenant",
      `Cannot ${doing}: ${describeFailure(error)}`,
      error.worthRetry
        ? `${mendReach(error.host)} Then look at each step with: hardmatch doctor`
        : "Graph's certificate is not trusted here: find out which proxy replaces it, and add its CA with NODE_EXTRA_CA_CERTS.",
    );
  }
  return error;
}
