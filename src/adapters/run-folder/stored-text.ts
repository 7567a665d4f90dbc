/**
 * Reading of stored JSON: exactly the shape that is expected, in exactly the spelling in which it was
 * written.
 */
import type { z } from "zod";
import { BatchError } from "../../core/errors.ts";

/** Longest stored text, in UTF-16 units; a finding over every row of a million fits. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/**
 * @param place Where the text stands, for the message: "row 17".
 * @throws {BatchError} refused: it is not JSON, has another shape, or is spelled in another way, as with
 *   white space or a key that stands in it twice.
 */
export function parseStored<T>(text: string, schema: z.ZodType<T>, place: string): T {
  if (text.length > MOST_CHARACTERS) throw refuseText(place, "it is too long");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refuseText(place, "it is not JSON");
  }
  if (JSON.stringify(value) !== text) throw refuseText(place, "it is not spelled as this program spells it");
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw refuseText(place, `${first?.path.join(".") || "it"}: ${first?.message ?? "unknown shape"}`);
  }
  return parsed.data;
}

function refuseText(place: string, why: string): BatchError {
  return new BatchError(
    "refused",
    `run.sqlite holds what this program never stores, at ${place}: ${why}. Nothing was changed now.`,
    "Put back a copy of run.sqlite, or plan again.",
  );
}
