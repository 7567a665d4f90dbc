/**
 * Distinguished names (RFC 4514) brought to one spelling, so that they can be keys.
 */

/** Parts from the leaf to the root, each in its one spelling, and as written. */
export type ParsedName = { parts: readonly string[]; written: readonly string[]; key: string };

const PART = /^\s*([A-Za-z][\w-]*|\d+(?:\.\d+)*)\s*=\s*(.*)$/s;

/** @returns `null` if the text is no DN. The empty text is the DN without parts. */
export function parseName(dn: string): ParsedName | null {
  if (dn.trim() === "") return { parts: [], written: [], key: "" };
  const written = splitUnescaped(dn);
  const parts: string[] = [];
  for (const part of written) {
    const [, type, rawValue] = PART.exec(part) ?? [];
    const value = rawValue === undefined ? null : unescapeValue(rawValue);
    if (!type || value === null || value === "") return null;
    parts.push(
      `${type.toLowerCase()}=${value.toLowerCase().replace(/[,\\=+]/g, (sign) => `\\${sign.charCodeAt(0).toString(16)}`)}`,
    );
  }
  return { parts, written: written.map((part) => part.trim()), key: parts.join(",") };
}

/** Attribute type and value of the leftmost part. */
export function leafOf(name: ParsedName): { type: string; value: string } {
  const [, type = "", value = ""] = PART.exec(name.written[0] ?? "") ?? [];
  return { type, value: unescapeValue(value) ?? value };
}

/** The name `levels` above, as key. */
export function keyAbove(name: ParsedName, levels = 1): string {
  return name.parts.slice(levels).join(",");
}

export function isWithin(key: string, baseKey: string): boolean {
  return key === baseKey || key.endsWith(`,${baseKey}`);
}

function splitUnescaped(dn: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let position = 0; position < dn.length; position += 1) {
    if (dn[position] === "\\") position += 1;
    else if (dn[position] === ",") {
      parts.push(dn.slice(start, position));
      start = position + 1;
    }
  }
  return [...parts, dn.slice(start)];
}

function unescapeValue(raw: string): string | null {
  const bytes: Buffer[] = [];
  for (let rest = trimUnescaped(raw); rest !== ""; ) {
    const [whole, hex, sign, plain] = /^(?:\\([0-9a-f]{2})|\\([ "#+,;<=>\\])|([^\\"+;<>]+))/is.exec(rest) ?? [];
    if (whole === undefined) return null;
    bytes.push(hex ? Buffer.from(hex, "hex") : Buffer.from(sign ?? plain ?? ""));
    rest = rest.slice(whole.length);
  }
  return Buffer.concat(bytes).toString("utf8");
}

function trimUnescaped(raw: string): string {
  const trimmed = raw.trim();
  return trimmed.endsWith("\\") && raw.length > raw.trimEnd().length ? `${trimmed} ` : trimmed;
}
