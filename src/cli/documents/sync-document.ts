/** The JSON document of `sync`: what was started, or where it has to be. */
import { z } from "zod";
import { isoTime, listOf, row } from "./parts.ts";

export const SYNC_DOCUMENT = z.strictObject({
  method: z.enum(["connect-sync", "cloud-sync"]),
  started: z.boolean().describe("This command has started something"),
  scheduler: z
    .strictObject({
      cycleEnabled: z.boolean(),
      suspended: z.boolean(),
      stagingMode: z.boolean(),
      cycleInProgress: z.boolean(),
      nextCycleAt: isoTime.nullable(),
      busyConnectors: listOf(z.string()),
    })
    .nullable()
    .describe("Of Connect Sync on this machine, before the start"),
  line: z.string().nullable().describe("What has to be run on the sync server, where nothing was started here"),
  note: z.string().nullable(),
  jobs: listOf(
    z.strictObject({
      id: z.string(),
      servicePrincipalId: z.string(),
      name: z.string(),
      code: z.string().describe("status.code of the job as Graph writes it"),
      quarantineReason: z.string().nullable(),
      step: z.enum(["runs", "start", "mend"]).describe("Left to run, started, or not started because it needs mending"),
    }),
  ),
  users: listOf(
    z.strictObject({
      name: z.string(),
      row: row.nullable(),
      dn: z.string().nullable(),
      result: z.enum(["success", "skipped", "failure"]),
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ).describe("Of --users"),
  next: z.string().describe("The command that follows the takeover"),
});
export type SyncDocument = z.input<typeof SYNC_DOCUMENT>;
