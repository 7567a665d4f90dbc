/** The JSON document of `plan`. */
import { z } from "zod";
import { SOURCE_KEYS } from "../../core/source-key.ts";
import { CHANGED_PROPERTIES } from "../../core/takeover-preview.ts";
import { count, guid, holderAction, isoTime, listOf, planFacts, runName } from "./parts.ts";

const liveSource = z.strictObject({ kind: z.literal("live") });
const fileSource = z.strictObject({
  kind: z.literal("file"),
  name: z.string(),
  users: count,
  modifiedAt: isoTime,
  format: z.string(),
  encoding: z.enum(["UTF-8", "UTF-16", "Windows-1252"]),
  unknown: listOf(z.string()).describe("Attributes that the file lacks"),
});

export const PLAN_DOCUMENT = z.strictObject({
  ...runName,
  planHash: z.string().describe("SHA-256 of the plan, hex"),
  tenantName: z.string(),
  cloud: z.string(),
  directories: listOf(
    z.strictObject({
      domain: z.string(),
      domainId: guid,
      baseDn: z.string(),
      server: z.string(),
      url: z.string().optional(),
      source: z.union([liveSource, fileSource]),
    }),
  ),
  mapping: z.string().describe("Name of the mapping file, without its ending"),
  sourceKey: z.enum(SOURCE_KEYS),
  limit: count.nullable(),
  encoding: z.string(),
  encodingAssumed: z.boolean().describe("Nothing in the file says its encoding, and --encoding did not either"),
  linesAbove: listOf(z.strictObject({ line: count, text: z.string() })).describe("Lines above the header"),
  passedOver: listOf(z.strictObject({ heading: z.string(), column: z.string() })).describe(
    "Columns that would also stand for one of ours",
  ),
  blankLines: count,
  rows: count,
  holderActions: listOf(holderAction),
  takeover: z
    .strictObject({
      table: z
        .strictObject({
          file: z
            .string()
            .nullable()
            .describe("Name of the operator's own table; null is the one that comes with the program"),
          source: z.string(),
          checked: z.string().describe("Year and month in which the source was read"),
        })
        .nullable(),
      previewed: count.describe("Users that were compared"),
      users: count.describe("Users for whom something changes"),
      properties: listOf(
        z.strictObject({ property: z.enum(CHANGED_PROPERTIES), changed: count, cleared: count, added: count }),
      ),
    })
    .describe("What sync will change in the cloud users once it takes them over"),
  ...planFacts,
  apply: z.string().nullable().describe("The command that applies the plan"),
});
export type PlanDocument = z.input<typeof PLAN_DOCUMENT>;
