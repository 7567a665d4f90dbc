/** The JSON documents of the commands that work on a run: `apply`, `rollback`, `status`, `verify`. */
import { z } from "zod";
import { SYNC_TROUBLES } from "../../core/sync-trouble.ts";
import { VERDICTS } from "../../core/verdict.ts";
import {
  breakerOpening,
  count,
  findingCode,
  guid,
  holderAction,
  isoTime,
  leftAlone,
  listOf,
  outcomes,
  planFacts,
  planId,
  row,
  runFolder,
  runName,
} from "./parts.ts";

const applied = {
  ...runName,
  stoppedEarly: z.string().nullable().describe("Why the run ended before its last row"),
  breaker: breakerOpening.nullable().describe("The opening that keeps the run from going on"),
  leftAlone: leftAlone.optional().describe("Of a rollback: what it does not bring back"),
  ...outcomes,
};
export const APPLY_DOCUMENT = z.strictObject(applied);
export type ApplyDocument = z.input<typeof APPLY_DOCUMENT>;

const reversal = {
  reverses: z.strictObject({ runId: z.string(), planId }).nullable().describe("The run that is undone"),
  tenantId: guid,
  ...planFacts,
  leftAlone,
  damagedLines: listOf(z.strictObject({ line: count, row: row.nullable(), problem: z.string() })),
  missingLines: listOf(
    z.strictObject({
      first: count,
      last: count,
      total: count,
      afterRow: row.nullable(),
      beforeRow: row.nullable(),
    }),
  ),
  cameAlong: listOf(row).describe("Rows that hang together with those of --rows"),
};
export const ROLLBACK_DOCUMENT = z.union([
  z.strictObject({ run: z.null(), ...reversal }).describe("There is nothing to write back"),
  z.strictObject({ ...runName, ...reversal, apply: z.string() }).describe("--plan-only: saved, not applied"),
  z.strictObject({ ...applied, ...reversal }).describe("Applied"),
]);
export type RollbackDocument = z.input<typeof ROLLBACK_DOCUMENT>;

export const STATUS_DOCUMENT = z.strictObject({
  ...runName,
  kind: z.enum(["apply", "rollback"]),
  createdAt: isoTime,
  state: z.enum(["not applied", "in progress", "done", "ended", "stopped", "cut off"]),
  heldBy: z.string().nullable().describe("The process that works on the run"),
  rolledBackBy: listOf(runFolder),
  decisions: z
    .strictObject({
      confirmed: count,
      confirmedHolders: count.nullable(),
      skipBlocked: z.boolean(),
      canary: count,
      syncPaused: z.boolean(),
      operator: z.string(),
    })
    .nullable(),
  breaker: listOf(breakerOpening),
  end: z.strictObject({ reason: z.string(), at: isoTime }).nullable(),
  rowsToWrite: count,
  blockedBatch: listOf(z.strictObject({ code: findingCode, detail: z.string() })),
  blockedRows: count,
  holderActions: listOf(holderAction),
  ...z.strictObject(outcomes).partial().shape,
});
export type StatusDocument = z.input<typeof STATUS_DOCUMENT>;

const verdict = z.enum(VERDICTS);
const verifiedRow = z.strictObject({
  row,
  account: z.string(),
  userPrincipalName: z.string(),
  verdict,
  detail: z.string(),
  value: z.string().nullable().describe("What the user holds now"),
});
export const VERIFY_DOCUMENT = z.strictObject({
  ...runName,
  rolledBackBy: listOf(runFolder),
  rows: count,
  counts: z.record(verdict, count),
  notHolding: listOf(verifiedRow),
  rolledBack: listOf(verifiedRow),
  cutover: z
    .strictObject({
      end: z.enum(["decided", "time-up", "stopped"]).describe("Why the wait ended"),
      waitedSeconds: count,
      looks: count,
      lastSyncAt: isoTime.nullable().describe("When the tenant says that sync last ran"),
      matched: count,
      wrong: count,
      waiting: count,
      open: listOf(
        z.strictObject({
          row,
          account: z.string(),
          userPrincipalName: z.string(),
          verdict,
          trouble: z.enum(SYNC_TROUBLES).nullable(),
          detail: z.string(),
          synced: z.boolean().describe("Sync owns the user, whatever else is wrong"),
          means: z.string().nullable(),
          next: z.string().nullable(),
        }),
      ).describe("Rows that sync has not matched"),
    })
    .nullable()
    .describe("Of --wait-for-sync"),
});
export type VerifyDocument = z.input<typeof VERIFY_DOCUMENT>;
