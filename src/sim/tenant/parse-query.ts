/**
 * Reads the address of a request: its path segments and its OData query options, from the raw text.
 *
 * `URLSearchParams` forgives what the service does not (bad percent escapes, repeated options), so the text is read
 * by hand. A raw `+` in the query is a space, as everywhere on the web: an anchor in base64 that was not encoded
 * therefore matches nobody, here as there.
 *
 * Source: "Use query parameters to customize responses", learn.microsoft.com/graph, checked 2026-11.
 */
import { REFUSALS, refuse } from "./errors.ts";

export interface QueryOptions {
  readonly select: readonly string[] | null;
  readonly filter: string | null;
  readonly top: number | null;
  readonly count: boolean;
  readonly skipToken: string | null;
  readonly expand: string | null;
}

const KNOWN_OPTIONS = ["$select", "$filter", "$top", "$count", "$skiptoken", "$expand"];

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return refuse(REFUSALS.percentEncoding());
    throw error;
  }
}

/**
 * Splits a raw path into decoded segments. `users('o''neil@contoso.example')` gives the two segments `users` and
 * `o'neil@contoso.example`. A slash encoded as %2F stays inside its segment.
 *
 * @throws {GraphRefusal} 400 for an undecodable escape.
 */
export function parsePath(rawPath: string): string[] {
  const segments: string[] = [];
  for (const raw of rawPath.split("/")) {
    if (raw === "") continue;
    const decoded = decodeText(raw);
    const keyed = /^([A-Za-z.]+)\('(.*)'\)$/s.exec(decoded);
    if (keyed?.[1] !== undefined && keyed[2] !== undefined) segments.push(keyed[1], keyed[2].replaceAll("''", "'"));
    else segments.push(decoded);
  }
  return segments;
}

/**
 * @throws {GraphRefusal} 400 for bad escapes, repeated options, $skip, a page size outside 1 to 999 and options that
 *   the simulation does not offer ($orderby, $search).
 */
export function parseQuery(rawQuery: string): QueryOptions {
  const options = new Map<string, string>();
  for (const part of rawQuery.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decodeText((equals === -1 ? part : part.slice(0, equals)).replaceAll("+", " ")).toLowerCase();
    const value = equals === -1 ? "" : decodeText(part.slice(equals + 1).replaceAll("+", " "));
    if (!name.startsWith("$")) continue;
    if (name === "$skip") return refuse(REFUSALS.skipUnsupported());
    if (!KNOWN_OPTIONS.includes(name)) return refuse(REFUSALS.optionUnsupported(name));
    if (options.has(name)) return refuse(REFUSALS.optionRepeated(name));
    options.set(name, value);
  }
  return {
    select: parseSelect(options.get("$select")),
    filter: options.get("$filter") ?? null,
    top: parseTop(options.get("$top")),
    count: parseCount(options.get("$count")),
    skipToken: options.get("$skiptoken") ?? null,
    expand: options.get("$expand") ?? null,
  };
}

function parseSelect(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => name === "")) return refuse(REFUSALS.optionInvalid("$select", text));
  return names.includes("*") ? null : names;
}

function parseTop(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) return refuse(REFUSALS.optionInvalid("$top", text));
  const top = Number(text);
  return top >= 1 && top <= 999 ? top : refuse(REFUSALS.pageSize(text));
}

function parseCount(text: string | undefined): boolean {
  if (text === undefined || text === "false") return false;
  return text === "true" ? true : refuse(REFUSALS.optionInvalid("$count", text));
}
