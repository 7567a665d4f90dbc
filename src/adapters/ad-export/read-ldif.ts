/**
 * Reads LDIF as ldifde, ldapsearch and ldbsearch write it: entries, never changes.
 *
 * A file that was cut must be recognised, since mS-DS-ConsistencyGuid is among the last attributes of an entry: without
 * its last lines a person would silently get another source anchor. All three programs end every entry with an empty line.
 *
 * Source: RFC 2849; ldifde, "LDIF Scripts" on Microsoft Learn (win32/desktop-src/AD/ldif-scripts.md); ldapsearch(1) of
 * OpenLDAP 2.5 and ldbsearch(1) of Samba 4.17, whose output was compared, checked 2026-11. Range options: MS-ADTS
 * 3.1.1.3.1.3.3.
 */
import { type AttributeName, attributeNamed, SIGNS_OF_EVERYTHING } from "./attributes.ts";
import type { ExportEntry, ExportValue } from "./export-entry.ts";
import type { ExportFile } from "./export-file.ts";
import { type ExportProblems, quoteValue, refuseExport } from "./export-problems.ts";
import { LineCutter } from "./lines.ts";

/** Name, options, then `: text`, `:: base64` or `:< address`. A space after the colons is no part of the value. */
const LINE = /^([A-Za-z0-9][A-Za-z0-9.-]*)((?:;[A-Za-z0-9-=*]+)*):([:<]?) *(.*)$/s;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const RANGE = /^;range=\d+-(\d+|\*)$/i;
const SIGNS: ReadonlySet<string> = new Set(SIGNS_OF_EVERYTHING);
/** What ldapsearch and ldbsearch print after and between the entries. */
const TRAILER: ReadonlySet<string> = new Set([
  "search",
  "result",
  "ref",
  "control",
  "pagedresults",
  "matcheddn",
  "text",
]);

/**
 * Hands every entry to `take`, in order.
 *
 * @throws {BatchError} input: it is a file of changes, or the search that wrote it did not end well. Other problems are
 *   added to `problems`.
 */
export async function readLdif(
  file: ExportFile,
  problems: ExportProblems,
  take: (entry: ExportEntry) => void,
): Promise<void> {
  const reading = new LdifReading(file.path, problems, take);
  const cutter = new LineCutter(file.path);
  for await (const piece of file.readPieces()) for (const line of cutter.push(piece)) reading.take(line);
  const { lines, rest } = cutter.end();
  for (const line of lines) reading.take(line);
  reading.end(rest);
}

type OpenEntry = {
  readonly line: number;
  readonly values: Map<AttributeName, ExportValue[]>;
  readonly signs: Set<string>;
  /** Attributes of which a range came, and whether the last one did. */
  readonly ranges: Map<string, boolean>;
  readonly problemsBefore: number;
};

class LdifReading {
  readonly #path: string;
  readonly #problems: ExportProblems;
  readonly #take: (entry: ExportEntry) => void;
  #line = 0;
  /** A line that may go on in the next one. */
  #logical: { readonly line: number; text: string } | null = null;
  #entry: OpenEntry | null = null;

  constructor(path: string, problems: ExportProblems, take: (entry: ExportEntry) => void) {
    this.#path = path;
    this.#problems = problems;
    this.#take = take;
  }

  take(text: string): void {
    this.#line += 1;
    if (text.startsWith(" ") && this.#logical !== null) {
      this.#logical.text += text.slice(1);
      return;
    }
    this.#finishLine();
    if (text === "") this.#finishEntry();
    else this.#logical = { line: this.#line, text };
  }

  /** @param rest What stands after the last line end. */
  end(rest: string): void {
    if (rest !== "") this.take(rest);
    this.#finishLine();
    if (this.#entry === null) return;
    this.#problems.add(
      this.#line,
      null,
      `the file ends inside the entry of line ${this.#entry.line}: an empty line must follow it, so this file was cut`,
    );
  }

  #finishLine(): void {
    const logical = this.#logical;
    this.#logical = null;
    if (logical !== null && !logical.text.startsWith("#")) this.#takeLogical(logical.line, logical.text);
  }

  #takeLogical(line: number, text: string): void {
    const [, name = "", options = "", kind = "", written = ""] = LINE.exec(text) ?? [];
    const folded = name.toLowerCase();
    if (name === "") this.#problems.add(line, null, `found ${quoteValue(text)}, which is no line of LDIF`);
    else if (folded === "dn") this.#beginEntry(line, kind, written);
    else if (this.#entry === null) this.#takeOutside(line, folded, written);
    else if (folded === "changetype") this.#requireAdd(line, written);
    else if (kind === "<") this.#problems.add(line, name, "the value stands in another file; export again");
    else this.#takeValue(this.#entry, { line, name, options, kind, written });
  }

  #beginEntry(line: number, kind: string, written: string): void {
    if (this.#entry !== null) {
      this.#problems.add(
        line,
        "dn",
        `an empty line must stand before it: the entry of line ${this.#entry.line} was cut`,
      );
    }
    this.#entry = {
      ...{ line, values: new Map(), signs: new Set(), ranges: new Map() },
      problemsBefore: this.#problems.count,
    };
    const dn = this.#readValue(line, "dn", kind, written);
    if (dn !== null) this.#entry.values.set("distinguishedName", [dn]);
  }

  #takeOutside(line: number, name: string, written: string): void {
    if (name === "version" || TRAILER.has(name)) {
      if (name !== "result" || /^0\b/.test(written)) return;
      throw refuseExport(
        this.#path,
        `line ${line} says that the search did not end well (result: ${written}), so accounts may be missing`,
        "Export again; with ldapsearch add -E pr=1000/noprompt.",
      );
    }
    this.#problems.add(line, name, "an entry must begin with its dn");
  }

  #requireAdd(line: number, written: string): void {
    if (written.trim().toLowerCase() === "add") return;
    throw refuseExport(
      this.#path,
      `line ${line} says "changetype: ${written}", so this is a file of changes, not an export`,
      "Name the file that was exported.",
    );
  }

  #takeValue(
    entry: OpenEntry,
    found: { line: number; name: string; options: string; kind: string; written: string },
  ): void {
    const { line, name, options, kind, written } = found;
    const attribute = attributeNamed(name);
    if (attribute === null) {
      if (SIGNS.has(name.toLowerCase())) entry.signs.add(name.toLowerCase());
      return;
    }
    const range = RANGE.exec(options)?.[1];
    if (range !== undefined) entry.ranges.set(attribute, range === "*");
    const value = this.#readValue(line, name, kind, written);
    // the DN is known from the entry's first line; the attribute says it again
    if (value === null || attribute === "distinguishedName") return;
    if (value.length === 0) return; // "no more values" of a range
    const present = entry.values.get(attribute);
    if (present === undefined) entry.values.set(attribute, [value]);
    else present.push(value);
  }

  #readValue(line: number, name: string, kind: string, written: string): ExportValue | null {
    if (kind === "") return written;
    const base64 = written.trimEnd();
    const bytes = Buffer.from(base64, "base64");
    if (BASE64.test(base64) && bytes.toString("base64") === base64) return bytes;
    this.#problems.add(
      line,
      name,
      `found ${quoteValue(written)}, which is not whole base64: the file was cut or changed`,
    );
    return null;
  }

  #finishEntry(): void {
    const entry = this.#entry;
    this.#entry = null;
    if (entry === null) return;
    for (const [attribute, whole] of entry.ranges) {
      if (!whole)
        this.#problems.add(entry.line, attribute, "only the first values were exported (range); export again");
    }
    if (this.#problems.count === entry.problemsBefore) this.#take(entry);
  }
}
