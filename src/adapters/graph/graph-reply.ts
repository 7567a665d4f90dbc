/**
 * An answer of Graph as it came off the wire, read whole.
 *
 * The SDK's own error drops body and headers of an answer that is not JSON, and those are what tells a refusal by
 * Graph from a page of a proxy. Everything here is decided from this raw form.
 *
 * Source of the error body: https://learn.microsoft.com/graph/errors (checked 2026-11)
 */
import { isJsonObject, readField, readText } from "./decode-json.ts";

export type GraphReply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body when it is labelled and readable as JSON, else `undefined`. */
  readonly json: unknown;
};

/** The error that a body carries; `null` when it is none of Graph's. */
export type GraphErrorBody = {
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
  readonly details: readonly { readonly code: string; readonly target: string }[];
};

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** Builds a reply from its parts; never throws. */
export function readReply(status: number, headers: Headers, text: string): GraphReply {
  return { status, headers, text, json: parseJson(headers.get("content-type"), text) };
}

function parseJson(contentType: string | null, text: string): unknown {
  if (!JSON_TYPE.test(contentType ?? "")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Empty, or labelled as JSON and is not: the caller sees a reply without a body that it can read.
    return undefined;
  }
}

/** @returns error.{code, message, innerError, details} of a body. */
export function readErrorBody(json: unknown): GraphErrorBody | null {
  const error = readField(json, "error");
  const code = readText(error, "code");
  if (!isJsonObject(error) || code === null) return null;
  const details = readField(error, "details");
  return {
    code,
    message: readText(error, "message") ?? "",
    requestId: readText(readField(error, "innerError"), "request-id"),
    details: (Array.isArray(details) ? details : []).map((detail) => ({
      code: readText(detail, "code") ?? "",
      target: readText(detail, "target") ?? "",
    })),
  };
}

/** Graph's own id of the request: proof that Graph answered, and what its support asks for. */
export function requestIdOf(reply: GraphReply): string | null {
  return reply.headers.get("request-id") ?? readErrorBody(reply.json)?.requestId ?? null;
}

/** true for the page of a portal or proxy. */
export function isHtml(reply: GraphReply): boolean {
  return /^text\/html\b/i.test(reply.headers.get("content-type") ?? "") || /^\s*<(?:!doctype|html)\b/i.test(reply.text);
}
