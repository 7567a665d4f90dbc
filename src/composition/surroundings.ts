/** What every adapter of a command is given of the machine and of the command itself. */
import type { Program } from "../cli/program.ts";
import type { Perform } from "../ports/effects.ts";
import type { Log } from "../ports/log.ts";

export type Surroundings = Pick<Program, "clock" | "chance" | "progress" | "stopping" | "screen" | "environment"> & {
  readonly log: Log;
  readonly perform: Perform;
};
