/**
 * Counts, on the wire, what a server sends.
 *
 * ldapts drops a message that it cannot read, together with the rest of that packet, and goes on; the answer then ends
 * in success with entries missing, and a missing entry means "no such account" to everybody behind it. It also keeps
 * what never ends. So the frames are counted here, next to it: the number of entries must agree, and there are limits.
 *
 * Source: RFC 4511 4.1.1 and 5.1 (LDAPMessage, BER restrictions); KB2009267 (hard limits of the LDAP policies); ldapts 9.2
 * (MessageParser), checked 2026-11.
 */

/** An account with every attribute full stays far below this. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** 20,000 entries are the most that a domain controller can be told to send at once; references come on top. */
export const MAX_ANSWER_MESSAGES = 25_000;
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const SEARCH_RESULT_ENTRY = 0x64;

/** One LDAP message: its whole length and the tag of what it carries. */
type Frame = { readonly totalBytes: number; readonly operation: number };

/** Feed it every chunk of one connection, in order. */
export class AnswerCounter {
  #head = Buffer.alloc(0);
  #bytesToSkip = 0;
  #answerBytes = 0;
  #entries = 0;
  #messages = 0;

  /** Search result entries since {@link startAnswer}. */
  get entries(): number {
    return this.#entries;
  }

  /** Forgets the counts of the answer before; one operation at a time runs on a connection. */
  startAnswer(): void {
    this.#answerBytes = 0;
    this.#entries = 0;
    this.#messages = 0;
  }

  /** @returns Why the connection must end: the bytes are no LDAP, or too many; `null` while all is well. */
  push(chunk: Buffer): string | null {
    this.#answerBytes += chunk.length;
    if (this.#answerBytes > MAX_ANSWER_BYTES) return `it is longer than ${MAX_ANSWER_BYTES} bytes`;
    let rest = this.#skip(chunk);
    while (rest.length > 0) {
      const seen = this.#head.length === 0 ? rest : Buffer.concat([this.#head, rest]);
      const frame = readFrame(seen);
      if (typeof frame === "string") return frame;
      if (frame === null) {
        this.#head = Buffer.from(seen);
        return null;
      }
      if (frame.operation === SEARCH_RESULT_ENTRY) this.#entries += 1;
      this.#messages += 1;
      if (this.#messages > MAX_ANSWER_MESSAGES) return `it is longer than ${MAX_ANSWER_MESSAGES} messages`;
      this.#head = Buffer.alloc(0);
      this.#bytesToSkip = frame.totalBytes;
      rest = this.#skip(seen);
    }
    return null;
  }

  #skip(bytes: Buffer): Buffer {
    const skipped = Math.min(this.#bytesToSkip, bytes.length);
    this.#bytesToSkip -= skipped;
    return bytes.subarray(skipped);
  }
}

/** @returns The message that begins here; `null` when more bytes are needed to tell; a reason when it is none. */
export function readFrame(bytes: Buffer): Frame | null | string {
  const length = readLength(bytes, 1);
  if (bytes[0] !== SEQUENCE) return "it is not LDAP";
  if (typeof length === "string" || length === null) return length;
  const totalBytes = length.end + length.value;
  if (totalBytes > MAX_MESSAGE_BYTES) return `a message of ${totalBytes} bytes is announced`;
  const idTag = bytes[length.end];
  const idLength = readLength(bytes, length.end + 1);
  if (idTag !== undefined && idTag !== INTEGER) return "a message has no number";
  if (typeof idLength === "string") return idLength;
  if (idLength !== null && (idLength.value < 1 || idLength.value > 4)) return "a message has no readable number";
  const operationAt = idLength === null ? length.end + 2 : idLength.end + idLength.value;
  if (operationAt >= totalBytes) return "a message has no content";
  const operation = idLength === null ? undefined : bytes[operationAt];
  return operation === undefined ? null : { totalBytes, operation };
}

function readLength(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | null | string {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first < 0x80) return { value: first, end: at + 1 };
  const lengthBytes = first & 0x7f;
  if (lengthBytes < 1 || lengthBytes > 4) return "a message has no readable length";
  if (bytes.length < at + 1 + lengthBytes) return null;
  return { value: bytes.readUIntBE(at + 1, lengthBytes), end: at + 1 + lengthBytes };
}
