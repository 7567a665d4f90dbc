/** What `init --json` prints. */
import { z } from "zod";
import { DIAGNOSIS_LINE } from "./doctor-document.ts";
import { listOf } from "./parts.ts";

export const INIT_DOCUMENT = z.strictObject({
  config: z.string().describe("The configuration that was written"),
  schema: z.string().nullable().describe("The JSON Schema beside it; null where one that was there was kept"),
  variables: listOf(z.string()).describe("Names of environment variables that the configuration names"),
  lines: listOf(DIAGNOSIS_LINE).describe("What came of testing the answers that were kept"),
});

export type InitDocument = z.input<typeof INIT_DOCUMENT>;
