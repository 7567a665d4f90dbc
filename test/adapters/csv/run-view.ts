/** A small run for the tests of the files that are made from one. */
import type { Change } from "../../../src/core/change.ts";
import type { Guid } from "../../../src/core/guid.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { PLAN_VERSION, type PlannedRow } from "../../../src/core/plan.ts";
import type { RunView } from "../../../src/ports/projection.ts";

export const TENANT_ID = "11111111-2222-4333-8444-555555555555" as Guid;
export const USER_ID = "aaaaaaaa-0000-4000-8000-000000000001" as Guid;
const OBJECT_GUID = "bbbbbbbb-0000-4000-8000-000000000001" as Guid;

/** Ada, who shall get an ID and has none. */
export function plannedRow(part: Partial<PlannedRow> = {}): PlannedRow {
  return {
    row: 2,
    account: "ada",
    domain: "CORP",
    userPrincipalName: "ada@contoso.example",
    action: "set",
    settled: null,
    findings: [],
    objectGuid: OBJECT_GUID,
    anchorSource: "objectGUID",
    immutableId: "+7u7uwAAAECAAAAAAAAAAQ==",
    side: "cloud",
    previousImmutableId: null,
    otherSideValue: null,
    userId: USER_ID,
    displayName: "Ada",
    adDisplayName: "Ada",
    takeover: null,
    waitsForRow: null,
    asked: { account: "ada", domain: "CORP", upn: "ada@contoso.example", onConflict: "", writeTo: null },
    extra: [],
    ...part,
  };
}

/** The write of {@link plannedRow}. */
export function changeOf(part: Partial<Change> = {}): Change {
  return {
    row: 2,
    step: 1,
    side: "cloud",
    kind: "set",
    objectId: USER_ID,
    name: "ada@contoso.example",
    before: null,
    after: "+7u7uwAAAECAAAAAAAAAAQ==",
    wave: "simple",
    group: 0,
    waitsFor: null,
    holder: null,
    ...part,
  };
}

/** A step that was written and read back. */
export function outcomeOf(part: Partial<Outcome> = {}): Outcome {
  return {
    row: 2,
    step: 1,
    planned: plannedRow(),
    change: changeOf(),
    status: "verified",
    sync: null,
    httpStatus: 204,
    errorCode: null,
    message: null,
    attempts: 1,
    requestId: "req-1",
    writtenAt: "2026-11-03T10:00:00.000Z",
    verifiedAt: "2026-11-03T10:00:02.000Z",
    achieved: "verified",
    setBackAt: null,
    syncNote: null,
    ...part,
  };
}

export function runView(
  outcomes: readonly Outcome[] | null,
  {
    delimiter = ",",
    extraColumns = [],
  }: { readonly delimiter?: string; readonly extraColumns?: readonly string[] } = {},
  rows: readonly PlannedRow[] = [...new Map(outcomes?.map(({ planned }) => [planned.row, planned])).values()],
): RunView {
  const hash = "0123456789abcdef".repeat(4);
  return {
    plan: {
      header: {
        version: PLAN_VERSION,
        kind: "apply",
        tenantId: TENANT_ID,
        cloud: "global",
        directories: [],
        mapping: { name: "mapping", extraColumns },
        options: {
          anchor: "auto",
          replace: false,
          writeTo: "cloud",
          limit: null,
          onConflict: [],
          allow: [],
          sourceKey: "sAMAccountName",
          acceptedIdentityMismatch: null,
        },
        takeover: null,
        reverses: null,
      },
      rows,
      changes: [],
      findings: [],
      hash,
    },
    about: {
      runId: "run-1",
      createdAt: "2026-11-03T09:00:00.000Z",
      programVersion: "0.1.0",
      planHash: hash,
      kind: "apply",
      tenantId: TENANT_ID,
      servers: [],
      tenantName: "Contoso",
      quota: { writes: 3000, windowSeconds: 150 },
      delimiter,
      mapping: null,
    },
    outcomes,
    canary: outcomes === null ? null : 5,
  };
}
