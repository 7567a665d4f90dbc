/** What `init --json` prints. Published as `docs/schemas/init.json`. */
import { z } from "zod";
import { diagnosisLineSchema } from "./doctor-document.ts";

export const initDocumentSchema = z.strictObject({
  config: z.string().describe("The configuration that was written"),
  schema: z.string().nullable().describe("The JSON Schema beside it; null where one that was there was kept"),
  variables: z.array(z.string()).describe("Names of environment variables that the configuration names"),
  lines: z.array(diagnosisLineSchema).describe("What came of testing the answers that were kept"),
});

export type InitDocument = z.infer<typeof initDocumentSchema>;
