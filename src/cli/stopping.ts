/**
 * How a signal stops a run: the first drains, the second gives up what is under way, the third ends the
 * process. All three leave a run that can be resumed.
 */
import { BatchError } from "../core/errors.ts";
import type { StopSignals } from "../stages/writer-run.ts";
import { EXIT_OF_SIGNAL, type ExitCode, type StopSignal } from "./exit-codes.ts";

export type Stopping = StopSignals & {
  /** Exit code of the first signal; `null` while none has come. */
  readonly exitCode: ExitCode | null;
  /** Says what the first signal does from now on, in words that follow its name. */
  announce(words: string): void;
};

/** What the first signal does while a run is being written. */
export const DRAINING =
  "taking on nothing new, finishing what is under way. Once more stops at once. Either way the run can be resumed.";
/** Where nothing is written there is nothing to finish. */
const STOPPING = "stopping.";

/**
 * @param note Tells the operator what the signal does.
 * @param exit Ends the process at once.
 * @returns The signals for the stages, and what to call when one arrives.
 */
export function createStopping(note: (text: string) => void, exit: (code: ExitCode) => void) {
  const drain = new AbortController();
  const abort = new AbortController();
  let exitCode: ExitCode | null = null;
  let announced = STOPPING;
  const stopping: Stopping = {
    drain: drain.signal,
    abort: abort.signal,
    get exitCode() {
      return exitCode;
    },
    announce(words) {
      announced = words;
    },
  };
  const receive = (signal: StopSignal): void => {
    if (abort.signal.aborted) {
      exit(EXIT_OF_SIGNAL[signal]);
      return;
    }
    exitCode ??= EXIT_OF_SIGNAL[signal];
    // What only reads keeps nothing to go on with: it is simply run again.
    const again = announced === STOPPING ? "Run the same command again." : "Run the same command again to go on.";
    const reason = new BatchError("interrupted", `Stopped by ${signal}.`, again);
    if (drain.signal.aborted) {
      const undecided = " Writes without an answer are recorded as undecided; a resume settles them.";
      note(`Stopping at once.${announced === DRAINING ? undecided : ""}`);
      abort.abort(reason);
      return;
    }
    note(`${signal}: ${announced}`);
    drain.abort(reason);
  };
  return { stopping, receive };
}
