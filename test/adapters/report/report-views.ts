/** Runs of any size for the tests of the report: most rows are fine, and every kind of trouble comes up. */
import type { Change, ChangeKind, HolderSubject } from "../../../src/core/change.ts";
import type { Quota } from "../../../src/core/effort.ts";
import type { Finding, FindingCode, Severity } from "../../../src/core/findings.ts";
import type { Guid } from "../../../src/core/guid.ts";
import type { Outcome, OutcomeStatus } from "../../../src/core/outcome.ts";
import { PLAN_VERSION, type PlannedRow } from "../../../src/core/plan.ts";
import type { RunView } from "../../../src/ports/projection.ts";

export const TENANT_ID = "11111111-2222-4333-8444-555555555555" as Guid;
const NAMES = ["Ada", "Ben", "Cyd", "Dee", "Eve", "Fay", "Gus", "Hal", "Ida", "Jón"];

/** A GUID that names a row, so that a test can tell whose it is. */
export function guidOf(prefix: string, row: number): Guid {
  return `${prefix.repeat(8)}-0000-4000-8000-${String(row).padStart(12, "0")}` as Guid;
}

export function plannedRow(part: Partial<PlannedRow> & { readonly row: number }): PlannedRow {
  const name = NAMES[part.row % NAMES.length] ?? "Ada";
  const account = `${name.toLowerCase()}${part.row}`;
  const upn = `${account}@contoso.example`;
  return {
    account,
    domain: "CORP",
    userPrincipalName: upn,
    action: "set",
    settled: null,
    findings: [],
    objectGuid: guidOf("b", part.row),
    anchorSource: "objectGUID",
    immutableId: Buffer.from(`anchor of ${String(part.row).padStart(6, "0")}`).toString("base64"),
    side: "cloud",
    previousImmutableId: null,
    otherSideValue: null,
    userId: guidOf("a", part.row),
    displayName: `${name} Example`,
    adDisplayName: `${name} Example`,
    takeover: null,
    waitsForRow: null,
    asked: { account, domain: "CORP", upn, onConflict: "", writeTo: null },
    extra: [`wave ${(part.row % 3) + 1}`, part.row % 2 === 0 ? "Sales" : "Production"],
    ...part,
  };
}

/** The write of a row. A kind that only later plans hold may be given as text. */
export function changeOf(
  planned: PlannedRow,
  part: Partial<Omit<Change, "kind">> & { readonly kind?: string } = {},
): Change {
  return {
    row: planned.row,
    step: 1,
    side: "cloud",
    objectId: planned.userId ?? guidOf("a", planned.row),
    name: planned.userPrincipalName,
    before: planned.previousImmutableId,
    after: planned.immutableId,
    holder: null,
    wave: "simple",
    group: 0,
    waitsFor: null,
    ...part,
    kind: (part.kind ?? "set") as ChangeKind,
  };
}

export function findingOf(
  code: FindingCode,
  severity: Severity,
  rows: readonly number[],
  detail = "as found",
): Finding {
  return { code, severity, rows, detail };
}

export function outcomeOf(planned: PlannedRow, status: OutcomeStatus, part: Partial<Outcome> = {}): Outcome {
  const written = status === "verified" || status === "accepted" || status === "taken-over";
  return {
    row: planned.row,
    step: 1,
    planned,
    change: written || status === "failed" ? changeOf(planned) : null,
    status,
    sync: null,
    httpStatus: written ? 204 : null,
    errorCode: null,
    message: null,
    attempts: written ? 1 : 0,
    requestId: written ? `req-${planned.row}` : null,
    writtenAt: written ? "2026-11-03T22:10:00.000Z" : null,
    verifiedAt: status === "verified" ? "2026-11-03T22:10:02.000Z" : null,
    achieved: !written ? null : status === "accepted" ? "accepted" : "verified",
    setBackAt: null,
    syncNote: null,
    ...part,
  };
}

export type ViewParts = {
  readonly rows: readonly PlannedRow[];
  readonly changes?: readonly Change[];
  readonly findings?: readonly Finding[];
  readonly outcomes?: readonly Outcome[] | null;
  readonly extraColumns?: readonly string[];
  readonly mappingName?: string;
  readonly kind?: "apply" | "rollback";
  readonly quota?: Quota;
};

export function viewOf(parts: ViewParts): RunView {
  const { rows, findings = [], outcomes = null, extraColumns = ["wave", "department"], kind = "apply" } = parts;
  const changes = parts.changes ?? rows.filter(isWritten).map((planned) => changeOf(planned, { kind: planned.action }));
  const hash = "0123456789abcdef".repeat(4);
  return {
    plan: {
      header: {
        version: PLAN_VERSION,
        kind,
        tenantId: TENANT_ID,
        cloud: "global",
        directories: kind === "rollback" ? [] : [{ domain: "CORP", domainId: guidOf("c", 1) }],
        mapping: { name: parts.mappingName ?? "wave-1", extraColumns },
        options: {
          onConflict: [],
          allow: [],
          anchor: "auto",
          replace: false,
          sourceKey: "sAMAccountName",
          writeTo: "cloud",
          acceptedIdentityMismatch: null,
          limit: null,
        },
        takeover: kind === "rollback" ? null : { file: null, source: "Microsoft Learn", checked: "2026-11" },
        reverses: kind === "rollback" ? { runId: "run-0", planId: "fedcba987654" } : null,
      },
      rows,
      changes,
      findings,
      hash,
    },
    about: {
      runId: "run-1",
      createdAt: "2026-11-03T09:00:07.123Z",
      programVersion: "0.1.0",
      planHash: hash,
      kind,
      tenantId: TENANT_ID,
      servers: ["dc1.corp.contoso.example"],
      tenantName: "Contoso",
      quota: parts.quota ?? { writes: 3000, windowSeconds: 150 },
      delimiter: ",",
      mapping:
        kind === "rollback"
          ? null
          : {
              sha256: "ab".repeat(32),
              encoding: "windows-1252",
              columns: { account: "sam", upn: "upn", domain: null, onConflict: null, writeTo: null },
              path: "/home/ada/mappings/people.csv",
            },
    },
    outcomes,
    canary: outcomes === null ? null : 5,
  };
}

const isWritten = ({ action, settled }: PlannedRow): boolean =>
  settled === null && action !== "none" && action !== "blocked";

/** Of every hundred rows four are blocked, five matched already, and three carry a warning. */
export function companyView(count: number, more: Partial<ViewParts> = {}): RunView {
  const findings: Finding[] = [];
  const rows = Array.from({ length: count }, (_, index) => {
    const row = index + 2;
    const found = (code: FindingCode, severity: Severity, detail: string, part: Partial<PlannedRow>): PlannedRow => {
      findings.push(findingOf(code, severity, [row], detail));
      return plannedRow({ row, findings: [code], ...part });
    };
    const blocked = { action: "blocked", settled: "blocked" } as const;
    switch (index % 100) {
      case 7:
        return found("source-not-found", "block", `no account of that name in CORP`, {
          ...blocked,
          objectGuid: null,
          immutableId: null,
        });
      case 23:
      case 61:
        return found("id-held-by-user", "block", `held by old${row}@contoso.example (${guidOf("d", row)})`, blocked);
      case 77:
        return found("target-guest", "block", "userType is Guest", blocked);
      case 11:
        return found("target-has-other-id", "warn", "holds another ID", {
          action: "replace",
          side: "cloud",
          previousImmutableId: "b3RoZXIgYW5jaG9yIDAwMDE=",
          otherSideValue: null,
        });
      case 12:
      case 13:
        return found("target-disabled", "warn", "accountEnabled is false", {});
      case 31:
      case 32:
      case 33:
      case 34:
      case 35:
        return found("target-already-matched", "info", "holds this ID", { action: "none", settled: "already" });
      default:
        return plannedRow({ row });
    }
  });
  return viewOf({ rows, findings, ...more });
}

/** The same company after an apply that met with every kind of trouble. */
export function appliedView(count: number): RunView {
  const { plan } = companyView(count);
  const outcomes = plan.rows.map((planned, index): Outcome => {
    if (planned.settled !== null)
      return outcomeOf(planned, planned.settled, { message: planned.settled === "blocked" ? "left alone" : null });
    switch (index % 50) {
      case 3:
        return outcomeOf(planned, "failed", {
          httpStatus: 400,
          errorCode: "ObjectConflict",
          message: "Another object with the same value exists.",
          attempts: 1,
          requestId: `req-${planned.row}`,
        });
      case 4:
        return outcomeOf(planned, "drift", { message: "changed since the plan" });
      case 5:
        return outcomeOf(planned, "taken-over", { sync: "matched" });
      case 6:
        return outcomeOf(planned, "pending");
      case 8:
        return outcomeOf(planned, "undecided", { attempts: 1, message: "connection reset" });
      case 9:
        return outcomeOf(planned, "verified", { sync: "duplicate" });
      default:
        return outcomeOf(planned, "verified");
    }
  });
  return viewOf({ rows: plan.rows, changes: plan.changes, findings: plan.findings, outcomes });
}

/** Whom a holder action is done to. */
export const HOLDER: HolderSubject = {
  displayName: "Dup Licate",
  createdAt: "2025-01-15T08:00:00Z",
  lastSyncAt: null,
  licenceCount: 2,
};

/** A plan with every kind of step on an object that stands in the way. */
export function holderView(): RunView {
  const rows = [2, 3, 4, 5, 6, 7].map((row) => plannedRow({ row }));
  const holderChanges = ["purge", "delete", "clear", "restore", "clear-object-identifier"].map((kind, index) => {
    const planned = rows[index] ?? plannedRow({ row: 99 });
    return changeOf(planned, {
      kind,
      holder: HOLDER,
      wave: "holder",
      objectId: guidOf("d", planned.row),
      name: `dup${planned.row}@contoso.example`,
      before: planned.immutableId,
      after: null,
    });
  });
  const own = rows.map((planned) => changeOf(planned, { step: 2, wave: "holder" }));
  return viewOf({
    rows,
    changes: [...holderChanges, ...own],
    findings: [
      findingOf("id-held-by-deleted-user", "warn", [2], "held by dup2@contoso.example, deleted 2026-10-30, 0 licences"),
    ],
  });
}

/** The page of a run as one text. */
export function pageText(texts: Iterable<string>): string {
  return [...texts].join("");
}
