/** The error of a mapping that must not be read, for tests. */
import { type MappingHints, type MappingLimits, readMappingFile } from "../../../src/adapters/csv/read-mapping.ts";
import { BatchError } from "../../../src/core/errors.ts";

/** @throws {Error} The file was read, or something other than a refusal came of it. */
export async function refusalOf(
  path: string,
  hints: MappingHints = {},
  limits: Partial<MappingLimits> = {},
): Promise<BatchError> {
  const reading = await readMappingFile(path, hints, limits).catch((error: unknown) => error);
  if (reading instanceof BatchError) return reading;
  throw new Error(`${path} was not refused: ${JSON.stringify(reading)}`, { cause: reading });
}
