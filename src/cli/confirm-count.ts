/**
 * The operator states how many rows will be written: whoever expects 40 and is told 4,000 has the wrong file.
 */
import { BatchError } from "../core/errors.ts";
import type { Screen } from "./render/screen.ts";
import { countOf, formatCount } from "./render/table.ts";

type Question = {
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Where the rows are written and what else is at stake, as it completes `This plan writes 40 rows ...`. */
  readonly what: string;
  /** The command line that would be right. */
  readonly command: string;
};

/**
 * @param given From --confirm.
 * @throws {BatchError} usage: nobody can be asked and nothing was given. refused: another number.
 */
export async function confirmCount(
  rowsToWrite: number,
  given: number | undefined,
  { screen, signal, what, command }: Question,
): Promise<number> {
  const confirmed = given ?? (rowsToWrite === 0 ? 0 : await askCount(rowsToWrite, { screen, signal, what, command }));
  if (confirmed === rowsToWrite) return confirmed;
  throw new BatchError(
    "refused",
    `This plan writes ${countOf(rowsToWrite, "row")}, not ${formatCount(confirmed)}. Nothing was written.`,
    `Look at the plan again. If ${formatCount(rowsToWrite)} is what you expect, run: ${command}`,
  );
}

async function askCount(rowsToWrite: number, { screen, signal, what, command }: Question): Promise<number> {
  if (!screen.interactive) {
    throw new BatchError(
      "usage",
      `This plan writes ${countOf(rowsToWrite, "row")}, and without a terminal that number has to be confirmed. Nothing was written.`,
      `If that is what you expect, run: ${command}`,
    );
  }
  const answer = await screen.ask(
    `This plan writes ${countOf(rowsToWrite, "row")} ${what}. Type the number of rows to write them: `,
    signal,
  );
  const digits = answer.trim().replaceAll(",", "");
  if (/^[0-9]{1,9}$/.test(digits)) return Number(digits);
  throw new BatchError(
    "refused",
    "That is not a number. Nothing was written.",
    "Run the same command again and type the number of rows.",
  );
}
