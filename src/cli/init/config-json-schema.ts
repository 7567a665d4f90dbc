/** The JSON Schema of `hardmatch.yaml`, for editors: made from the very schema that the program reads it with. */
import { z } from "zod";
import { configSchema } from "../config-schema.ts";

export const SCHEMA_FILE = "hardmatch.schema.json";

/** Text of the schema. What no schema can see (files, secrets, encryption) is still checked by the program alone. */
export function renderConfigSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ title: "hardmatch.yaml", ...schema }, null, 2)}\n`;
}
