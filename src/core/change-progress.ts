/**
 * Where one change stands, folded from the journal's events of it. What the writer does next and what `results.csv`
 * says of the change are both read from here, so that they cannot disagree.
 */
import { keyOf } from "./change.ts";
import { type Attempt, isClearAnswer, type Journal, type Observation } from "./journal.ts";
import type { OutcomeStatus, SyncState } from "./outcome.ts";
import { parseSyncTrouble, type SyncNote } from "./sync-trouble.ts";

/** What a run has achieved with a step: its value was accepted, or read back as well. */
export type Achieved = Extract<OutcomeStatus, "accepted" | "verified">;

/** What the message of a step says whose user holds the value from before the run again. */
export const SET_BACK_WORDS = "set back to its old value since";

/** Where one change stands, without regard to the others. */
export type ChangeProgress = {
  readonly status: Exclude<OutcomeStatus, "parked">;
  readonly attempts: readonly Attempt[];
  /** The last attempt whose answer was lost and which no read has settled; the writer must settle it first. */
  readonly open: Attempt | null;
  /** Attempts without a clear answer: each may still land for a while, whatever a read has shown since. */
  readonly unclear: readonly Attempt[];
  readonly last: Observation | null;
  /** The answer to the last attempt that has one: what support asks for. */
  readonly answer: Observation | null;
  readonly writtenAt: string | null;
  readonly verifiedAt: string | null;
  readonly sync: SyncState | null;
  readonly syncNote: SyncNote | null;
  /**
   * What the run itself has achieved, whatever was done to the user since; `null` where its value was never put in
   * place, or where the canary has taken it away again.
   */
  readonly achieved: Achieved | null;
  /**
   * ISO time of the last read, if it showed the value from before the run again. The status stays what the run has
   * achieved: the write is no drift, and the record of it is not taken back.
   */
  readonly setBackAt: string | null;
};

/** A change of which the journal says nothing. */
export const UNTOUCHED: ChangeProgress = {
  status: "pending",
  attempts: [],
  open: null,
  unclear: [],
  last: null,
  answer: null,
  writtenAt: null,
  verifiedAt: null,
  sync: null,
  syncNote: null,
  achieved: null,
  setBackAt: null,
};

const VERIFIED = { status: "verified", achieved: "verified" } as const satisfies Partial<ChangeProgress>;

/** How the progress of a change is kept: what comes back is equal to it in everything. */
export type KeepProgress = (progress: ChangeProgress) => ChangeProgress;

/**
 * Folds the journal into the progress of every change that it mentions; keys as by {@link keyOf}.
 *
 * @param keep How the progress of each is kept, for large runs.
 */
export function foldJournal(
  journal: Journal,
  keep: KeepProgress = (progress) => progress,
): Map<string, ChangeProgress> {
  const progress = new Map<string, ChangeProgress>();
  for (const event of journal) {
    const key = keyOf(event);
    progress.set(key, keep(advanceProgress(progress.get(key), event)));
  }
  return progress;
}

/** What one more journal event makes of a change's progress. */
export function advanceProgress(known: ChangeProgress = UNTOUCHED, event: Attempt | Observation): ChangeProgress {
  // Whatever is learned next is newer than the read that showed the old value.
  const before = { ...known, setBackAt: null };
  if (event.kind === "intent") {
    const { attempts, unclear } = before;
    return {
      ...before,
      status: "undecided",
      attempts: [...attempts, event],
      open: event,
      unclear: [...unclear, event],
    };
  }
  const attempt = before.attempts.find(({ seq }) => seq === event.attempt);
  const unclear = isClearAnswer(event.kind) ? before.unclear.filter((each) => each !== attempt) : before.unclear;
  const next = { ...before, unclear, last: event, answer: isAnswer(event) ? event : before.answer };
  // The canary's set-back puts the old value in place: if it was applied the change is to be made again,
  // if it was not the change still stands.
  const settingBack = attempt?.purpose === "canary-back";
  switch (event.kind) {
    case "accepted":
      return settingBack
        ? { ...next, status: "pending", achieved: null, open: null, writtenAt: event.at }
        : { ...next, status: "accepted", achieved: "accepted", open: null, writtenAt: event.at };
    case "settled-applied":
      return settingBack
        ? { ...next, status: "pending", achieved: null, open: null, writtenAt: event.at }
        : { ...next, ...VERIFIED, open: null, writtenAt: event.at, verifiedAt: event.at };
    case "refused":
      return { ...next, status: settingBack ? "accepted" : statusOfRefused(attempt, unclear), open: null };
    case "settled-refused":
      return { ...next, status: "failed", open: null };
    case "undecided":
      return { ...next, status: "undecided" };
    case "conflict":
    case "not-sent":
    case "settled-not-applied":
      return { ...next, status: settingBack ? "accepted" : "pending", open: null };
    case "settled-drift":
    case "mismatch":
    case "drift":
      return { ...next, status: "drift", open: null, syncNote: noteOf(event) ?? before.syncNote };
    case "overtaken":
      return { ...next, status: "drift", open: null, sync: "matched" };
    case "set-back":
      return {
        ...next,
        status: before.achieved ?? before.status,
        open: null,
        setBackAt: event.at,
        syncNote: noteOf(event) ?? before.syncNote,
      };
    case "verified":
      return { ...next, ...VERIFIED, verifiedAt: event.at };
    case "already":
      return { ...next, status: "already", verifiedAt: event.at };
    case "blocked":
      return { ...next, status: "blocked" };
    case "sync-none":
      return {
        ...before,
        ...(before.status === "taken-over" && { status: "verified" }),
        sync: "none",
        syncNote: noteOf(event),
      };
    case "sync-matched":
      return { ...before, status: "taken-over", sync: "matched", syncNote: noteOf(event) };
    case "sync-duplicate":
      return { ...before, sync: "duplicate", syncNote: noteOf(event) };
    case "sync-error":
      return { ...before, sync: "error", syncNote: noteOf(event) };
  }
}

/** HTTP has a status; a domain controller's answer is known by the controller's name. */
function isAnswer({ httpStatus, requestId }: Observation): boolean {
  return httpStatus !== null || requestId !== null;
}

/** A refused write is not there; but the row has surely failed only when no earlier one of the same value may still land. */
function statusOfRefused(refused: Attempt | undefined, unclear: readonly Attempt[]): "failed" | "undecided" {
  return unclear.some(({ after }) => after === refused?.after) ? "undecided" : "failed";
}

/** Whether a change has been refused while an earlier write of the same value may still land: nothing is sent any more. */
export function mayLandThoughRefused({ status, last }: ChangeProgress): boolean {
  return status === "undecided" && last?.kind === "refused";
}

/**
 * What verify saw has no answer of Graph; in its place stands the name of what is wrong. `null` for a read by anybody else,
 * which says nothing of sync.
 */
function noteOf({ kind, errorCode, message, at }: Observation): SyncNote | null {
  const trouble = parseSyncTrouble(errorCode);
  return trouble === null && !kind.startsWith("sync-") ? null : { trouble, text: message, at };
}
