/** A choice of rows as people write it, `17,40-52`; kept as ranges, because a range may be millions wide. */

export type RowRanges = readonly { readonly first: number; readonly last: number }[];

/** @returns `null` when the text is no such choice. */
export function parseRowRanges(text: string): RowRanges | null {
  const ranges = text.split(",").map((part) => {
    const [, first, last] = /^\s*([0-9]{1,9})(?:\s*-\s*([0-9]{1,9}))?\s*$/.exec(part) ?? [];
    return first === undefined ? null : { first: Number(first), last: Number(last ?? first) };
  });
  const good = ranges.filter((range) => range !== null && range.first >= 1 && range.first <= range.last);
  return good.length === ranges.length ? good.filter((range) => range !== null) : null;
}

/**
 * @param known Every row that there is to choose from.
 * @returns The chosen rows, and the parts of the choice that name no row at all.
 */
export function chooseRows(
  ranges: RowRanges,
  known: Iterable<number>,
): { readonly rows: Set<number>; readonly empty: RowRanges } {
  const all = [...new Set(known)];
  const within = ({ first, last }: RowRanges[number]) => all.filter((row) => row >= first && row <= last);
  return { rows: new Set(ranges.flatMap(within)), empty: ranges.filter((range) => within(range).length === 0) };
}

/** The choice as it would be typed. */
export function writeRowRanges(ranges: RowRanges): string {
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}
