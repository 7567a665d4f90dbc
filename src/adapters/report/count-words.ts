/** Numbers, times and lists in words: the same on every machine, whatever its locale and time zone. */

import { countOf } from "../../core/words.ts";

export { countOf, formatCount, formatDuration } from "../../core/words.ts";

/** `2026-11-03 09:00:07 UTC` from an ISO time in UTC; any other text as it is. */
export function formatTime(iso: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso);
  return parts === null ? iso : `${parts[1]} ${parts[2]} UTC`;
}

/** `2026-11-03` from an ISO time in UTC; any other text as it is. */
export function formatDate(iso: string): string {
  return /^\d{4}-\d\d-\d\d(?=T)/.exec(iso)?.[0] ?? iso;
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

const MOST_RANGES = 60;

/** `2-40, 52, 60-61`: ascending row numbers as ranges, cut where nobody reads on. */
export function listRanges(rows: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const row of rows) {
    const range = ranges.at(-1);
    if (range !== undefined && row === range.last + 1) range.last = row;
    else ranges.push({ first: row, last: row });
  }
  const shown = ranges
    .slice(0, MOST_RANGES)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  const rest = ranges.slice(MOST_RANGES).reduce((count, { first, last }) => count + last - first + 1, 0);
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${countOf(rest, "more row", "more rows")}`;
}
