/** What a run's record says of when its rows were written. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

type Line = { readonly row: number; readonly kind: string; readonly purpose?: string; readonly at: string };

/** A read has shown the new value. */
const SEEN: ReadonlySet<string> = new Set(["verified", "settled-applied", "already"]);

export type WriteTimes = {
  /** All in Unix milliseconds, in the program's time. */
  readonly canaryStartMs: number;
  readonly mainStartMs: number;
  readonly lastVerifiedMs: number;
  /** Rows whose new value was read back. */
  readonly verified: number;
  /** Writes of the main wave. */
  readonly mainWrites: number;
};

/** @param folder Of the run. */
export function readWriteTimes(folder: string): WriteTimes {
  const database = new DatabaseSync(join(folder, "run.sqlite"), { readOnly: true });
  try {
    const read = (table: string) =>
      database
        .prepare(`SELECT body FROM ${table} ORDER BY seq`)
        .all()
        .map(({ body }): Line => JSON.parse(String(body)));
    const attempts = read("attempt");
    // The canary ends with a row that is set back and set again; everything later is the main wave.
    const main = attempts.slice(attempts.findLastIndex(({ purpose }) => purpose === "canary-again") + 1);
    const verified = read("observation").filter(({ kind }) => SEEN.has(kind));
    return {
      canaryStartMs: timeOf(attempts[0]),
      mainStartMs: timeOf(main[0]),
      lastVerifiedMs: timeOf(verified.at(-1)),
      verified: new Set(verified.map(({ row }) => row)).size,
      mainWrites: main.length,
    };
  } finally {
    database.close();
  }
}

function timeOf(line: Line | undefined): number {
  if (line === undefined) throw new Error("the run has written nothing");
  return Date.parse(line.at);
}
