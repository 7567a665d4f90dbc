/** How far sync is with the users of a run, as the run's record tells it: for the report, which reads nothing else. */
import type { Outcome, OutcomeStatus } from "./outcome.ts";
import { BROKEN_SYNC_STATES, type SyncTrouble } from "./sync-trouble.ts";
import { isJudged } from "./verdict.ts";
import { lastThat } from "./verdict-by-steps.ts";

/** A row that sync has not taken over, or not whole. */
export type OpenTakeover = {
  readonly outcome: Outcome;
  /** `null` for one that sync has not come to yet, `not-seen` or `no-cycle` where a wait for it has ended. */
  readonly trouble: SyncTrouble | null;
  readonly text: string | null;
};

export type RecordedCutover = {
  readonly rows: number;
  readonly matched: number;
  readonly wrong: readonly OpenTakeover[];
  readonly waiting: readonly OpenTakeover[];
  /** ISO times of the first and the last that verify saw anything new of sync. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
};

/**
 * @param outcomes Every step of the run.
 * @returns `null` where verify has not looked at sync yet.
 */
export function readCutover(outcomes: readonly Outcome[]): RecordedCutover | null {
  const times = outcomes
    .flatMap(({ sync, syncNote }) => (sync === null || syncNote === null ? [] : syncNote.at))
    .toSorted();
  const [firstSeenAt] = times;
  if (firstSeenAt === undefined) return null;
  const rows = [...Map.groupBy(outcomes, ({ planned }) => planned)]
    .filter(([planned]) => isJudged(planned))
    .map(([, steps]) => lastThat(steps, ({ syncNote }) => syncNote !== null));
  const open = rows.filter(({ sync, status }) => sync !== "matched" || status === "drift").map(describeOpen);
  return {
    rows: rows.length,
    matched: rows.length - open.length,
    wrong: open.filter(({ trouble }) => !isWaiting(trouble)),
    waiting: open.filter(({ trouble }) => isWaiting(trouble)),
    firstSeenAt,
    lastSeenAt: times.at(-1) ?? firstSeenAt,
  };
}

/** One that the time was up for before sync came is waited for as before. */
function isWaiting(trouble: SyncTrouble | null): boolean {
  return trouble === null || trouble === "not-seen" || trouble === "no-cycle";
}

function describeOpen(outcome: Outcome): OpenTakeover {
  const { sync, status, syncNote, message, setBackAt } = outcome;
  const told = { outcome, text: syncNote?.text ?? message };
  const trouble = syncNote?.trouble ?? null;
  if (trouble !== null) return { ...told, trouble };
  if (setBackAt !== null) return { ...told, trouble: "set-back" };
  if (status === "drift") return { ...told, text: message, trouble: "value-changed" };
  if (BROKEN_SYNC_STATES.has(sync)) return { ...told, trouble: "provisioning-error" };
  return { ...told, trouble: sync === "none" || HOLDS.has(status) ? null : "not-written" };
}

const HOLDS: ReadonlySet<OutcomeStatus> = new Set<OutcomeStatus>(["verified", "already", "accepted"]);
