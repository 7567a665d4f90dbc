/**
 * Exit codes: a public table, because scheduled tasks and pipelines branch on them.
 *
 * A code keeps its meaning for ever; `hardmatch explain <number>` prints the entry.
 */
import type { BatchErrorCode } from "../core/errors.ts";

export const EXIT_CODES = {
  done: 0,
  bug: 1,
  usage: 2,
  blocked: 3,
  directory: 4,
  tenant: 5,
  incomplete: 6,
  refused: 7,
  hangUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitName = keyof typeof EXIT_CODES;
export type ExitCode = (typeof EXIT_CODES)[ExitName];

/** What each code says, for `explain` and the README. */
export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = {
  done: "Every row that was to be done is verified, already right or taken over; plan: no row is blocked; verify: all rows hold; doctor: nothing fails, though there may be warnings.",
  bug: "The program has a bug. A run that was under way can be resumed.",
  usage:
    "The command line, the configuration or an input file is wrong; doctor: so is the configuration or this machine. Nothing was written to a directory.",
  blocked: "Findings block rows. Nothing was written; plan has saved a plan that says which rows.",
  directory: "Active Directory could not be reached or refused; doctor: a line about a directory failed.",
  tenant:
    "The tenant could not be reached or refused; doctor: a line about the tenant failed, and none about a directory.",
  incomplete:
    "The run ended or stopped with rows that are failed, drift, undecided, parked, accepted or pending, or the disk failed under it; verify: some rows do not hold, or sync has not taken all over in time; sync: not started here, or not for all; rollback: rows that cannot be reverted.",
  refused:
    "Refused: an edited or foreign plan, a lock that another process holds, a wrong confirmation; init: a file that is to stay as it is; sync: busy, in staging mode or suspended.",
  hangUp: "Stopped by SIGHUP; the same command goes on where it stopped.",
  interrupted: "Stopped by Ctrl-C (SIGINT); the same command goes on where it stopped.",
  terminated: "Stopped by SIGTERM; the same command goes on where it stopped.",
};

const EXIT_OF_ERROR: Readonly<Record<BatchErrorCode, ExitCode>> = {
  usage: EXIT_CODES.usage,
  config: EXIT_CODES.usage,
  input: EXIT_CODES.usage,
  blocked: EXIT_CODES.blocked,
  directory: EXIT_CODES.directory,
  tenant: EXIT_CODES.tenant,
  refused: EXIT_CODES.refused,
  interrupted: EXIT_CODES.interrupted,
  paused: EXIT_CODES.incomplete,
  disk: EXIT_CODES.incomplete,
};

/** Exit code of an error that ended a command. */
export function exitCodeOf(code: BatchErrorCode): ExitCode {
  return EXIT_OF_ERROR[code];
}

/** Signals on which a run drains, with the exit code of each: 128 and the signal's number. */
export const EXIT_OF_SIGNAL = {
  SIGHUP: EXIT_CODES.hangUp,
  SIGINT: EXIT_CODES.interrupted,
  SIGTERM: EXIT_CODES.terminated,
} as const;
export type StopSignal = keyof typeof EXIT_OF_SIGNAL;
