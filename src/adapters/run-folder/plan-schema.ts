/**
 * The exact shape of a stored plan.
 *
 * A run folder can come from anywhere: a share, a mail, a colleague. What does not fit, unknown keys and
 * an object id that is a URL included, is refused before anything can use it.
 */
import { z } from "zod";
import { BREAKER_REASONS } from "../../core/breaker.ts";
import type { BreakerOpening } from "../../core/breaker-openings.ts";
import { CHANGE_KINDS, type Change, SIDES } from "../../core/change.ts";
import { FINDING_CODES, type Finding, SEVERITIES } from "../../core/findings.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import { HOLDER_ACTIONS, type MappingOrigin } from "../../core/mapping.ts";
import { type Decisions, PLAN_VERSION, type PlanHeader, type PlannedRow } from "../../core/plan.ts";
import { ANCHOR_MODES } from "../../core/source-anchor.ts";
import { SOURCE_KEYS } from "../../core/source-key.ts";
import { CHANGED_PROPERTIES, TAKEOVER_KINDS } from "../../core/takeover-preview.ts";
import { TEXT_ENCODINGS } from "../../core/text-encodings.ts";

/** A GUID spelled as this program spells it: lower case, no braces. */
export const guidSchema = z.custom<Guid>(
  (value) => typeof value === "string" && parseGuid(value) === value,
  "not a GUID",
);
export const rowNumberSchema = z.int().nonnegative();
const textOrNull = z.string().nullable();
export const changeKeyShape = { row: rowNumberSchema, step: z.int().positive() };

export const planHeaderSchema: z.ZodType<PlanHeader> = z.strictObject({
  version: z.literal(PLAN_VERSION),
  kind: z.enum(["apply", "rollback"]),
  tenantId: guidSchema,
  cloud: z.string(),
  directories: z.array(z.strictObject({ domain: z.string(), domainId: guidSchema })),
  mapping: z.strictObject({
    name: z.string(),
    extraColumns: z.array(z.string()),
  }),
  options: z.strictObject({
    anchor: z.enum(ANCHOR_MODES),
    sourceKey: z.enum(SOURCE_KEYS),
    replace: z.boolean(),
    writeTo: z.enum(SIDES),
    limit: z.number().nullable(),
    onConflict: z.array(z.enum(HOLDER_ACTIONS)),
    allow: z.array(z.enum(HOLDER_ACTIONS)),
    acceptedIdentityMismatch: z.number().nullable(),
  }),
  takeover: z.strictObject({ file: textOrNull, source: z.string(), checked: z.string() }).nullable(),
  reverses: z.strictObject({ runId: z.string(), planId: z.string() }).nullable(),
});

export const mappingOriginSchema: z.ZodType<MappingOrigin | null> = z
  .strictObject({
    path: z.string(),
    sha256: z.string(),
    encoding: z.enum(TEXT_ENCODINGS),
    columns: z.strictObject({
      account: z.string(),
      upn: z.string(),
      domain: textOrNull,
      onConflict: textOrNull,
      writeTo: textOrNull,
    }),
  })
  .nullable();

export const plannedRowSchema: z.ZodType<PlannedRow> = z.strictObject({
  row: rowNumberSchema,
  account: z.string(),
  domain: textOrNull,
  userPrincipalName: z.string(),
  side: z.enum(SIDES),
  action: z.enum([
    ...["set", "replace", "clear", "none", "blocked"],
    ...["set-consistency-guid", "replace-consistency-guid", "clear-consistency-guid"],
  ] as const),
  settled: z.enum(["already", "blocked", "drift", "taken-over"]).nullable(),
  findings: z.array(z.enum(FINDING_CODES)),
  objectGuid: guidSchema.nullable(),
  anchorSource: z.enum(["objectGUID", "mS-DS-ConsistencyGuid"]).nullable(),
  immutableId: textOrNull,
  previousImmutableId: textOrNull,
  otherSideValue: textOrNull,
  userId: guidSchema.nullable(),
  displayName: textOrNull,
  adDisplayName: textOrNull,
  takeover: z
    .array(
      z.strictObject({
        property: z.enum(CHANGED_PROPERTIES),
        kind: z.enum(TAKEOVER_KINDS),
        before: z.array(z.string()),
        after: z.array(z.string()),
      }),
    )
    .nullable(),
  waitsForRow: rowNumberSchema.nullable(),
  asked: z.strictObject({
    account: z.string(),
    domain: textOrNull,
    upn: z.string(),
    onConflict: z.string(),
    writeTo: z.enum(SIDES).nullable(),
  }),
  extra: z.array(z.string()),
});

export const changeSchema: z.ZodType<Change> = z.strictObject({
  ...changeKeyShape,
  side: z.enum(SIDES),
  kind: z.enum(CHANGE_KINDS),
  holder: z
    .strictObject({
      displayName: textOrNull,
      createdAt: textOrNull,
      lastSyncAt: textOrNull,
      licenceCount: z.int().nonnegative(),
    })
    .nullable(),
  objectId: guidSchema,
  name: z.string(),
  before: textOrNull,
  after: textOrNull,
  wave: z.enum(["simple", "chain", "cycle", "holder"]),
  group: z.int().nonnegative(),
  waitsFor: z.strictObject(changeKeyShape).nullable(),
});

export const findingSchema: z.ZodType<Finding> = z.strictObject({
  code: z.enum(FINDING_CODES),
  severity: z.enum(SEVERITIES),
  rows: z.array(rowNumberSchema),
  detail: z.string(),
});

export const openingsSchema: z.ZodType<readonly BreakerOpening[]> = z.array(
  z.strictObject({
    reason: z.enum(BREAKER_REASONS),
    detail: z.string(),
    openedAt: z.string(),
    acknowledged: z.strictObject({ operator: z.string(), at: z.string() }).nullable(),
  }),
);

export const decisionsSchema: z.ZodType<Decisions> = z.strictObject({
  confirmed: z.int().nonnegative(),
  skipBlocked: z.boolean(),
  confirmedHolders: z.int().nonnegative().nullable(),
  canary: z.int().nonnegative(),
  syncPaused: z.boolean(),
  operator: z.string(),
});
