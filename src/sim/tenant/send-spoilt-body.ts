/**
 * Bodies that no client should swallow: too large, cut, mislabelled, undecodable.
 *
 * A client that trusts them runs out of memory, or takes half a page for a whole one. They come from proxies and
 * from whoever sits in between, so everything around them looks like an answer of the service.
 */
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { SpoiltBody } from "./faults.ts";

/** More than any client of ours reads, and a few hundred kilobytes when packed. */
const UNPACKED_BYTES = 96 * 1024 * 1024;
const ENDLESS_BYTES = 1024 * 1024 * 1024;
const CHUNK = Buffer.alloc(1024 * 1024, " ");

/** @param body As the service would have sent it; `null` where it has none. */
export function sendSpoiltBody(response: ServerResponse, status: number, body: Buffer | null, form: SpoiltBody): void {
  const whole = body ?? Buffer.from("{}");
  // An answer that has no body is announced as one that has: 204 forbids it on the wire.
  const head = (headers: Record<string, string>) =>
    response.writeHead(status === 204 ? 200 : status, { "content-type": "application/json", ...headers });
  switch (form) {
    case "gzip-bomb":
      head({ "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(UNPACKED_BYTES, " ")));
      return;
    case "endless":
      head({});
      pour(response, ENDLESS_BYTES);
      return;
    case "half-json":
      head({}).end(whole.subarray(0, Math.floor(whole.length / 2)));
      return;
    case "byte-order-mark":
      head({}).end(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), whole]));
      return;
    case "wrong-type":
      head({ "content-type": "application/octet-stream" }).end(whole);
      return;
    case "not-utf-8":
      head({}).end(Buffer.concat([Buffer.from([0xff, 0xfe]), whole]));
  }
}

/** Writes as fast as the client takes it, until it hangs up. */
function pour(response: ServerResponse, bytesLeft: number): void {
  if (response.destroyed) return;
  if (bytesLeft <= 0) response.end();
  else response.write(CHUNK, () => pour(response, bytesLeft - CHUNK.length));
}
