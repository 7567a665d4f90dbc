/**
 * What `doctor` says: one line for each thing that was looked at, and what all of them come to.
 *
 * The names of checks are a public interface, as finding codes are: scripts pick lines by them.
 */
import type { Fact } from "./fact.ts";

/** `not-checked` counts for nothing: the failure that prevented the check stands on a line of its own. */
export const LINE_STATES = ["ok", "warning", "failure", "not-checked"] as const;
export type LineState = (typeof LINE_STATES)[number];

export const DIAGNOSIS_PARTS = ["machine", "configuration", "directory", "tenant"] as const;
export type DiagnosisPart = (typeof DIAGNOSIS_PARTS)[number];

export const DIAGNOSIS_CHECKS = [
  "node",
  "environment",
  "clock",
  "run-folder",
  "configuration",
  "dns",
  "tcp",
  "tls",
  "bind",
  "search-base",
  "sample-search",
  "export",
  "graph",
  "token",
  "tenant",
  "permissions",
  "directory-roles",
  "checks",
  "sync",
  "hard-match",
] as const;
export type DiagnosisCheck = (typeof DIAGNOSIS_CHECKS)[number];

export type DiagnosisLine = {
  readonly part: DiagnosisPart;
  /** Which directory, server or command it is about; `null` where the part has only one of it. */
  readonly subject: string | null;
  readonly check: DiagnosisCheck;
  readonly state: LineState;
  /** What is the case, as sentences. */
  readonly says: string;
  /** What to do about it; `null` where nothing needs to be done. */
  readonly mend: string | null;
};

/** The side that a command would end with, by the first of: configuration and machine, directory, tenant. */
export type Verdict = "done" | "usage" | "directory" | "tenant";

/** @returns `done` where no line is a failure. */
export function judgeLines(lines: readonly DiagnosisLine[]): Verdict {
  const failed = new Set(lines.flatMap(({ state, part }) => (state === "failure" ? [part] : [])));
  if (failed.has("configuration") || failed.has("machine")) return "usage";
  if (failed.has("directory")) return "directory";
  return failed.has("tenant") ? "tenant" : "done";
}

/** How many lines are in each state. */
export function countStates(lines: readonly DiagnosisLine[]): Readonly<Record<LineState, number>> {
  const count = (state: LineState) => lines.filter((line) => line.state === state).length;
  return {
    ok: count("ok"),
    warning: count("warning"),
    failure: count("failure"),
    "not-checked": count("not-checked"),
  };
}

/** What a line is about. */
export type Place = Pick<DiagnosisLine, "part" | "subject" | "check">;
/** What a line says, once its fact was found. */
export type Judged = Pick<DiagnosisLine, "state" | "says" | "mend">;

export const ok = (says: string): Judged => ({ state: "ok", says, mend: null });
export const warning = (says: string, mend: string): Judged => ({ state: "warning", says, mend });
export const failure = (says: string, mend: string): Judged => ({ state: "failure", says, mend });

/** The line of a fact; `judge` is asked only about what was found. A failure of the configuration counts as one. */
export function lineOf<Found>(place: Place, fact: Fact<Found>, judge: (found: Found) => Judged): DiagnosisLine {
  if (fact.state === "found") return { ...place, ...judge(fact.found) };
  if (fact.state === "not-checked")
    return { ...place, state: "not-checked", says: `Not checked: ${fact.because}.`, mend: null };
  const part = fact.code === "config" || fact.code === "input" ? "configuration" : place.part;
  return { ...place, part, ...failure(endSentence(fact.message), fact.mend) };
}

/** With a full stop, where it has no end of its own. */
export function endSentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** A token that keeps silent is no failure: Graph decides then. */
export function notSaid(what: string): Judged {
  return { state: "not-checked", says: `Not checked: the access token does not say ${what}.`, mend: null };
}
