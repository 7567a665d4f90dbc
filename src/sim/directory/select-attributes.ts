/**
 * Which attributes of an entry a search returns, and how long value lists are cut (MaxValRange).
 *
 * Names are asked for in any letter case and come back in the schema's own (MS-ADTS 3.1.1.3.1.3).
 */
import type { AttributeValues } from "./ldap-message.ts";

export const MAX_VALUE_RANGE = 1500;

const RANGE = /^(.+);range=(\d+)-(\d+|\*)$/i;

/** @param asked The request's list: empty or `*` is all, `1.1` alone is none. */
export function selectAttributes(
  attributes: Iterable<AttributeValues>,
  asked: readonly string[],
  { typesOnly, lowerCaseNames }: { typesOnly: boolean; lowerCaseNames: boolean },
): AttributeValues[] {
  const wanted = new Map(asked.map((text) => readRange(text)).map((range) => [range.name, range]));
  const all = asked.length === 0 || wanted.has("*");
  const selected: AttributeValues[] = [];
  for (const { name, values } of attributes) {
    const range = wanted.get(name.toLowerCase());
    if (!all && !range) continue;
    const cut = cutValues(name, values, range?.start ?? null, range?.end ?? null);
    selected.push({ name: lowerCaseNames ? cut.name.toLowerCase() : cut.name, values: typesOnly ? [] : cut.values });
  }
  return selected;
}

function readRange(text: string): { name: string; start: number | null; end: number | null } {
  const [, name, start, end] = RANGE.exec(text) ?? [];
  if (!name || !start) return { name: text.toLowerCase(), start: null, end: null };
  return { name: name.toLowerCase(), start: Number(start), end: end === "*" ? null : Number(end) };
}

function cutValues(
  name: string,
  values: readonly (string | Buffer)[],
  start: number | null,
  end: number | null,
): AttributeValues {
  if (start === null && values.length <= MAX_VALUE_RANGE) return { name, values };
  const from = start ?? 0;
  const last = Math.min(end ?? Number.POSITIVE_INFINITY, from + MAX_VALUE_RANGE - 1);
  const through = last >= values.length - 1 ? "*" : String(last);
  return { name: `${name};range=${from}-${through}`, values: values.slice(from, last + 1) };
}
