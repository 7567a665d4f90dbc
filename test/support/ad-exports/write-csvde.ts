/**
 * A table as csvde writes it: DN first, a column for every attribute that some entry has in the order in which they
 * come, bytes as X'28d6...', several values joined by `;`, `;` and `\` in a value escaped, the most special class only.
 *
 * Source: no description of the values is published. The form is that of files of real domains in public repositories:
 * IAMDbMsAdScriptTest.java (header, users and computers of Windows Server 2008 R2: X'...' in lower case, values joined by
 * `;`, `c:\\temp`) and ad2aliases.py (`X400:c=us\;a= \;p=Test\;o=Exchange\;`), checked 2026-11.
 */
import { type ExportedEntry, encodeUtf16 } from "./exported-entry.ts";

/** @param unicode As with `-u`; without it, a text outside ASCII is written as its bytes. */
export function writeCsvde(entries: readonly ExportedEntry[], { unicode }: { readonly unicode: boolean }): Buffer {
  const names = [...new Set(entries.flatMap(({ attributes }) => Object.keys(attributes)))];
  const rows = entries.map(({ dn, attributes }) => [
    isPlain(dn, unicode) ? dn : hex(dn),
    ...names.map((name) => {
      const values = attributes[name] ?? [];
      const written = name === "objectClass" ? values.slice(-1) : values;
      return written.map((value) => (isPlain(value, unicode) ? escapeValue(value) : hex(value))).join(";");
    }),
  ]);
  const text = [["DN", ...names], ...rows].map((cells) => `${cells.map(quote).join(",")}\r\n`).join("");
  return unicode ? encodeUtf16(text) : Buffer.from(text, "latin1");
}

function isPlain(value: string | Buffer, unicode: boolean): value is string {
  return typeof value === "string" && (unicode || /^[\x20-\x7e]*$/.test(value));
}

function hex(value: string | Buffer): string {
  return `X'${Buffer.from(value).toString("hex")}'`;
}

function escapeValue(value: string): string {
  return value.replace(/[\\;]/g, (sign) => `\\${sign}`);
}

function quote(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
