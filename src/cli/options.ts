/**
 * Every option once: flag, value, help text and what its text means.
 *
 * Commands pick options by name; parser, help and README are all made from this table, so that none of them
 * can say something else than the others. There is no option that takes a secret: a command line is visible to
 * every user of the machine.
 */
import { InvalidArgumentError } from "commander";
import { BREAKER_REASONS, type BreakerReason } from "../core/breaker.ts";
import { SIDES, type Side } from "../core/change.ts";
import type { ColumnChoice } from "../core/columns.ts";
import { HOLDER_ACTIONS, type HolderAction } from "../core/mapping.ts";
import { ANCHOR_MODES, type AnchorMode } from "../core/source-anchor.ts";
import { SOURCE_KEYS, type SourceKey } from "../core/source-key.ts";
import { TEXT_ENCODINGS, type TextEncoding } from "../core/text-encodings.ts";
import { parseColumnChoice } from "./column-choice.ts";
import { parseDuration } from "./duration.ts";
import { findNearest } from "./nearest.ts";
import { parseRowRanges, type RowRanges } from "./row-ranges.ts";

/** Headings of help, in the order in which it shows them; those of every command come last, from the parser itself. */
export const OPTION_GROUPS = {
  extent: "What is done",
  reading: "How mapping and directory are read",
  overwriting: "What may be overwritten or removed",
  caution: "Confirmation and caution",
  demonstration: "The demonstration",
} as const;
export type OptionGroup = keyof typeof OPTION_GROUPS;

export type OptionDefinition = {
  /** Where help shows it; `null` for an option of every command. */
  readonly group: OptionGroup | null;
  /** Name of the value in help, `<file>`; `null` for a switch. */
  readonly value: string | null;
  readonly help: string;
  /** What the option means when it is left out, in words for help; `null` when help need not say. */
  readonly fallback: string | null;
  /** @throws {InvalidArgumentError} The text cannot be what the option takes. */
  readonly parse: ((text: string) => unknown) | null;
};

export const OPTIONS = {
  config: { group: null, value: "<file>", help: "Configuration file", fallback: "./hardmatch.yaml", parse: readText },
  json: {
    group: null,
    value: null,
    help: "Print one JSON document on stdout and nothing else there",
    fallback: null,
    parse: null,
  },
  quiet: { group: null, value: null, help: "Print no progress and no notes", fallback: null, parse: null },
  verbose: { group: null, value: null, help: "Print more notes, and the stack of a bug", fallback: null, parse: null },
  "no-color": {
    group: null,
    value: null,
    help: "Print without colours, as NO_COLOR does",
    fallback: null,
    parse: null,
  },
  run: {
    group: "extent",
    value: "<dir>",
    help: "Run folder to create; it must not exist",
    fallback: "a new folder in runs/",
    parse: readText,
  },
  anchor: {
    group: "reading",
    value: "<attribute>",
    help: `Source anchor to take: ${ANCHOR_MODES.join(", ")}`,
    fallback: "the configuration's, else auto",
    parse: readAnchor,
  },
  "source-key": {
    group: "reading",
    value: "<attribute>",
    help: `What stands in the mapping's account column: ${SOURCE_KEYS.join(", ")}`,
    fallback: "the configuration's, else sAMAccountName",
    parse: readSourceKey,
  },
  "write-to": {
    group: "extent",
    value: "<side>",
    help: "Side that is written where the row's own writeTo cell is empty: cloud gives the user the account's anchor, ad gives the account the user's ID",
    fallback: "cloud",
    parse: readSide,
  },
  replace: {
    group: "overwriting",
    value: null,
    help: "Allow users that hold another immutable ID, or accounts with another mS-DS-ConsistencyGuid",
    fallback: null,
    parse: null,
  },
  "on-conflict": {
    group: "overwriting",
    value: "<action>",
    help: `What to do with a holder where the row's own onConflict cell is empty: ${HOLDER_ACTIONS.join(", ")}`,
    fallback: "nothing",
    parse: readAction,
  },
  allow: {
    group: "overwriting",
    value: "<actions>",
    help: "Holder actions that may be carried out at all, joined by commas; alone it chooses none",
    fallback: "none",
    parse: readActions,
  },
  "accept-identity-mismatch": {
    group: "overwriting",
    value: "<n>",
    help: "Accept that exactly n rows agree in nothing that can be compared",
    fallback: null,
    parse: (text: string) => readCount(text, 1),
  },
  limit: {
    group: "extent",
    value: "<n>",
    help: "Pilot: plan the first n rows only",
    fallback: null,
    parse: (text: string) => readCount(text, 1),
  },
  encoding: {
    group: "reading",
    value: "<name>",
    help: "What the bytes of the mapping are: utf-8, utf-16le, windows-1252, iso-8859-15 and others",
    fallback: "what the file shows",
    parse: readEncoding,
  },
  columns: {
    group: "reading",
    value: "<names>",
    help: "Headings of the mapping that stand for ours, as sAMAccountName=<heading>,userPrincipalName=<heading>; #3 is the third column",
    fallback: "the headings as they are",
    parse: readColumns,
  },
  confirm: {
    group: "caution",
    value: "<n>",
    help: "The number of rows that the plan writes; without a terminal it must be given",
    fallback: null,
    parse: (text: string) => readCount(text, 0),
  },
  "confirm-holders": {
    group: "caution",
    value: "<m>",
    help: "The number of other objects that the plan deletes, purges, clears or restores",
    fallback: null,
    parse: (text: string) => readCount(text, 0),
  },
  "skip-blocked": {
    group: "caution",
    value: null,
    help: "Apply the clean rows and leave blocked ones alone",
    fallback: null,
    parse: null,
  },
  canary: {
    group: "caution",
    value: "<n>",
    help: "Rows that are written and verified before the others; 0 turns it off",
    fallback: "5",
    parse: (text: string) => readCount(text, 0),
  },
  "sync-paused": {
    group: "caution",
    value: null,
    help: "No sync cycle can run now: prove the way back on one AD account too, by setting it back and setting it again",
    fallback: null,
    parse: null,
  },
  acknowledge: {
    group: "caution",
    value: "<reason>",
    help: `Go on with a run that its breaker has stopped; the reason is the one that apply named: ${BREAKER_REASONS.join(", ")}`,
    fallback: null,
    parse: readBreakerReason,
  },
  rows: {
    group: "extent",
    value: "<list>",
    help: "Only these rows, as 17,40-52; rows that hang together with them come along",
    fallback: "all rows",
    parse: readRows,
  },
  "plan-only": {
    group: "extent",
    value: null,
    help: "Save and show the plan of the way back; write nothing",
    fallback: null,
    parse: null,
  },
  "wait-for-sync": {
    group: "extent",
    value: "<duration>",
    help: "Keep looking until sync has decided every row, at most so long: 45m, 2h, 1h30m",
    fallback: null,
    parse: readDuration,
  },
  users: {
    group: "extent",
    value: "<run or UPNs>",
    help: "Cloud Sync: provision these users on demand: a run folder, or UPNs of AD joined by commas",
    fallback: null,
    parse: readText,
  },
  serve: {
    group: "demonstration",
    value: null,
    help: "Leave the simulated directory and tenant running, to try commands on",
    fallback: null,
    parse: null,
  },
  keep: {
    group: "demonstration",
    value: "<dir>",
    help: "Keep the demonstration's files in this folder",
    fallback: null,
    parse: readText,
  },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

export type OptionName = keyof typeof OPTIONS;

/** Understood by every command. */
export const GLOBAL_OPTIONS = [
  "config",
  "json",
  "quiet",
  "verbose",
  "no-color",
] as const satisfies readonly OptionName[];

/** The name of an option's value in code: `skip-blocked` is `skipBlocked`. */
export type ValueName<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<ValueName<Tail>>}`
  : Name;

type ValueOf<Name extends OptionName> = (typeof OPTIONS)[Name]["parse"] extends (text: string) => infer Value
  ? Value | undefined
  : boolean;

/** The values of a choice of options; `undefined` where an option with a value was not given. */
export type OptionValues<Name extends OptionName> = { readonly [Each in Name as ValueName<Each>]: ValueOf<Each> };

export type GlobalValues = OptionValues<(typeof GLOBAL_OPTIONS)[number]>;

/** @see ValueName */
export function valueNameOf(name: string): string {
  return name.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
}

/** `--run <dir>`, `--replace`. */
export function flagOf(name: OptionName): string {
  const { value } = OPTIONS[name];
  return value === null ? `--${name}` : `--${name} ${value}`;
}

function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError("Give a time from 1s to 7d, such as 45m, 2h or 1h30m.");
  return ms;
}

function readText(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

function readSide(text: string): Side {
  const side = SIDES.find((known) => known === text.trim().toLowerCase());
  if (side === undefined) throw new InvalidArgumentError(`Choose one of ${SIDES.join(", ")}.`);
  return side;
}

function readAnchor(text: string): AnchorMode {
  const mode = ANCHOR_MODES.find((known) => known.toLowerCase() === text.toLowerCase());
  if (mode === undefined) throw new InvalidArgumentError(`Choose one of ${ANCHOR_MODES.join(", ")}.`);
  return mode;
}

function readSourceKey(text: string): SourceKey {
  const key = SOURCE_KEYS.find((known) => known.toLowerCase() === text.toLowerCase());
  if (key === undefined) throw new InvalidArgumentError(`Choose one of ${SOURCE_KEYS.join(", ")}.`);
  return key;
}

function readAction(text: string): HolderAction {
  const action = HOLDER_ACTIONS.find((known) => known === text.trim().toLowerCase());
  if (action === undefined) throw new InvalidArgumentError(`Choose one of ${HOLDER_ACTIONS.join(", ")}.`);
  return action;
}

function readBreakerReason(text: string): BreakerReason {
  const reason = BREAKER_REASONS.find((known) => known === text.trim().toLowerCase());
  if (reason === undefined) throw new InvalidArgumentError(`Choose one of ${BREAKER_REASONS.join(", ")}.`);
  return reason;
}

function readActions(text: string): readonly HolderAction[] {
  return text.split(",").map(readAction);
}

function readCount(text: string, least: number): number {
  const digits = text.replaceAll(/[,_ ]/g, "");
  const count = Number(digits);
  if (!/^[0-9]{1,9}$/.test(digits) || count < least) {
    throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
  }
  return count;
}

function readEncoding(text: string): TextEncoding {
  const name = TEXT_ENCODINGS.find((known) => known === text.trim().toLowerCase());
  if (name !== undefined) return name;
  const nearest = findNearest(text.trim(), TEXT_ENCODINGS);
  const known = `Known are ${TEXT_ENCODINGS.join(", ")}.`;
  throw new InvalidArgumentError(nearest === null ? known : `Did you mean ${nearest}? ${known}`);
}

function readColumns(text: string): ColumnChoice {
  const choice = parseColumnChoice(text);
  if (typeof choice === "string") throw new InvalidArgumentError(choice);
  return choice;
}

function readRows(text: string): RowRanges {
  const ranges = parseRowRanges(text);
  if (ranges === null) throw new InvalidArgumentError("Write rows and ranges of rows with commas, as 17,40-52.");
  return ranges;
}
