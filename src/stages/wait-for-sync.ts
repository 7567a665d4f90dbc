/**
 * Follows the takeover: looks at the rows that sync has not matched yet, again and again, until every row is decided,
 * the time is up or a signal comes.
 *
 * Few requests: a look asks for the open rows alone, and there are as many looks as half minutes. A look that fails is
 * made again, because a line that is down for a minute must not end a wait of hours; one that fails from the start, or
 * several times in a row, is no passing trouble.
 */
import {
  asUnseen,
  type CutoverCounts,
  countCutover,
  isBefore,
  takeoverStateOf,
  withRefusals,
} from "../core/cutover.ts";
import { BatchError } from "../core/errors.ts";
import type { VerifiedRow } from "../core/verdict.ts";
import { countOf } from "../core/words.ts";
import type { Clock } from "../ports/clock.ts";
import type { Progress } from "../ports/progress.ts";

/** Between two looks; Cloud Sync runs every two minutes, Connect Sync every thirty. */
const LOOK_EVERY_MS = 30_000;
/** A line is said at least so often where nothing has changed. */
const WORD_EVERY_MS = 300_000;
/** Looks that may fail one after the other. */
const MOST_FAILURES = 5;

/** How a wait ended. */
export type WaitEnd = "decided" | "time-up" | "stopped";

export type FollowedTakeover = {
  /** Every row as it was last seen, in the order of the plan. */
  readonly rows: readonly VerifiedRow[];
  readonly end: WaitEnd;
  readonly looks: number;
  /** When sync last ran, as the tenant tells it. */
  readonly lastSyncAt: string | null;
};

/** What the wait needs of both sides. */
export type TakeoverView = {
  /** Looks once and records what it saw. @param only Rows to look at; all of the plan unless told. */
  look(only?: ReadonlySet<number>): Promise<readonly VerifiedRow[]>;
  /** When the run wrote each row, ISO time. */
  readonly writtenAt: ReadonlyMap<number, string>;
  /** When the tenant says that sync last ran: ISO time, `null` where it does not say. */
  readLastSync(): Promise<string | null>;
  /** Why Entra would refuse these rows now, by row. */
  explain(rows: ReadonlySet<number>): Promise<ReadonlyMap<number, string>>;
};

type Surroundings = { readonly clock: Clock; readonly progress: Progress; readonly drain: AbortSignal };

/**
 * @param waitMs How long to wait at most, milliseconds. The last look is made when they are over.
 * @throws {BatchError} directory or tenant: the first look failed, or several in a row. Never for a signal.
 */
export async function waitForSync(view: TakeoverView, waitMs: number, around: Surroundings): Promise<FollowedTakeover> {
  const { clock, progress, drain } = around;
  const deadlineMs = clock.monotonicMs() + waitMs;
  const lastWriteAt = [...view.writtenAt.values()].toSorted().at(-1);
  const until = `until ${timeOf(new Date(clock.now().getTime() + waitMs))}`;
  const seen = new Map<number, VerifiedRow>();
  let refusals: ReadonlyMap<number, string> = new Map();
  let lastSyncAt: string | null = null;
  let looks = 0;
  let failures = 0;

  const rows = () => withRefusals([...seen.values()], refusals);
  const listOpen = () => new Set(rows().flatMap((row) => (takeoverStateOf(row) === "matched" ? [] : row.planned.row)));
  const listWaiting = () =>
    new Set(rows().flatMap((row) => (takeoverStateOf(row) === "waiting" ? row.planned.row : [])));
  const lookOnce = async (isLast: boolean): Promise<void> => {
    for (const row of await view.look(looks === 0 ? undefined : listOpen())) seen.set(row.planned.row, row);
    const ran = await view.readLastSync();
    // At the first look somebody that sync has matched tells that it has run since the write.
    const hasRun = looks > 0 ? ran !== lastSyncAt : countCutover(rows()).matched > 0;
    lastSyncAt = ran;
    looks += 1;
    const open = new Set(rows().flatMap(({ verdict, planned }) => (verdict === "holds" ? planned.row : [])));
    // Sync has run and left them alone: now there is something to explain. So there is where nobody waits any longer.
    if (open.size > 0 && (hasRun || isLast)) refusals = new Map([...refusals, ...(await view.explain(open))]);
  };

  const stage = progress.begin("waiting for sync", null);
  const speak = createSpeaker(progress, clock);
  const finish = (end: WaitEnd): FollowedTakeover => {
    const found = rows();
    return { rows: end === "decided" ? found : asUnseen(found, lastSyncAt, view.writtenAt), end, looks, lastSyncAt };
  };
  try {
    for (;;) {
      const isLast = clock.monotonicMs() >= deadlineMs;
      try {
        await lookOnce(isLast);
        failures = 0;
        const words = describeCounts(countCutover(rows()), lastSyncAt, isBefore(lastSyncAt, lastWriteAt));
        speak(words);
        stage.tell(`${words}; ${until}`);
      } catch (error) {
        if (drain.aborted && looks > 0) return finish("stopped");
        failures += 1;
        if (!(error instanceof BatchError) || error.code === "disk" || looks === 0 || failures >= MOST_FAILURES)
          throw error;
        progress.note(`${timeOf(clock.now())}  could not look, and will again: ${error.message}`);
      }
      if (listWaiting().size === 0 && failures === 0) return finish("decided");
      if (isLast) return finish("time-up");
      try {
        await clock.sleep(Math.max(0, Math.min(LOOK_EVERY_MS, deadlineMs - clock.monotonicMs())), drain);
      } catch (error) {
        if (drain.aborted) return finish("stopped");
        throw error;
      }
    }
  } finally {
    stage.end();
  }
}

/** Says a line when it differs from the one before, and now and then when it does not. */
function createSpeaker(progress: Progress, clock: Clock): (words: string) => void {
  let said = "";
  let saidMs = 0;
  return (words) => {
    const nowMs = clock.monotonicMs();
    if (words === said && nowMs - saidMs < WORD_EVERY_MS) return;
    said = words;
    saidMs = nowMs;
    progress.note(`${timeOf(clock.now())}  ${words}`);
  };
}

/** @param beforeWrites Whether that was before the last write of the run. */
function describeCounts(
  { matched, wrong, waiting }: CutoverCounts,
  lastSyncAt: string | null,
  beforeWrites: boolean,
): string {
  const time = lastSyncAt?.slice(11, 19) ?? "";
  const none = `; no sync cycle has ended since the writes (last ${time} UTC; hardmatch sync starts one)`;
  const sync = lastSyncAt === null ? "" : beforeWrites ? none : `; sync last ran ${time} UTC`;
  return `${countOf(matched, "row")} matched, ${wrong} wrong, ${waiting} waiting${sync}`;
}

/** `02:14:05 UTC`. */
function timeOf(time: Date): string {
  return `${time.toISOString().slice(11, 19)} UTC`;
}
