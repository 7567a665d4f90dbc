/** What `sync` was asked for, and the words that its reports share. */
import { nextCommand } from "../next-command.ts";
import type { GlobalValues } from "../options.ts";
import type { Program } from "../program.ts";
import type { Settings } from "../settings.ts";

export type SyncRequest = {
  readonly program: Program;
  readonly settings: Settings;
  readonly values: Pick<GlobalValues, "config">;
};

/** @param run The run's folder, where it is known. @param duration How long the takeover may take at most. */
export function followCommand({ values }: SyncRequest, duration: string, run: string | null = null): string {
  return nextCommand(values, "verify", run ?? "<run folder>", "--wait-for-sync", duration);
}
