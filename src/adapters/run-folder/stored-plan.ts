/**
 * The plan inside run.sqlite: each line of its canonical text in a row of its own.
 *
 * The hash is computed from the very texts that are stored, both ways: a plan that was edited by one
 * byte, lost a row or got one of another run is not the plan that somebody approved, and is refused.
 */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { keyOf } from "../../core/change.ts";
import { BatchError } from "../../core/errors.ts";
import { createPacker, type Packable } from "../../core/packing.ts";
import { canonicalJson, PLAN_VERSION, type Plan, type PlanHeader, planIdOf } from "../../core/plan.ts";
import { digest } from "./digest.ts";
import { damaged } from "./disk-trouble.ts";
import { changeSchema, findingSchema, planHeaderSchema, plannedRowSchema } from "./plan-schema.ts";
import { putMeta, requireMeta } from "./run-database.ts";
import { parseStored } from "./stored-text.ts";

/** Stores a plan and its hash. Belongs inside a transaction. */
export function storePlan(database: DatabaseSync, plan: Plan): void {
  // A plan whose hash is wrong could be saved but never be opened again.
  if (digest(storeLines(database, plan)) !== plan.hash) throw new Error("the plan's hash is not that of its text");
  putMeta(database, "planHash", plan.hash);
}

/** Stores each line and gives it, spelled as planLines spells it. */
function* storeLines(database: DatabaseSync, plan: Plan): Generator<string> {
  const header = canonicalJson(plan.header);
  putMeta(database, "header", header);
  yield `plan ${header}\n`;
  const insertRow = database.prepare("INSERT INTO row(row, position, body) VALUES (?, ?, ?)");
  for (const [position, row] of plan.rows.entries()) {
    const body = canonicalJson(row);
    insertRow.run(row.row, position, body);
    yield `row ${body}\n`;
  }
  const insertChange = database.prepare("INSERT INTO change(row, step, position, body) VALUES (?, ?, ?, ?)");
  for (const [position, change] of plan.changes.entries()) {
    const body = canonicalJson(change);
    insertChange.run(change.row, change.step, position, body);
    yield `change ${body}\n`;
  }
  const insertFinding = database.prepare("INSERT INTO finding(position, body) VALUES (?, ?)");
  for (const [position, finding] of plan.findings.entries()) {
    const body = canonicalJson(finding);
    insertFinding.run(position, body);
    yield `finding ${body}\n`;
  }
}

/**
 * Rebuilds the plan.
 *
 * @throws {BatchError} refused: the stored texts do not give the stored hash, or do not make a plan.
 */
export function loadPlan(database: DatabaseSync): Plan {
  const hash = requireMeta(database, "planHash");
  const actual = digest(storedLines(database));
  if (actual !== hash) {
    throw new BatchError(
      "refused",
      `The stored plan is not the one that was saved: its hash is ${planIdOf({ hash: actual })}, not ${planIdOf({ hash })}. Nothing was changed now.`,
      "Put back a copy of run.sqlite, or edit the mapping and plan again: a saved plan is never changed.",
    );
  }
  const plan: Plan = {
    header: loadHeader(database),
    rows: parseBodies(database, "row", plannedRowSchema),
    changes: parseBodies(database, "change", changeSchema),
    findings: parseBodies(database, "finding", findingSchema),
    hash,
  };
  requireWhole(plan);
  return plan;
}

/** @throws {BatchError} refused: the plan is of another version, or its header is none. */
export function loadHeader(database: DatabaseSync): PlanHeader {
  const text = requireMeta(database, "header");
  const { version } = parseStored(text, versionSchema, "the plan's header");
  if (version < PLAN_VERSION) throw refuseVersion("an earlier", version, OLDER_HINT);
  if (version > PLAN_VERSION) throw refuseVersion("a newer", version, "Use that version of the program for this run.");
  return parseStored(text, planHeaderSchema, "the plan's header");
}

const versionSchema = z.looseObject({ version: z.int() });

const OLDER_HINT =
  "Plan again from the mapping. What this run has written already only the version that made it can go on with or take back.";

function refuseVersion(which: string, version: number, hint: string): BatchError {
  const versions = `plan version ${version}; known here: ${PLAN_VERSION}`;
  const message = `This run was planned by ${which} version of the program, which stores plans in another way (${versions}). Nothing was changed now.`;
  return new BatchError("refused", message, hint);
}

type PlanTable = "row" | "change" | "finding";

/** The same text as planLines gives, from what is stored. */
function* storedLines(database: DatabaseSync): Generator<string> {
  yield `plan ${requireMeta(database, "header")}\n`;
  for (const table of ["row", "change", "finding"] as const) {
    for (const body of readBodies(database, table)) yield `${table} ${body}\n`;
  }
}

function* readBodies(database: DatabaseSync, table: PlanTable): Generator<string> {
  for (const { body } of database.prepare(`SELECT body FROM ${table} ORDER BY position`).iterate()) {
    if (typeof body !== "string") throw damaged(`A line of the table ${table} is no text`);
    yield body;
  }
}

function parseBodies<T extends Packable<T>>(database: DatabaseSync, table: PlanTable, schema: z.ZodType<T>): T[] {
  const pack = createPacker<T>(Number(database.prepare(`SELECT count(*) AS lines FROM ${table}`).get()?.lines));
  return Array.from(readBodies(database, table), (body, index) =>
    pack(parseStored(body, schema, `${table} ${index + 1}`)),
  );
}

/** A forged plan can have the right hash and still name rows and steps that are not in it, or twice. */
function requireWhole({ rows, changes, findings }: Plan): void {
  const rowNumbers = new Set(rows.map(({ row }) => row));
  const keys = new Set(changes.map(keyOf));
  const named = [
    ...changes.map(({ row }) => row),
    ...rows.flatMap(({ waitsForRow }) => (waitsForRow === null ? [] : [waitsForRow])),
    ...findings.flatMap((finding) => finding.rows),
  ];
  const stranger = named.find((row) => !rowNumbers.has(row));
  if (stranger !== undefined) throw damaged(`The plan names row ${stranger}, which is not in it`);
  if (rowNumbers.size < rows.length || keys.size < changes.length) throw damaged("The plan has a row or a step twice");
  const waiting = changes.find(({ waitsFor }) => waitsFor !== null && !keys.has(keyOf(waitsFor)));
  if (waiting !== undefined) throw damaged(`Row ${waiting.row} waits for a step that is not in the plan`);
}
