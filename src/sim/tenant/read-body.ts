/** Reads the body of an HTTP request as UTF-8, up to a limit: a client gone wild must not fill the memory of a test run. */
import type { IncomingMessage } from "node:http";

/**
 * @throws {BodyTooLargeError} over `maxBytes`.
 * @throws {Error} if the client goes away before its body is whole.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw new BodyTooLargeError(`The body has more than ${maxBytes} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}
