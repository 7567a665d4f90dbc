/**
 * SHA-256, for the hash of a plan and for the checks of stored rows.
 *
 * The core computes no hashes; the composition root hands it {@link digest}. The run store hashes the
 * texts that it has stored with the same function, so that what was approved is what is written.
 */
import { createHash, hash } from "node:crypto";

/** SHA-256 of the texts one after the other, as UTF-8: 64 lower-case hex digits. Never holds them all. */
export function digest(texts: Iterable<string>): string {
  const running = createHash("sha256");
  for (const text of texts) running.update(text, "utf8");
  return running.digest("hex");
}

const CHECK_DIGITS = 32;

/**
 * Check over the fields of one stored row. The fields are joined as a JSON array, so that no two
 * different sets of fields give the same text.
 *
 * @returns The first 32 hex digits of the SHA-256: it finds damage, and rows of another run; not forgery.
 */
export function checkFields(fields: readonly (string | number)[]): string {
  return hash("sha256", JSON.stringify(fields), "hex").slice(0, CHECK_DIGITS);
}
