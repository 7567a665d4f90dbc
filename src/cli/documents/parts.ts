/** Parts that several JSON documents share. */
import { z } from "zod";
import { BREAKER_REASONS } from "../../core/breaker.ts";
import { CHANGE_KINDS } from "../../core/change.ts";
import { FINDING_CODES, SEVERITIES } from "../../core/findings.ts";
import { OUTCOME_STATUSES } from "../../core/outcome.ts";
import { PLAN_STATE_WORDS, type PlanState } from "../../core/row-states.ts";

export const guid = z.string().describe("GUID in lower case with dashes");
export const isoTime = z.string().describe("ISO 8601 time in UTC");
export const count = z.int().nonnegative();
export const row = z.int().positive().describe("Line number in the mapping file");
export const planId = z.string().describe("First 12 hex digits of the plan's hash");
export const runFolder = z.string().describe("The run folder, as it was named or made");
export const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

export const findingCode = z.enum(FINDING_CODES);
export const severity = z.enum(SEVERITIES);
export const status = z.enum(OUTCOME_STATUSES);

export const finding = z.strictObject({ code: findingCode, severity, rows: listOf(row), detail: z.string() });

export const breakerVerdict = { reason: z.enum(BREAKER_REASONS), detail: z.string() };
export const breakerOpening = z.strictObject({
  ...breakerVerdict,
  openedAt: isoTime,
  acknowledged: z.strictObject({ operator: z.string(), at: isoTime }).nullable(),
});

export const holderAction = z
  .strictObject({
    row,
    step: z.int().positive(),
    kind: z.enum(CHANGE_KINDS),
    objectId: guid,
    name: z.string().describe("UPN of the object"),
    displayName: z.string().nullable().optional(),
    createdAt: isoTime.nullable().optional(),
    lastSyncAt: isoTime.nullable().optional(),
    licenceCount: count.optional(),
    irreversible: z.boolean(),
  })
  .describe("A step on an object that stands in the way of a row");

/** What `plan` and `rollback` say of a plan. */
export const planFacts = {
  rowsToWrite: count.describe("What --confirm wants to hear"),
  toSet: count,
  toReplace: count,
  toClear: count,
  alreadyDone: count,
  states: z.partialRecord(z.enum(Object.keys(PLAN_STATE_WORDS) as [PlanState, ...PlanState[]]), count),
  warnedRows: count,
  blockedRows: listOf(
    z.strictObject({
      row,
      account: z.string(),
      userPrincipalName: z.string(),
      findings: listOf(findingCode),
      reason: z.string(),
    }),
  ),
  blockedBatch: z.boolean(),
  codes: listOf(
    z.strictObject({
      code: findingCode,
      severity,
      rows: count,
      wholeBatch: z.boolean(),
      details: listOf(z.string()),
    }),
  ),
  writes: count.describe("Writes needed, canary included"),
  shortestSeconds: z.number().nonnegative().describe("Shortest time under the quota"),
};

/** What `apply`, `rollback` and `status` say of a run. */
export const outcomes = {
  rows: count,
  rowCounts: z.partialRecord(status, count).describe("Rows by their state"),
  steps: count,
  stepCounts: z.partialRecord(status, count).describe("Steps by their state"),
  takenOver: z
    .strictObject({ written: listOf(row), leftAlone: listOf(row) })
    .describe("Rows whose user sync owns: written by the run, or found so and left alone"),
  open: listOf(
    z.strictObject({
      row,
      step: count,
      status,
      account: z.string(),
      userPrincipalName: z.string(),
      findings: listOf(findingCode),
      message: z.string().nullable(),
      requestId: z.string().nullable(),
    }),
  ).describe("Steps that are not done"),
};

const revertedRow = z.strictObject({
  row,
  account: z.string(),
  userPrincipalName: z.string(),
  written: z.string().nullable().describe("What the run wrote"),
  before: z.string().nullable().describe("What would be written back"),
});

/** What a rollback does not bring back. */
export const leftAlone = z.strictObject({
  takenOver: listOf(revertedRow),
  drifted: listOf(revertedRow),
  unconfirmed: listOf(finding),
  unread: listOf(z.string()),
  irreversible: listOf(finding),
  restored: listOf(finding),
});

/** How every run is named. */
export const runName = { run: runFolder, runId: z.string(), planId, tenantId: guid };
