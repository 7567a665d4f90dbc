/** Whether a mapping file is still the one that a plan was made of. */
import { BatchError } from "../../core/errors.ts";
import { openOrdinaryFile, startHash } from "./ordinary-file.ts";
import { DEFAULT_MAPPING_LIMITS } from "./read-mapping.ts";

/**
 * @returns SHA-256 of the file's bytes, hex, as `MappingRecord.sha256` has it; `null` when there is no such file any
 *   more or it is none that could be a mapping. A plan has its own rows and does without.
 */
export async function hashMappingFile(path: string): Promise<string | null> {
  try {
    const file = await openOrdinaryFile(path, DEFAULT_MAPPING_LIMITS.fileBytes);
    try {
      const hash = startHash();
      for await (const piece of file.pieces()) hash.update(piece);
      return hash.digest("hex");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof BatchError && error.code === "input") return null;
    throw error;
  }
}
