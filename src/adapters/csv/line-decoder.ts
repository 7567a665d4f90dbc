/**
 * Makes text of a line's bytes, in any encoding that we know, and never U+FFFD.
 *
 * Node's TextDecoder is strict when it is told to be. It is not asked for two: UTF-16, where it would hide in which
 * field half a character stands (it is kept, and refused with its place), and ISO-8859-1, which it reads as
 * Windows-1252, so that the control characters of a damaged file would become letters.
 *
 * Source: WHATWG Encoding Standard, https://encoding.spec.whatwg.org/ (checked 2026-11).
 */
import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import type { TextEncoding } from "../../core/text-encodings.ts";
import type { LineUnits } from "./cut-lines.ts";

export type LineDecoder = {
  /** `null` where the bytes are not valid in the encoding. */
  decode(bytes: Buffer): string | null;
  /** Of bytes that cannot be decoded: the text before the first bad place, and its byte. */
  locate(bytes: Buffer): { readonly before: string; readonly byte: number };
};

/** How the lines of a text are cut. */
export function unitsOf(encoding: TextEncoding): LineUnits {
  return encoding === "utf-16le" || encoding === "utf-16be"
    ? { unitBytes: 2, bigEndian: encoding === "utf-16be" }
    : { unitBytes: 1, bigEndian: false };
}

export function createLineDecoder(encoding: TextEncoding): LineDecoder {
  if (encoding === "utf-16le" || encoding === "utf-16be") return utf16Decoder(encoding === "utf-16be");
  if (encoding === "iso-8859-1") return { decode: (bytes) => bytes.toString("latin1"), locate: noBadByte };
  if (encoding === "utf-8")
    return { decode: (bytes) => (isUtf8(bytes) ? bytes.toString("utf8") : null), locate: locateInUtf8 };
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return { decode: (bytes) => decodeStrictly(decoder, bytes), locate: (bytes) => locateByDecoding(bytes, encoding) };
}

function utf16Decoder(bigEndian: boolean): LineDecoder {
  const read = (bytes: Buffer) => (bigEndian ? Buffer.from(bytes).swap16() : bytes).toString("utf16le");
  const whole = (bytes: Buffer) => bytes.subarray(0, bytes.length - (bytes.length % 2));
  return {
    decode: (bytes) => (bytes.length % 2 === 0 ? read(bytes) : null),
    locate: (bytes) => ({ before: read(whole(bytes)), byte: bytes.at(-1) ?? 0 }),
  };
}

function decodeStrictly(decoder: TextDecoder, bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function locateInUtf8(bytes: Buffer): { readonly before: string; readonly byte: number } {
  let valid = 0;
  while (valid < bytes.length) {
    const first = bytes[valid] ?? 0;
    const letterBytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (letterBytes > 1 && !isUtf8(bytes.subarray(valid, valid + letterBytes))) break;
    valid += letterBytes;
  }
  return { before: bytes.toString("utf8", 0, valid), byte: bytes[valid] ?? 0 };
}

/** Byte after byte, so that what was read before the bad one is known. */
function locateByDecoding(bytes: Buffer, encoding: TextEncoding): { readonly before: string; readonly byte: number } {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let before = "";
  let letter = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    try {
      const text = decoder.decode(bytes.subarray(at, at + 1), { stream: true });
      if (text === "") continue;
      before += text;
      letter = at + 1;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      break;
    }
  }
  return { before, byte: bytes[letter] ?? 0 };
}

function noBadByte(): never {
  throw new Error("ISO-8859-1 has a character for every byte");
}
