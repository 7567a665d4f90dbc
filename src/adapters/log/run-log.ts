/**
 * The structured log of a run, `log.ndjson`: one JSON line per event, for support.
 *
 * The list of fields is enforced here again, at run time: a field that slipped past the compiler, such as
 * a spread of a whole response, must not carry a token or a person's name into a file that is mailed
 * around. Names from a directory or tenant can hold terminal codes, so nothing invisible is written raw.
 */
import { closeSync, constants, fchmodSync, fstatSync, openSync, writeSync } from "node:fs";
import { BatchError, describeError } from "../../core/errors.ts";
import type { Log, LogFields } from "../../ports/log.ts";

export type LogLevel = "info" | "warn";

/** A log that is written to a file, or nowhere. */
export type RunLog = Log & {
  /**
   * Closes the file.
   * @returns Why lines are missing from it, such as a full disk; `null` when all were written. A log that
   *   cannot be written does not stop a run: the journal is the truth.
   */
  close(): string | null;
};

/** Every field that can be logged, with its type. */
const LOGGED_FIELDS = {
  row: "number",
  step: "number",
  objectId: "string",
  stage: "string",
  status: "string",
  method: "string",
  path: "string",
  httpStatus: "number",
  errorCode: "string",
  requestId: "string",
  clientRequestId: "string",
  attempt: "number",
  waitMs: "number",
  durationMs: "number",
  count: "number",
  runId: "string",
  planId: "string",
  domain: "string",
  server: "string",
  variable: "string",
} as const satisfies Record<keyof LogFields, "number" | "string">;

/** Control, format and separator characters that JSON leaves as they are. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Opens a log for appending, mode 0600. pino is loaded only now: `--help` does without it.
 *
 * @param path `null` logs nothing.
 * @param level `warn` leaves out what is only informative.
 * @throws {BatchError} refused: a link or something else that is no file stands at `path`. disk: it cannot be opened.
 */
export async function openRunLog(
  path: string | null,
  level: LogLevel,
  now: () => Date = () => new Date(),
): Promise<RunLog> {
  if (path === null) return { info: () => undefined, warn: () => undefined, close: () => null };
  const { pino } = await import("pino");
  const descriptor = openLogFile(path);
  let trouble: string | null = null;
  const write = (line: string) => {
    if (trouble !== null) return;
    try {
      writeWhole(descriptor, line.trimEnd().replace(INVISIBLE, escapeCharacter));
    } catch (error) {
      trouble = `${path} could not be written on: ${describeError(error)}`;
    }
  };
  const logger = pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return {
    info: (event, fields = {}) => logger.info(pickLogged(fields), event),
    warn: (event, fields = {}) => logger.warn(pickLogged(fields), event),
    close: () => {
      closeSync(descriptor);
      return trouble;
    },
  };
}

function pickLogged(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(LOGGED_FIELDS).flatMap(([name, type]) => {
      const value: unknown = Object.hasOwn(fields, name) ? fields[name as keyof LogFields] : undefined;
      return typeof value === type ? [[name, value]] : [];
    }),
  );
}

function openLogFile(path: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (error) {
    const isLink = error instanceof Error && "code" in error && (error.code === "ELOOP" || error.code === "ENXIO");
    if (isLink) throw refuseLogFile(path, error);
    throw new BatchError(
      "disk",
      `${path} cannot be opened: ${describeError(error)}.`,
      "Make its folder writable for you and free space on its disk, then run the same command again.",
      { cause: error },
    );
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.nlink > 1) throw refuseLogFile(path, undefined);
    fchmodSync(descriptor, 0o600);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function refuseLogFile(path: string, cause: unknown): BatchError {
  return new BatchError(
    "refused",
    `${path} is not a file of its own. Nothing was written.`,
    "Find out who put it there and remove it.",
    cause === undefined ? {} : { cause },
  );
}

function escapeCharacter(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}

function writeWhole(descriptor: number, line: string): void {
  const bytes = Buffer.from(`${line}\n`, "utf8");
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written, bytes.length - written);
  }
}
