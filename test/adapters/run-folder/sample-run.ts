/** A run to test stores with: a plan of any length with texts that are easily lost, and journal lines. */
import { createHash } from "node:crypto";
import type { Change } from "../../../src/core/change.ts";
import type { Guid } from "../../../src/core/guid.ts";
import { type Decisions, PLAN_VERSION, type Plan, type PlannedRow, sealPlan } from "../../../src/core/plan.ts";
import type { NewAttempt, NewObservation, RunAbout } from "../../../src/ports/run-store.ts";

export const ABOUT: Omit<RunAbout, "planHash" | "kind" | "tenantId"> = {
  runId: "2026-11-02-2015-7f3a",
  createdAt: "2026-11-02T20:15:00.000Z",
  programVersion: "0.1.0",
  servers: ["dc1.corp.contoso.example", "graph.microsoft.com"],
  tenantName: "Contoso",
  quota: { writes: 3000, windowSeconds: 150 },
  delimiter: ";",
  mapping: {
    path: "/home/ada/mappings/people.csv",
    sha256: "ab".repeat(32),
    encoding: "utf-16le",
    columns: { account: "Anmeldename", upn: "userPrincipalName", domain: null, onConflict: null, writeTo: null },
  },
};

export const DECISIONS: Decisions = {
  confirmed: 3,
  skipBlocked: false,
  confirmedHolders: null,
  syncPaused: false,
  canary: 1,
  operator: "ada@contoso.example",
};

/** The hash of a plan's text, by another way than the store's own. */
export function sha256(texts: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text);
  return hash.digest("hex");
}

export function guidOf(number: number): Guid {
  return `28d6e2d5-6368-4d5a-b671-${number.toString(16).padStart(12, "0")}` as Guid;
}

/** A plan with `count` rows, one change a row; texts that are easily lost stand in it. */
export function planOf(count: number, displayName = "Ada \u0000 😀 \ud800"): Plan {
  const rows = Array.from({ length: count }, (_, index): PlannedRow => {
    const row = index + 2;
    return {
      row,
      account: `ada${row}`,
      domain: index % 2 === 0 ? "corp.contoso.example" : null,
      userPrincipalName: `ada${row}@contoso.example`,
      action: "replace",
      settled: null,
      findings: ["target-has-other-id"],
      objectGuid: guidOf(row),
      anchorSource: "objectGUID",
      immutableId: "1eLWKGhjWk22cdUrMBcmgA==",
      side: "cloud",
      previousImmutableId: index === 0 ? "" : null,
      otherSideValue: null,
      userId: guidOf(row + 0x1000),
      displayName,
      adDisplayName: null,
      takeover: null,
      waitsForRow: index === 0 ? null : row - 1,
      asked: { account: `ada${row}`, domain: null, upn: `ada${row}@contoso.example`, onConflict: "", writeTo: null },
      extra: ["cost centre 7", '=cmd|"x"', "__proto__"],
    };
  });
  const changes = rows.map(
    ({ row, userPrincipalName }, index): Change => ({
      row,
      step: 1,
      side: "cloud",
      holder: null,
      kind: index === 1 ? "clear" : "replace",
      objectId: guidOf(row + 0x1000),
      name: userPrincipalName,
      before: index === 0 ? "" : null,
      after: index === 1 ? null : "1eLWKGhjWk22cdUrMBcmgA==",
      wave: index === 0 ? "simple" : "chain",
      group: index === 0 ? 0 : 1,
      waitsFor: index === 0 ? null : { row: row - 1, step: 1 },
    }),
  );
  return sealPlan(
    {
      header: {
        version: PLAN_VERSION,
        kind: "apply",
        tenantId: guidOf(0xfeed),
        cloud: "global",
        directories: [{ domain: "corp.contoso.example", domainId: guidOf(1) }],
        mapping: { name: "mapping.csv", extraColumns: ["cost", "note", "x"] },
        options: {
          anchor: "auto",
          replace: true,
          limit: null,
          onConflict: [],
          allow: [],
          sourceKey: "sAMAccountName",
          writeTo: "cloud",
          acceptedIdentityMismatch: null,
        },
        takeover: null,
        reverses: null,
      },
      rows,
      // Not in the order of the rows: a store must keep the order in which writes would be made.
      changes: changes.toReversed(),
      findings: [
        { code: "target-has-other-id", severity: "warn", rows: rows.map(({ row }) => row), detail: "holds ''" },
      ],
    },
    sha256,
  );
}

export const ATTEMPT: NewAttempt = {
  row: 2,
  step: 1,
  purpose: "change",
  objectId: guidOf(0x1002),
  before: "",
  after: "1eLWKGhjWk22cdUrMBcmgA==",
  clientRequestId: "0c7c9a5e-58b1-4c3f-9a9f-0d0b8a6b7b11",
  operator: "ada@contoso.example",
  at: "2026-11-02T20:16:00.000Z",
};

export const OBSERVATION: NewObservation = {
  row: 2,
  step: 1,
  kind: "accepted",
  attempt: 1,
  value: null,
  httpStatus: 204,
  errorCode: null,
  message: null,
  requestId: "f1b1a3c2",
  at: "2026-11-02T20:16:01.000Z",
};
