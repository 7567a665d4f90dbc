/**
 * LDIF, written for `ldbadd` and read from `ldapsearch`.
 *
 * The tests compare our own LDAP code with what these programs print, so this file must share nothing with it: no LDAP
 * package, no module of src. Values stay in base64 as printed, because a GUID that went through a text decoder is lost.
 *
 * Source: RFC 2849 (LDIF) and RFC 4514 section 2.4 (escapes in a DN), checked 2026-11.
 */

/** An object to be created in a domain. */
export interface SambaEntry {
  /** DN below the domain's base DN, escaped: `CN=Smith\, Ada,OU=People`. */
  readonly relativeDn: string;
  /** Values by attribute name; bytes are written as they are. */
  readonly attributes: Readonly<Record<string, readonly (string | Uint8Array)[]>>;
}

/** An object as `ldapsearch` printed it. */
export interface PrintedEntry {
  readonly dn: string;
  /** Values in base64, by attribute name in lower case. */
  readonly base64Values: ReadonlyMap<string, readonly string[]>;
}

/** The values as text, in the order printed; empty when the attribute is absent. */
export function textValues(entry: PrintedEntry, attribute: string): string[] {
  const values = entry.base64Values.get(attribute.toLowerCase()) ?? [];
  return values.map((value) => Buffer.from(value, "base64").toString("utf8"));
}

/** Escapes a naming value for a DN: `Smith, Ada` becomes `Smith\, Ada`. */
export function escapeDnValue(value: string): string {
  return value.replace(/[\\,+"<>;=]|^[ #]| $/g, (character) => `\\${character}`);
}

/** The LDIF that creates the entries below `baseDn`, in the order given: parents first. */
export function formatLdif(entries: readonly SambaEntry[], baseDn: string): string {
  return entries.map((entry) => formatEntry(entry, baseDn)).join("\n");
}

function formatEntry({ relativeDn, attributes }: SambaEntry, baseDn: string): string {
  const lines = [formatLine("dn", `${relativeDn},${baseDn}`)];
  for (const [name, values] of Object.entries(attributes)) {
    for (const value of values) lines.push(formatLine(name, value));
  }
  return `${lines.join("\n")}\n`;
}

/** One `name: value` line, as base64 where LDIF asks for it. */
export function formatLine(name: string, value: string | Uint8Array): string {
  const isSafe = typeof value === "string" && /^[!-9;=-~][ -~]*$/.test(value) && !value.endsWith(" ");
  return isSafe ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString("base64")}`;
}

/**
 * Reads what `ldapsearch -LLL -o ldif-wrap=no` printed; comments, among them the referrals, are left out.
 *
 * @throws {Error} A line is neither a comment nor `name: value`; half an answer is never returned.
 */
export function parseLdif(text: string): PrintedEntry[] {
  return text
    .split(/\n{2,}/)
    .map((block) => block.split("\n").filter((line) => line !== "" && !line.startsWith("#")))
    .filter((lines) => lines.length > 0)
    .map(parseEntry);
}

function parseEntry(lines: readonly string[]): PrintedEntry {
  const base64Values = new Map<string, string[]>();
  for (const line of lines) {
    const [, name, separator, value] = /^([^:]+)(::?) ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a line of LDIF: ${line}`);
    const base64 = separator === "::" ? value : Buffer.from(value).toString("base64");
    const key = name.toLowerCase();
    base64Values.set(key, [...(base64Values.get(key) ?? []), base64]);
  }
  const dn = base64Values.get("dn")?.[0];
  if (dn === undefined) throw new Error(`an entry without a DN: ${lines.join(" / ")}`);
  return { dn: Buffer.from(dn, "base64").toString("utf8"), base64Values };
}
