/** How a cutover ended: the counts, and each row that sync has not taken over, with what that means and what to do. */
import { countCutover, takeoverStateOf } from "../../core/cutover.ts";
import { SYNC_TROUBLE_WORDS, SYNC_TROUBLES, type SyncTrouble } from "../../core/sync-trouble.ts";
import type { VerifiedRow } from "../../core/verdict.ts";
import type { FollowedTakeover, WaitEnd } from "../../stages/wait-for-sync.ts";
import type { Line } from "./screen.ts";
import { countOf, cutList, formatCount, formatDuration } from "./table.ts";

const MOST_ROWS_SHOWN = 50;

/** What their detail would say of each row stands in the head. */
const UNSEEN: ReadonlySet<SyncTrouble | null> = new Set(["not-seen", "no-cycle"] as const);

const END_WORDS: Readonly<Record<WaitEnd, string>> = {
  decided: "every row is decided",
  "time-up": "the time is up",
  stopped: "stopped by a signal",
};

/** @param whereAll Where every row can be looked up. */
export function renderCutover(followed: FollowedTakeover, waitedSeconds: number, whereAll: string): Line[] {
  const { rows, end, looks, lastSyncAt } = followed;
  const counts = countCutover(rows);
  const open = rows.filter((row) => takeoverStateOf(row) !== "matched");
  const sync = lastSyncAt === null ? "" : `; sync last ran ${lastSyncAt.slice(0, 19).replace("T", " ")} UTC`;
  const lines: Line[] = [
    {
      style: open.length === 0 ? "good" : "bad",
      text: `Cutover: sync has matched ${formatCount(counts.matched)} of ${countOf(rows.length, "row")}, ${formatCount(counts.wrong)} went wrong, ${formatCount(counts.waiting)} not seen`,
    },
    `  ${END_WORDS[end]} after ${formatDuration(waitedSeconds)} and ${countOf(looks, "look")}${sync}`,
  ];
  for (const [trouble, those] of groupByTrouble(open)) {
    lines.push("", { style: "bad", text: `${trouble}: ${countOf(those.length, "row")}` });
    lines.push(...cutList(those, MOST_ROWS_SHOWN, whereAll, describeRow));
    const { means, next } = SYNC_TROUBLE_WORDS[trouble];
    lines.push(`  means  ${means}`, `  next   ${next}`);
  }
  return lines;
}

/** For programs. */
export function describeCutover({ rows, end, looks, lastSyncAt }: FollowedTakeover, waitedSeconds: number) {
  return {
    end,
    waitedSeconds: Math.round(waitedSeconds),
    looks,
    lastSyncAt,
    ...countCutover(rows),
    open: rows
      .filter((row) => takeoverStateOf(row) !== "matched")
      .map((row) => ({
        row: row.planned.row,
        account: row.planned.account,
        userPrincipalName: row.planned.userPrincipalName,
        verdict: row.verdict,
        trouble: row.trouble,
        detail: row.detail,
        synced: row.synced,
        ...(row.trouble === null ? { means: null, next: null } : SYNC_TROUBLE_WORDS[row.trouble]),
      })),
  };
}

/** Rows in their order, by what is wrong with them, the worst first; a row without a word is one that was not seen. */
function groupByTrouble(rows: readonly VerifiedRow[]): Map<SyncTrouble, VerifiedRow[]> {
  const groups = Map.groupBy(rows, ({ trouble }) => trouble ?? "not-seen");
  return new Map(
    SYNC_TROUBLES.flatMap((trouble) => (groups.has(trouble) ? [[trouble, groups.get(trouble) ?? []]] : [])),
  );
}

function describeRow({ planned: { row, account, userPrincipalName }, detail, synced, trouble }: VerifiedRow): string {
  const taken = synced ? " (sync owns the user)" : "";
  // When sync last ran stands above, once.
  const why = detail === "" || UNSEEN.has(trouble) ? "" : `: ${detail}`;
  return `  row ${row}  ${account} -> ${userPrincipalName}${taken}${why}`;
}
