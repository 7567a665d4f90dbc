/**
 * What a mapping plainly says, worked out in the simplest way there is: the whole file decoded at once, one letter
 * after the other, nothing streamed and no library asked.
 *
 * It knows nothing of damage and would let much pass that the reader refuses: a name with one letter changed is
 * another name, and no reader can tell. What it holds the reader to is that a file which is accepted says exactly
 * these rows, in these columns, and nothing else.
 */
import type { MappingHints } from "../../../src/adapters/csv/read-mapping.ts";
import type { ColumnChoice } from "../../../src/core/columns.ts";
import type { SaidMapping, SaidRow } from "./generate-mapping.ts";

type Field = "account" | "upn" | "domain" | "onConflict" | "writeTo";

/** Folded: without blanks, `_` and `-`, in lower case; the canonical one first. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  account: ["samaccountname", "sam", "username", "source", "sourcesam", "targetsam"],
  upn: ["userprincipalname", "upn", "target", "targetupn", "clouduser", "entraupn"],
  domain: ["domain", "netbios", "netbiosname", "addomain"],
  onConflict: ["onconflict", "conflict", "decision"],
  writeTo: ["writeto"],
};
const FIELDS = Object.keys(NAMES) as Field[];
const DELIMITERS = [",", ";", "\t", "|"];

/** `null` where the bytes plainly say nothing. */
export function readPlainly(bytes: Buffer, hints: MappingHints): SaidMapping | null {
  const decoded = decodeWhole(bytes, hints.encoding);
  if (decoded === null) return null;
  const { text, assumed } = decoded;
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.some((line) => line.split('"').length % 2 === 0)) return null;
  const found = findHeader(lines, hints.columns ?? {});
  if (found === null) return null;
  const { index, delimiter, headings, columns } = found;
  if (headings.some((heading) => heading === "" || /\p{Cc}/u.test(heading))) return null;
  const extraAt = headings.flatMap((_heading, at) => (Object.values(columns).includes(at) ? [] : [at]));
  const rows: SaidRow[] = [];
  for (const [offset, line] of lines.slice(index + 1).entries()) {
    const cells = splitCells(line, delimiter);
    if (cells === null) return null;
    if (cells.every(isBlank)) continue;
    if (cells.length < headings.length || !cells.slice(headings.length).every(isBlank)) return null;
    if (cells.slice(0, headings.length).some((cell) => /\p{Cc}/u.test(cell))) return null;
    if (assumed && [columns.account, columns.upn, columns.domain].some((at) => /[^ -~]/.test(cells[at ?? -1] ?? "")))
      return null;
    const row = sayRow(index + offset + 2, cells, columns, extraAt);
    if (row === null) return null;
    rows.push(row);
  }
  if (rows.length === 0) return null;
  return { delimiter, extraColumns: extraAt.map((at) => headings[at] ?? ""), rows };
}

/** `assumed` where nothing but bad UTF-8 speaks for the encoding. */
function decodeWhole(bytes: Buffer, declared: string | undefined): { text: string; assumed: boolean } | null {
  const mark = [
    ["utf-8", [0xef, 0xbb, 0xbf]],
    ["utf-16le", [0xff, 0xfe]],
    ["utf-16be", [0xfe, 0xff]],
  ] as const;
  const marked = mark.find(([, signs]) => signs.every((sign, at) => bytes[at] === sign))?.[0];
  if (marked !== undefined && declared !== undefined && marked !== declared) return null;
  const encoding = marked ?? declared;
  const oneByte = encoding !== "utf-16le" && encoding !== "utf-16be";
  if (oneByte && /[^\t\r\n\x20-\xFF]/.test(bytes.toString("latin1", 0, 7))) return null;
  if (encoding === "iso-8859-1") return { text: bytes.toString("latin1"), assumed: false };
  const attempt = (name: string, assumed: boolean) => {
    try {
      return { text: new TextDecoder(name, { fatal: true }).decode(bytes), assumed };
    } catch {
      return null;
    }
  };
  if (encoding !== undefined) return attempt(encoding, false);
  return attempt("utf-8", false) ?? attempt("windows-1252", true);
}

type PlainHeader = {
  readonly index: number;
  readonly delimiter: string;
  readonly headings: readonly string[];
  readonly columns: Readonly<Partial<Record<Field, number>>>;
};

/** The first line that has both required columns under exactly one delimiter, or under the one that `sep=` names. */
function findHeader(lines: readonly string[], choice: ColumnChoice): PlainHeader | null {
  let declared: string | null = null;
  const above: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (/^[ ,;\t|"]*$/.test(line) || /^"?#TYPE\b/.test(line)) continue;
    if (/^"?sep=/i.test(line)) {
      const sep = /^"?sep=(.)\1*"?$/i.exec(line)?.[1] ?? "";
      if (declared !== null || !DELIMITERS.includes(sep)) return null;
      declared = sep;
      continue;
    }
    const fitting = DELIMITERS.flatMap((delimiter) => readHeader(index, line, delimiter, choice) ?? []);
    const chosen = declared === null ? fitting : fitting.filter(({ delimiter }) => delimiter === declared);
    const [header, another] = chosen;
    if (another !== undefined) return null;
    if (header === undefined) {
      // A line above the header holds none of our headings, and there are few of them.
      if (holdsOurs(line, choice) || above.push(line) > 20) return null;
      continue;
    }
    if (above.length === 0) return header;
    const sure = (["account", "upn"] as const).every(
      (field) =>
        choice[field] !== undefined || fold(header.headings[header.columns[field] ?? -1] ?? "") === NAMES[field][0],
    );
    return sure && !above.some((text) => /@|[0-9a-f]{8}-[0-9a-f]{4}-/i.test(text)) ? header : null;
  }
  return null;
}

function readHeader(index: number, line: string, delimiter: string, choice: ColumnChoice): PlainHeader | null {
  const cells = splitCells(line, delimiter)?.map((cell) => unguard(cell.trim())) ?? [];
  const headings = cells.slice(0, cells.findLastIndex((cell) => cell !== "") + 1);
  const columns = findColumns(headings, choice);
  return columns?.account === undefined || columns.upn === undefined ? null : { index, delimiter, headings, columns };
}

function holdsOurs(line: string, choice: ColumnChoice): boolean {
  const chosen = Object.values(choice).flatMap((place) => ("heading" in place ? fold(place.heading) : []));
  const names = [...Object.values(NAMES).flat(), ...chosen];
  return DELIMITERS.some((delimiter) => {
    return splitCells(line, delimiter)?.some((cell) => names.includes(fold(unguard(cell.trim()))));
  });
}

function fold(heading: string): string {
  return heading.replaceAll(/[\s_-]/g, "").toLowerCase();
}

function findColumns(headings: readonly string[], choice: ColumnChoice): PlainHeader["columns"] | null {
  const folded = headings.map(fold);
  const columns: Partial<Record<Field, number>> = {};
  const chosen = Object.values(choice).flatMap((place) => ("position" in place ? place.position - 1 : []));
  const chosenNames = Object.values(choice).flatMap((place) => ("heading" in place ? fold(place.heading) : []));
  for (const field of FIELDS) {
    const [canonical = "", ...aliases] = NAMES[field];
    const place = choice[field];
    const own = place === undefined;
    const isFree = (name: string, at: number) => !own || !(chosen.includes(at) || chosenNames.includes(name));
    const places = (names: readonly string[]) =>
      folded.flatMap((name, at) => (names.includes(name) && isFree(name, at) ? [at] : []));
    if (place !== undefined) {
      const at = "position" in place ? place.position - 1 : (places([fold(place.heading)])[0] ?? -1);
      if ("heading" in place && places([fold(place.heading)]).length > 1) return null;
      if (at >= 0 && at < headings.length && !Object.values(columns).includes(at)) columns[field] = at;
      continue;
    }
    const found = places([canonical]).length > 0 ? places([canonical]) : places(aliases);
    if (found.length > 1) return null;
    if (found[0] !== undefined) columns[field] = found[0];
  }
  return columns;
}

function sayRow(
  row: number,
  cells: readonly string[],
  columns: PlainHeader["columns"],
  extraAt: readonly number[],
): SaidRow | null {
  const own = (field: Field): string => {
    const at = columns[field];
    return at === undefined ? "" : unguard((cells[at] ?? "").replace(/^ +| +$/g, ""));
  };
  const [, inFront = null, account = ""] = /^(?:([^\\]*)\\)?(.*)$/su.exec(own("account")) ?? [];
  const beside = own("domain") === "" ? null : own("domain");
  if (inFront !== null && beside !== null && inFront.toLowerCase() !== beside.toLowerCase()) return null;
  if (account === "" || own("upn") === "") return null;
  const words = own("onConflict")
    .split("+")
    .map((word) => word.trim().toLowerCase());
  const onConflict = own("onConflict") === "" ? [] : [...new Set(words)];
  return {
    row,
    account,
    domain: beside ?? inFront,
    upn: own("upn"),
    onConflict,
    writeTo: own("writeTo") === "" ? null : own("writeTo").toLowerCase(),
    extra: extraAt.map((at) => unguard(cells[at] ?? "")),
  };
}

/** A record of RFC 4180, or `null`: a quote opens a field at its first letter and is closed at its last. */
function splitCells(line: string, delimiter: string): string[] | null {
  const cells: string[] = [];
  let cell = "";
  let state: "begin" | "plain" | "quoted" | "closed" = "begin";
  for (const letter of line) {
    if (state === "quoted") {
      if (letter === '"') state = "closed";
      else cell += letter;
    } else if (letter === delimiter) {
      cells.push(cell);
      cell = "";
      state = "begin";
    } else if (letter === '"') {
      if (state === "plain") return null;
      if (state === "closed") cell += letter;
      state = "quoted";
    } else if (state === "closed") return null;
    else {
      cell += letter;
      state = "plain";
    }
  }
  return state === "quoted" ? null : [...cells, cell];
}

function unguard(cell: string): string {
  return /^'['=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) ? cell.slice(1) : cell;
}

function isBlank(cell: string): boolean {
  return /^ *$/.test(cell);
}
