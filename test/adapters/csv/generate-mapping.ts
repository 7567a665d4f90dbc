/**
 * Mappings for the fuzz test: the rows first, then a file that says them in a way that must be read.
 *
 * Nothing of the reader is used here, so that a mistake of its own cannot be made twice.
 */
import type { MappingHints } from "../../../src/adapters/csv/read-mapping.ts";
import type { ColumnChoice } from "../../../src/core/columns.ts";
import type { TextEncoding } from "../../../src/core/text-encodings.ts";
import type { Random } from "./random.ts";

/** What a reader must find in a file. */
export type SaidRow = {
  readonly row: number;
  readonly account: string;
  readonly domain: string | null;
  readonly upn: string;
  readonly onConflict: readonly string[];
  readonly writeTo: string | null;
  readonly extra: readonly string[];
};
export type SaidMapping = {
  readonly delimiter: string;
  readonly extraColumns: readonly string[];
  readonly rows: readonly SaidRow[];
};

export type GeneratedFile = { readonly bytes: Buffer; readonly hints: MappingHints; readonly says: SaidMapping };

type Way = {
  readonly encoding: TextEncoding;
  readonly mark: boolean;
  readonly declared: boolean;
  readonly delimiter: string;
  readonly ending: string;
};

const WAYS: readonly Pick<Way, "encoding" | "mark" | "declared">[] = [
  { encoding: "utf-8", mark: false, declared: false },
  { encoding: "utf-8", mark: true, declared: false },
  { encoding: "utf-8", mark: false, declared: true },
  { encoding: "utf-16le", mark: true, declared: false },
  { encoding: "utf-16be", mark: true, declared: false },
  { encoding: "utf-16le", mark: false, declared: true },
  { encoding: "windows-1252", mark: false, declared: false },
  { encoding: "windows-1252", mark: false, declared: true },
  { encoding: "windows-1251", mark: false, declared: true },
  { encoding: "iso-8859-1", mark: false, declared: true },
  { encoding: "iso-8859-15", mark: false, declared: true },
];

const ACCOUNTS = [
  "ada",
  "ben.ito",
  "cyd-1",
  "o'neil",
  "-dash",
  "'quoted",
  "#ada",
  "1e5",
  "Jos\u00E9",
  "jose\u0301",
  "\u043F\u0430\u0432\u0435\u043B",
  "z\u00F6e",
];
const NOTES = [
  "",
  " ",
  "1",
  " 2 ",
  "Research, Development",
  "a;b|c\td",
  'says "hi"',
  "'",
  "''",
  "=1+1",
  "+49 30",
  "@x",
  "-",
  "#TYPE x",
  "sep=;",
  "caf\u00E9",
  "Gro\u00DFe",
  "5 \u20AC",
  "\u043F\u0440\u0438\u0432\u0435\u0442",
  "\u{1F642}",
  "a\u200Bb",
  "\u00A0",
  "\uFFFD",
  "sAMAccountName",
  "__proto__",
];
const HEADINGS = ["wave", "department", "Stra\u00DFe", "a,b", "c;d", 'e"f', "action", "note\t1", "__proto__"];
const OTHER_HEADER = "x;sAMAccountName;userPrincipalName;y";
const ALIASES = {
  account: ["sam", "User Name", "source"],
  upn: ["UPN", "target_upn", "entra-upn"],
  domain: ["netbios"],
  onConflict: ["decision"],
  writeTo: ["Write-To"],
};
const CANONICAL = {
  ...{ account: "sAMAccountName", upn: "userPrincipalName", domain: "domain", onConflict: "onConflict" },
  writeTo: "writeTo",
};
const FOREIGN = { account: "Logon name", upn: "Mail, primary" };
const DECISIONS: readonly (readonly string[])[] = [
  [],
  [],
  ["clear-holder"],
  ["restore-target", "purge-deleted-holder"],
];
const ABOVE = ["Cutover wave 1", "exported;2026-11-03", "HR, Berlin", "a|b\tc", "Gro\u00DFe Liste"];

/** Letters of an encoding of one byte each, made from Node's decoder, which is not what is tested. */
const tables = new Map<string, ReadonlyMap<string, number>>();
function tableOf(encoding: TextEncoding): ReadonlyMap<string, number> {
  const known = tables.get(encoding);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(encoding);
  const letter = (byte: number) =>
    encoding === "iso-8859-1" ? String.fromCharCode(byte) : decoder.decode(Uint8Array.of(byte));
  const table = new Map(Array.from({ length: 256 }, (_byte, byte) => [letter(byte), byte]));
  tables.set(encoding, table);
  return table;
}

function canEncode(text: string, encoding: TextEncoding): boolean {
  if (encoding.startsWith("utf")) return true;
  return Array.from(text).every((letter) => tableOf(encoding).has(letter));
}

function encode(text: string, { encoding, mark }: Way): Buffer {
  const marked = mark ? `\uFEFF${text}` : text;
  if (encoding === "utf-8") return Buffer.from(marked, "utf8");
  if (encoding === "utf-16le") return Buffer.from(marked, "utf16le");
  if (encoding === "utf-16be") return Buffer.from(marked, "utf16le").swap16();
  return Buffer.from(Array.from(marked, (letter) => tableOf(encoding).get(letter) ?? 0x3f));
}

/** Makes a file of up to six rows. */
export function generateMapping(random: Random): GeneratedFile {
  const way: Way = {
    ...random.pick(WAYS),
    delimiter: random.pick([",", ";", "\t", "|"]),
    ending: random.pick(["\r\n", "\n", "\r"]),
  };
  const assumed = way.encoding === "windows-1252" && !way.declared;
  const known = (text: string) => canEncode(text, way.encoding) && !/\t/.test(text);
  const named = (text: string) => known(text) && !(assumed && /[^ -~]/.test(text));

  const fields = (["account", "upn", "domain", "onConflict", "writeTo"] as const).filter(
    (_field, index) => index < 2 || random.oneIn(3),
  );
  const extraColumns = random.shuffle(HEADINGS.filter(known)).slice(0, random.below(3));
  const sepLine = random.oneIn(6) ? random.pick([`sep=${way.delimiter}`, `"sep=${way.delimiter}"`]) : null;
  // Only the line above it says which of the two headers this is.
  if (sepLine !== null && way.delimiter === "," && random.oneIn(2)) extraColumns.push(OTHER_HEADER);
  const columns = random.shuffle([...fields, ...extraColumns.map((_name, index) => index)]);
  const above = random.oneIn(6) ? random.shuffle(ABOVE.filter(known)).slice(0, 1 + random.below(2)) : [];
  const foreign = random.oneIn(6);
  const choice: ColumnChoice = foreign
    ? {
        account: { heading: FOREIGN.account.toUpperCase() },
        upn: random.oneIn(2) ? { heading: FOREIGN.upn } : { position: columns.indexOf("upn") + 1 },
      }
    : {};
  const heading = (column: (typeof columns)[number]): string => {
    if (typeof column === "number") return extraColumns[column] ?? "";
    if (foreign && (column === "account" || column === "upn")) return FOREIGN[column];
    return above.length === 0 && random.oneIn(4) ? random.pick(ALIASES[column]) : CANONICAL[column];
  };

  const lines: string[] = [];
  const write = (cells: readonly string[]): void => {
    const blankEnds = random.oneIn(12) ? way.delimiter.repeat(1 + random.below(2)) : "";
    lines.push(`${writeCells(cells, way.delimiter, random)}${blankEnds}`);
    while (random.oneIn(15)) lines.push(random.pick(["", "  ", way.delimiter, `${way.delimiter} ${way.delimiter}`]));
  };
  if (random.oneIn(12)) lines.push("#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser");
  if (sepLine !== null) lines.push(sepLine);
  lines.push(...above);
  write(columns.map(heading));

  const rows: SaidRow[] = [];
  for (let left = 1 + random.below(6); left > 0; left -= 1) {
    const account = random.pick(ACCOUNTS.filter(named));
    const domain = fields.includes("domain") || random.oneIn(4) ? random.pick([null, "CORP", "EU-1"]) : null;
    const inFront = domain !== null && (!fields.includes("domain") || random.oneIn(4));
    const upn = random.oneIn(10)
      ? "28d6e2d5-6368-4d5a-b671-d52b30172680"
      : `${random.pick(["ada", "b.ito", "o'neil", "x_1"])}@contoso.example`;
    const onConflict = fields.includes("onConflict") ? random.pick(DECISIONS) : [];
    const writeTo = fields.includes("writeTo") ? random.pick([null, "cloud", "ad"]) : null;
    const extra = extraColumns.map(() => random.pick(NOTES.filter(known)));
    rows.push({ row: lines.length + 1, account, domain, upn, onConflict, writeTo, extra });
    const blanks = () => " ".repeat(random.oneIn(9) ? 1 + random.below(2) : 0);
    const own = (text: string) => `${blanks()}${guard(text)}${blanks()}`;
    const cells = {
      account: own(inFront ? `${domain}\\${account}` : account),
      upn: own(upn),
      domain: own(inFront && random.oneIn(2) ? "" : (domain ?? "")),
      onConflict: own(onConflict.join("+")),
      writeTo: own(writeTo === "ad" && random.oneIn(4) ? "AD" : (writeTo ?? "")),
    };
    write(columns.map((column) => (typeof column === "number" ? guard(extra[column] ?? "") : cells[column])));
  }
  const bytes = encode(lines.join(way.ending) + (random.oneIn(2) ? way.ending : ""), way);
  const hints = { ...(way.declared ? { encoding: way.encoding } : {}), ...(foreign ? { columns: choice } : {}) };
  // The columns in their order in the file: the reader keeps the operator's own as they come.
  const order = columns.filter((column) => typeof column === "number");
  const says = {
    delimiter: way.delimiter,
    extraColumns: order.map((column) => extraColumns[column] ?? ""),
    rows: rows.map((row) => ({ ...row, extra: order.map((column) => row.extra[column] ?? "") })),
  };
  return { bytes, hints, says };
}

/** One apostrophe in front of what a spreadsheet would run, and of an apostrophe. */
function guard(text: string): string {
  return /^['=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
}

function writeCells(cells: readonly string[], delimiter: string, random: Random): string {
  const all = random.oneIn(4);
  return cells
    .map((cell) => {
      const needed = cell.includes('"') || cell.includes(delimiter);
      return all || needed || random.oneIn(12) ? `"${cell.replaceAll('"', '""')}"` : cell;
    })
    .join(delimiter);
}
