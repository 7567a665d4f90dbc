/**
 * How far sync is with the users of a run: what each verdict comes to while a cutover is followed.
 *
 * The verdicts themselves are those of `verify`. What a single look cannot tell is why nothing has happened to a user:
 * Entra refuses some takeovers without leaving a word on the user. That is found out by the pre-check, made again.
 */
import type { FindingCode } from "./findings.ts";
import type { Plan } from "./plan.ts";
import type { SyncTrouble } from "./sync-trouble.ts";
import type { VerifiedRow } from "./verdict.ts";

/** Findings of the pre-check for which Entra refuses the takeover of a user that holds its ID already. */
const REFUSALS: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "target-privileged",
  "target-object-identifier-set",
  "target-cloud-managed",
  "tenant-hard-match-blocked",
]);

/** `matched` and `wrong` are decided; `waiting` is not. */
export type TakeoverState = "matched" | "wrong" | "waiting";

export function takeoverStateOf({ verdict }: Pick<VerifiedRow, "verdict">): TakeoverState {
  if (verdict === "taken-over") return "matched";
  return verdict === "holds" ? "waiting" : "wrong";
}

export type CutoverCounts = Readonly<Record<TakeoverState, number>>;

export function countCutover(rows: readonly Pick<VerifiedRow, "verdict">[]): CutoverCounts {
  const counts = { matched: 0, wrong: 0, waiting: 0 };
  for (const row of rows) counts[takeoverStateOf(row)] += 1;
  return counts;
}

/** Why Entra refuses rows of a batch, by row, as the pre-check finds it now: codes with what they stand on. */
export function listRefusals({ rows, findings }: Pick<Plan, "rows" | "findings">): Map<number, string> {
  const refusals = new Map<number, string[]>();
  for (const { code, rows: those, detail } of findings) {
    if (!REFUSALS.has(code)) continue;
    const concerned = those.length === 0 ? rows.map(({ row }) => row) : those;
    for (const row of concerned) refusals.set(row, [...(refusals.get(row) ?? []), `${code}: ${detail}`]);
  }
  return new Map([...refusals].map(([row, reasons]) => [row, reasons.join("; ")]));
}

/** The rows, of which those that wait and that Entra refuses are told as such. */
export function withRefusals(rows: readonly VerifiedRow[], refusals: ReadonlyMap<number, string>): VerifiedRow[] {
  return rows.map((row) => {
    const reason = row.verdict === "holds" ? refusals.get(row.planned.row) : undefined;
    return reason === undefined ? row : { ...row, verdict: "sync-error", trouble: "takeover-refused", detail: reason };
  });
}

/**
 * The rows when nobody waits any longer: those that sync has not come to say so.
 *
 * @param lastSyncAt When sync last ran, as the tenant tells it; `null` where it does not.
 * @param writtenAt When each row was written by the run, ISO time.
 */
export function asUnseen(
  rows: readonly VerifiedRow[],
  lastSyncAt: string | null,
  writtenAt: ReadonlyMap<number, string> = new Map(),
): VerifiedRow[] {
  const when = lastSyncAt === null ? "" : `; sync last ran ${lastSyncAt.slice(0, 19).replace("T", " ")} UTC`;
  return rows.map((row) => {
    if (row.verdict !== "holds") return row;
    const trouble: SyncTrouble = isBefore(lastSyncAt, writtenAt.get(row.planned.row)) ? "no-cycle" : "not-seen";
    return { ...row, trouble, detail: `sync has not taken it over${when}` };
  });
}

/**
 * Whether no cycle has run since the write; not said where either time is not told. The tenant tells whole seconds, so a
 * cycle in the second of the write may have come after it.
 */
export function isBefore(lastSyncAt: string | null, writtenAt: string | undefined): boolean {
  // What is no time compares with nothing.
  return Date.parse(lastSyncAt ?? "") < Math.floor(Date.parse(writtenAt ?? "") / 1000) * 1000;
}
