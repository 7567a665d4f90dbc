/**
 * Holds the log of a plan until there is a run folder to keep it in: request ids of the reads are wanted by
 * support, and the folder is made only when the plan is whole.
 */
import type { Clock } from "../ports/clock.ts";
import type { Log, LogFields } from "../ports/log.ts";
import type { ClosableLog } from "./program.ts";

/** Enough for the requests of a very large tenant; what comes after is left out, and counted. */
const MOST_EVENTS = 20_000;

export type EarlyLog = Log & {
  /** Writes what was held into the run's log, each line with its own time. @returns Why lines are missing, or `null`. */
  pour(openLog: (now: () => Date) => Promise<ClosableLog>): Promise<string | null>;
};

export function createEarlyLog(clock: Clock): EarlyLog {
  const held: {
    readonly level: "info" | "warn";
    readonly event: string;
    readonly fields: LogFields;
    readonly at: Date;
  }[] = [];
  let dropped = 0;
  const hold =
    (level: "info" | "warn") =>
    (event: string, fields: LogFields = {}) => {
      if (held.length < MOST_EVENTS) held.push({ level, event, fields, at: clock.now() });
      else dropped += 1;
    };
  return {
    info: hold("info"),
    warn: hold("warn"),
    async pour(openLog) {
      let at = clock.now();
      const log = await openLog(() => at);
      for (const line of held) {
        at = line.at;
        log[line.level](line.event, line.fields);
      }
      if (dropped > 0) log.warn("events left out", { count: dropped });
      return log.close();
    },
  };
}
