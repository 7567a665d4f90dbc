/**
 * LDIF as ldifde writes it: CRLF, `changetype: add`, lines folded, bytes in base64; with `-u` letters as they are in
 * UTF-16, without it every text outside ASCII in base64.
 *
 * Source: "LDIF Scripts" (Microsoft Learn, win32/desktop-src/AD/ldif-scripts.md: "The default mode for exporting files is
 * ANSI. If there are Unicode entries, they will be converted into base 64 format"; its MYSCHEMAEXT.LDF) and RFC 2849,
 * checked 2026-11. ldifde itself was not at hand.
 */
import { type ExportedEntry, encodeUtf16 } from "./exported-entry.ts";

const LINE_LENGTH = 76;

/** @param unicode As with `-u`. */
export function writeLdifde(entries: readonly ExportedEntry[], { unicode }: { readonly unicode: boolean }): Buffer {
  const text = entries
    .map(({ dn, attributes }) => {
      const lines = [line("dn", dn, unicode), "changetype: add"];
      for (const [name, values] of Object.entries(attributes))
        for (const value of values) lines.push(line(name, value, unicode));
      return `${lines.map(fold).join("\r\n")}\r\n\r\n`;
    })
    .join("");
  return unicode ? encodeUtf16(text) : Buffer.from(text, "latin1");
}

function line(name: string, value: string | Buffer, unicode: boolean): string {
  const plain = typeof value === "string" && /^[^\s:<]/.test(value) && !value.endsWith(" ") && !/[\r\n\0]/.test(value);
  return plain && (unicode || /^[\x20-\x7e]*$/.test(value))
    ? `${name}: ${value}`
    : `${name}:: ${Buffer.from(value).toString("base64")}`;
}

function fold(text: string): string {
  const [first = "", ...others] = text.match(new RegExp(`[\\s\\S]{1,${LINE_LENGTH}}`, "gu")) ?? [];
  return [first, ...others.map((part) => ` ${part}`)].join("\r\n");
}
