/**
 * Wraps a line for a terminal between words, with the rest under the line's last column.
 *
 * A terminal that wraps by itself breaks words and starts again at the left, under other columns. A command line is
 * never wrapped: what is copied from two lines does not run.
 */

/** Narrower than this nothing is gained. */
const LEAST_WIDTH = 40;
const COMMAND = /(?:^|\s)hardmatch [a-z]/;

/** @param width Columns of the terminal. @returns One line or more, none longer than `width` where words allow it. */
export function wrapLine(line: string, width: number): string[] {
  if (line.length <= width || width < LEAST_WIDTH || COMMAND.test(line)) return [line];
  const indent = " ".repeat(findIndent(line, width));
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    // Nothing before the text itself is a place to break.
    const from = lines.length === 0 ? indent.length : indent.length + 1;
    const at = rest.lastIndexOf(" ", width);
    const cut = at > from ? at : rest.indexOf(" ", width);
    if (cut === -1) break;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = `${indent}${rest.slice(cut).trimStart()}`;
  }
  return [...lines, rest];
}

/** Where the last column begins, if it leaves room; else a little further in than the line itself. */
function findIndent(line: string, width: number): number {
  const columns = [...line.matchAll(/(?<=\S) {2,}(?=\S)/g)].map(({ index, 0: gap }) => index + gap.length);
  const last = columns.findLast((start) => start <= width * 0.6);
  return last ?? (/^ */.exec(line)?.[0].length ?? 0) + 2;
}
