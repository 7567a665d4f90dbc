/**
 * Puts an answer on the wire with the headers of Graph, or breaks off as a fault demands.
 *
 * Source of the headers: answers quoted in public issues and "Best practices for working with Microsoft Graph"
 * (checked 2026-11).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Delivery } from "./answer-request.ts";
import { type GraphAnswer, JSON_CONTENT_TYPE } from "./graph-exchange.ts";
import { sendSpoiltBody } from "./send-spoilt-body.ts";

const PORTAL_PAGE = "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>";

/** The body as it goes over the wire; `null` where there is none. */
export function encodeBody({ text, body }: GraphAnswer): Buffer | null {
  const written = text ?? (body === undefined ? null : JSON.stringify(body));
  return written === null ? null : Buffer.from(written);
}

/** @param exchange.body What {@link encodeBody} makes of the answer. */
export function sendAnswer(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly body: Buffer | null },
  delivery: Delivery,
  ids: { readonly requestId: string; readonly clientRequestId: string },
  wallMs: number,
): void {
  const { request, response, body } = exchange;
  const { how, answer } = delivery;
  if (how === "hang") return;
  if (how === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  response.setHeader("Date", new Date(wallMs).toUTCString());
  if (how === "html") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PORTAL_PAGE);
    return;
  }
  response.setHeader("Cache-Control", "no-cache");
  if (how !== "no-request-id") {
    response.setHeader("request-id", ids.requestId);
    response.setHeader("client-request-id", ids.clientRequestId);
  }
  response.setHeader("x-ms-resource-unit", "1");
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (body !== null) {
    response.setHeader("Content-Type", answer.text === undefined ? JSON_CONTENT_TYPE : "text/plain");
    response.setHeader("OData-Version", "4.0");
  }
  if (delivery.spoilt !== undefined) {
    sendSpoiltBody(response, answer.status, body, delivery.spoilt);
    return;
  }
  if (how === "cut-body") {
    cutBody(exchange, answer.status, body);
    return;
  }
  response.writeHead(answer.status).end(body ?? undefined);
}

/** An answer without a body is announced with one, so that its end can be missing. */
function cutBody(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  status: number,
  body: Buffer | null,
): void {
  const whole = body ?? Buffer.from('{"value":[]}');
  response.writeHead(status === 204 ? 200 : status, { "content-length": whole.length });
  response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => request.socket.destroy());
}
