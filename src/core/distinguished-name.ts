/**
 * Distinguished names, brought to one spelling so that they can be compared.
 *
 * `cn=Smith\, Ada,OU=People` and `CN=Smith\2C Ada, ou=people` are one entry. A comparison of the texts would not find
 * the account that a mapping names, and one that drops escapes would find another one.
 *
 * Case is folded as in every name (see names.ts); accents and spaces inside a value count. Quoted values and `;` between
 * parts belong to an older grammar (RFC 1779) and are refused, as is an empty value.
 *
 * Source: RFC 4514, sections 2 and 3, checked 2026-11.
 */
import { foldCase } from "./names.ts";

const ATTRIBUTE_TYPE = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)*)$/i;
const HEX_VALUE = /^#(?:[0-9a-f]{2})+$/i;
/** `\` and what it escapes, or a run of characters that need no escape. */
const VALUE_PIECE = /(?:\\[0-9a-f]{2})+|\\[ "#+,;<=>\\]|[^\\"+,;<>\0]+/giy;

/** The name's parts from the leaf to the root, each in its one spelling; `null` if the text is no DN. The empty text is the root. */
export function parseDn(dn: string): readonly string[] | null {
  if (dn.trim() === "") return [];
  const parts = splitUnescaped(dn, ",").map(foldRdn);
  return parts.every((part) => part !== null) ? parts : null;
}

/** The same entry. A text that is no DN names none. */
export function sameDn(one: string, other: string): boolean {
  const parts = parseDn(one);
  return parts !== null && parts.join(",") === parseDn(other)?.join(",");
}

/** The ancestor itself, or anything below it. */
export function isUnderDn(dn: string, ancestor: string): boolean {
  const parts = parseDn(dn);
  const above = parseDn(ancestor);
  if (parts === null || above === null) return false;
  return above.length === 0 || parts.slice(-above.length).join(",") === above.join(",");
}

/** One part, `cn=ada` or `cn=ada+uid=7`, whose pairs may stand in any order. */
function foldRdn(rdn: string): string | null {
  const pairs = splitUnescaped(rdn, "+").map(foldPair);
  return pairs.every((pair) => pair !== null) ? pairs.sort().join("+") : null;
}

function foldPair(pair: string): string | null {
  const equals = pair.indexOf("=");
  const type = pair.slice(0, Math.max(equals, 0)).trim();
  if (!ATTRIBUTE_TYPE.test(type)) return null;
  const value = readValue(trimUnescaped(pair.slice(equals + 1)));
  return value === null ? null : `${type.toLowerCase()}=${foldCase(value)}`;
}

/** The value without its escapes, then with one escape for each sign that needs one. */
function readValue(text: string): string | null {
  if (text.startsWith("#")) return HEX_VALUE.test(text) ? text : null;
  const pieces = text.match(VALUE_PIECE) ?? [];
  if (text === "" || pieces.join("") !== text) return null;
  const value = pieces.map(unescapePiece).join("");
  if (value.includes("\uFFFD") && !text.includes("\uFFFD")) return null; // escaped bytes that are no UTF-8
  return value.replace(/[\\,+"<>;=#]/g, (sign) => `\\${sign}`);
}

function unescapePiece(piece: string): string {
  if (!piece.startsWith("\\")) return piece;
  return /^\\[0-9a-f]{2}/i.test(piece)
    ? Buffer.from(piece.replaceAll("\\", ""), "hex").toString("utf8")
    : piece.slice(1);
}

/** Begin at the first of a run only: else each letter of a long run in the middle would be tried as the beginning. */
const LAST_SPACES = /(?<! ) +$/;
const LAST_BACKSLASHES = /(?<!\\)\\+$/;

/** Spaces around a value do not belong to it, unless the last one is escaped. */
function trimUnescaped(text: string): string {
  const begun = text.replace(/^ +/, "");
  const ended = begun.replace(LAST_SPACES, "");
  const backslashes = LAST_BACKSLASHES.exec(ended)?.[0].length ?? 0;
  return backslashes % 2 === 1 ? begun.slice(0, ended.length + 1) : ended;
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
