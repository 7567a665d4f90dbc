/**
 * The apostrophe that keeps a spreadsheet from running a cell.
 *
 * One base64 value in 64 begins with `+`, and a display name may be `=HYPERLINK(...)`: opened in a
 * spreadsheet, such a cell is computed, and saved again it is something else. So one `'` is put in front
 * on the way out and exactly one is taken off on the way in. A text that itself begins with `'` gets one
 * as well, or reading could not tell the two apart.
 *
 * Source: OWASP, CSV Injection (checked 2026-11).
 */

/** What makes a spreadsheet run a cell: also the full-width forms of `=`, `+`, `-` and `@`. */
const RUN_BY_SPREADSHEETS = new Set(["=", "+", "-", "@", "\t", "\r", "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"]);

/** The text as it is written into a cell. Undone by {@link unguardCell} for every text. */
export function guardCell(text: string): string {
  return needsGuard(text) ? `'${text}` : text;
}

/** The text that a cell stands for: one leading `'` less where {@link guardCell} would have put it. */
export function unguardCell(cell: string): string {
  return cell.startsWith("'") && needsGuard(cell.slice(1)) ? cell.slice(1) : cell;
}

function needsGuard(text: string): boolean {
  const first = text.charAt(0);
  return first === "'" || RUN_BY_SPREADSHEETS.has(first);
}
