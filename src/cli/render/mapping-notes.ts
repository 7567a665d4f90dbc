/** What the reader of the mapping had to assume or has passed over: it belongs to the summary of the plan. */
import type { MappingFile } from "../../core/mapping.ts";
import type { Line } from "./screen.ts";
import { countOf } from "./table.ts";

/** The summary is one screen. */
const MOST_LINES_NAMED = 3;
const LONGEST_TEXT = 60;

export function renderMappingNotes({
  record,
  encodingAssumedAt,
  linesAbove,
  passedOver,
  blankLines,
}: MappingFile): Line[] {
  const lines: Line[] = [];
  if (encodingAssumedAt !== null) {
    const text = `The mapping is not UTF-8 (line ${encodingAssumedAt}) and was read as ${record.encoding}; --encoding says what it is.`;
    lines.push({ style: "careful", text });
  } else if (record.encoding !== "utf-8") lines.push(`The mapping was read as ${record.encoding}.`);
  for (const { heading, column } of passedOver) {
    const text = `The column ${heading} is one of yours now, because there is a column ${column}; --columns says which one counts.`;
    lines.push({ style: "careful", text });
  }
  for (const { line, text } of linesAbove.slice(0, MOST_LINES_NAMED))
    lines.push({ style: "careful", text: `Line ${line} above the header was skipped: ${cut(text)}` });
  if (linesAbove.length > MOST_LINES_NAMED) {
    const more = countOf(linesAbove.length - MOST_LINES_NAMED, "more line");
    lines.push({ style: "careful", text: `${more} above the header skipped, to line ${linesAbove.at(-1)?.line}.` });
  }
  if (blankLines > 0) lines.push(`${countOf(blankLines, "blank line")} skipped.`);
  return lines.length === 0 ? [] : ["", ...lines];
}

function cut(text: string): string {
  const letters = Array.from(text);
  return letters.length > LONGEST_TEXT ? `${letters.slice(0, LONGEST_TEXT).join("")}...` : text;
}
