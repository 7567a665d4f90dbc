/** What this machine comes to: its Node, its environment, its clock, and whether runs can be kept here. */
import { describeSkew, MOST_SKEW_MS, NOTABLE_SKEW_MS } from "../clock-skew.ts";
import { formatCount, formatDuration } from "../words.ts";
import { type DiagnosisLine, failure, lineOf, ok, warning } from "./diagnosis-line.ts";
import type { Fact } from "./fact.ts";

/** The oldest Node that the program runs on. */
const OLDEST_NODE = 24;

/** A run of a hundred thousand rows stays far below this. */
const FEW_FREE_BYTES = 1024 ** 3;

export type MachineFacts = {
  /** As `24.21.0`. */
  readonly nodeVersion: string;
  /** Names of set variables that change what the process trusts or runs. */
  readonly trustedVariables: readonly string[];
  /** Server clock minus local clock, milliseconds; `null` if the server sent no date. */
  readonly clockSkewMs: Fact<number | null>;
  readonly runFolder: Fact<{ readonly folder: string; readonly freeBytes: number }>;
};

const CLOCK_MEND =
  "Set the clock (Windows: w32tm /resync; Linux: chronyc makestep, or timedatectl set-ntp true; macOS: sudo sntp -sS time.apple.com).";

export function describeMachine({
  nodeVersion,
  trustedVariables,
  clockSkewMs,
  runFolder,
}: MachineFacts): DiagnosisLine[] {
  const place = (check: DiagnosisLine["check"]) => ({ part: "machine", subject: null, check }) as const;
  return [
    {
      ...place("node"),
      ...(Number.parseInt(nodeVersion, 10) >= OLDEST_NODE
        ? ok(`Node ${nodeVersion}.`)
        : failure(`Node ${nodeVersion} is too old.`, `Install Node ${OLDEST_NODE} or newer.`)),
    },
    {
      ...place("environment"),
      ...(trustedVariables.length === 0
        ? ok("No variable changes what is trusted here.")
        : warning(
            `Set, and it changes what this process trusts or runs: ${trustedVariables.join(", ")}.`,
            "Nothing, if that is meant (a proxy, or a company's own authority); else unset it.",
          )),
    },
    lineOf(place("clock"), clockSkewMs, judgeSkew),
    lineOf(place("run-folder"), runFolder, ({ folder, freeBytes }) => {
      const free = `${formatCount(Math.floor(freeBytes / 1024 ** 2))} MiB free`;
      if (freeBytes >= FEW_FREE_BYTES) return ok(`Run folders can be made in ${folder} (${free}).`);
      return warning(
        `Run folders can be made in ${folder}, and the disk is nearly full (${free}).`,
        "Make room, or run the command in a folder on another disk.",
      );
    }),
  ];
}

function judgeSkew(skewMs: number | null) {
  if (skewMs === null)
    return warning("The tenant sent no date to hold this machine's clock against.", "Look at the clock yourself.");
  const apart = Math.abs(skewMs);
  if (apart <= NOTABLE_SKEW_MS) return ok("The clock agrees with the tenant's.");
  const says = `The clock of this machine is ${describeSkew(skewMs)}`;
  if (apart <= MOST_SKEW_MS) return warning(`${says}.`, CLOCK_MEND);
  const most = formatDuration(MOST_SKEW_MS / 1000);
  return failure(`${says}; apply refuses to write with more than ${most}.`, CLOCK_MEND);
}
