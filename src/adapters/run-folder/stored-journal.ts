/**
 * The journal inside run.sqlite: attempts and observations, numbered together from 1.
 *
 * Each carries a check over the run's id, its table, its number and its text, and the number of the last
 * one is stored beside them: a line that was changed, lost, moved or brought from another run is found
 * and named, because a wrong old value would be written back by a rollback.
 */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { type Attempt, type Journal, OBSERVATION_KINDS, type Observation } from "../../core/journal.ts";
import { canonicalJson } from "../../core/plan.ts";
import { checkFields } from "./digest.ts";
import { damaged } from "./disk-trouble.ts";
import { changeKeyShape, guidSchema } from "./plan-schema.ts";
import { putMeta, requireMeta } from "./run-database.ts";
import { parseStored } from "./stored-text.ts";

const attemptSchema: z.ZodType<Attempt> = z.strictObject({
  ...changeKeyShape,
  kind: z.literal("intent"),
  seq: z.int().positive(),
  purpose: z.enum(["change", "canary-back", "canary-again"]),
  objectId: guidSchema,
  before: z.string().nullable(),
  after: z.string().nullable(),
  clientRequestId: z.string(),
  runId: z.string(),
  operator: z.string(),
  at: z.string(),
});

const observationSchema: z.ZodType<Observation> = z.strictObject({
  ...changeKeyShape,
  kind: z.enum(OBSERVATION_KINDS),
  seq: z.int().positive(),
  attempt: z.int().positive().nullable(),
  value: z.string().nullable(),
  httpStatus: z.number().nullable(),
  errorCode: z.string().nullable(),
  message: z.string().nullable(),
  requestId: z.string().nullable(),
  at: z.string(),
});

/** Adds lines, in the order of their numbers. Belongs inside a transaction. */
export function storeEvents(database: DatabaseSync, runId: string, events: readonly (Attempt | Observation)[]): void {
  const insert = (table: string) => database.prepare(`INSERT INTO ${table}(seq, body, "check") VALUES (?, ?, ?)`);
  const inserts = { attempt: insert("attempt"), observation: insert("observation") };
  for (const event of events) {
    const table = event.kind === "intent" ? "attempt" : "observation";
    const body = canonicalJson(event);
    inserts[table].run(event.seq, body, checkFields([runId, table, event.seq, body]));
  }
  const last = events.at(-1);
  if (last !== undefined) putMeta(database, "lastSeq", String(last.seq));
}

/** Number of the last line; 0 for an empty journal. */
export function lastSeqOf(database: DatabaseSync): number {
  const last = Number(requireMeta(database, "lastSeq"));
  if (!Number.isSafeInteger(last) || last < 0) throw damaged("The number of the last journal line is no number");
  return last;
}

/**
 * The journal as it stood when the reading began: a run that is going on adds lines meanwhile.
 *
 * @throws {BatchError} refused: a line is damaged or missing; its table and number are named.
 */
export function loadJournal(database: DatabaseSync, runId: string): Journal {
  const last = lastSeqOf(database);
  const lines = database.prepare(`
    SELECT seq, 'attempt' AS place, body, "check" FROM attempt
    UNION ALL SELECT seq, 'observation', body, "check" FROM observation
    ORDER BY seq`);
  // A damaged number may be too long for a JavaScript number, at which SQLite's driver would throw.
  lines.setReadBigInts(true);
  const journal: (Attempt | Observation)[] = [];
  for (const line of lines.iterate()) {
    if (journal.length === last) break;
    const { body, check } = line;
    const seq = Number(line.seq);
    const place = String(line.place);
    const where = `${place} ${seq}`;
    const expected = journal.length + 1;
    if (seq !== expected) throw damaged(`Line ${expected} of the journal is missing; ${where} stands in its place`);
    if (typeof body !== "string" || check !== checkFields([runId, place, seq, body])) {
      throw damaged(`${where} in the journal is not what was saved`);
    }
    const event =
      place === "attempt" ? parseStored(body, attemptSchema, where) : parseStored(body, observationSchema, where);
    if (event.seq !== seq) throw damaged(`${where} in the journal carries another number`);
    journal.push(event);
  }
  if (journal.length !== last) throw damaged(`The journal ends at line ${journal.length}, but ${last} were saved`);
  return journal;
}
