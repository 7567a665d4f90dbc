/**
 * Finds the header of a mapping among what may stand above it: blank lines, Excel's `sep=;`, PowerShell's
 * `#TYPE ...`, and lines of text such as the title of a report.
 *
 * Text above the header is passed over only where the header cannot be mistaken: a line that is skipped may
 * have been a person.
 */
import type { ColumnChoice } from "../../core/columns.ts";
import {
  bestReading,
  DELIMITERS,
  type Delimiter,
  type HeaderReading,
  hasOurs,
  hasRequired,
  isDelimiter,
  isUnmistakable,
  readUnderEach,
} from "./choose-delimiter.ts";
import { buildHeader, type MappingHeader } from "./mapping-header.ts";
import type { ProblemList } from "./problem-list.ts";
import { showText } from "./show-text.ts";

/** Reports have a title and a date above their table, hardly more. */
export const MOST_LINES_ABOVE = 20;

/** A line of blanks and delimiters: which one counts is not known yet. */
const NOTHING = /^[ ,;\t|"]*$/;
const SEP_LINE = /^"?sep=(.*?)"?$/i;
const TYPE_LINE = /^"?#TYPE\b/;
/** A UPN or an object id: a sorted table has its header in the middle, and what stands above it are people. */
const PERHAPS_A_PERSON = /@|[0-9a-f]{8}-[0-9a-f]{4}-/i;

export type FoundHeader = {
  readonly header: MappingHeader;
  readonly linesAbove: readonly { readonly line: number; readonly text: string }[];
};

/** What a line turned out to be; `refused` when a problem was added and the rows cannot be understood. */
export type HeaderStep = FoundHeader | "blank" | "more" | "refused";

export class HeaderFinder {
  readonly #choice: ColumnChoice;
  readonly #problems: ProblemList;
  readonly #above: { line: number; text: string }[] = [];
  #declared: { readonly line: number; readonly text: string; readonly delimiter: Delimiter } | null = null;

  constructor(choice: ColumnChoice, problems: ProblemList) {
    this.#choice = choice;
    this.#problems = problems;
  }

  /** For messages about a line that is broken before the header is known. */
  get delimiter(): Delimiter {
    return this.#declared?.delimiter ?? ",";
  }

  /** Takes the next line that is whole. */
  take(line: number, text: string): HeaderStep {
    if (NOTHING.test(text)) return "blank";
    const sep = SEP_LINE.exec(text);
    if (sep !== null) return this.#declare(line, text, sep[1] ?? "");
    if (TYPE_LINE.test(text)) return "more";
    const readings = readUnderEach(text, this.#choice);
    const reading = this.#choose(line, readings);
    if (reading === "refused") return reading;
    if (reading !== null) return this.#accept(line, reading);
    this.#above.push({ line, text });
    if (this.#above.length <= MOST_LINES_ABOVE) return "more";
    this.end();
    return "refused";
  }

  /** Call when there are no more lines: says what stands where the header should. */
  end(): void {
    const [first] = this.#above;
    if (first === undefined) {
      this.#problems.add({ line: 1 }, "found an empty file; write a header and a row for every person");
      return;
    }
    const sign = this.#declared?.delimiter;
    const readings = readUnderEach(first.text, this.#choice);
    const shown = readings.find(({ delimiter }) => delimiter === sign) ?? mostFields(readings);
    const words = shown.headings.length === 0 ? [first.text] : shown.headings.slice(0, 5);
    const mend =
      Object.keys(this.#choice).length > 0
        ? "write the headings in --columns as they stand in the file"
        : "the first line must be the header, with sAMAccountName and userPrincipalName, or name your own headings with --columns";
    this.#problems.add(
      { line: first.line },
      `found no heading that names the accounts or the cloud users, but ${words.map(showText).join(", ")}; ${mend}`,
    );
  }

  #declare(line: number, text: string, sign: string): HeaderStep {
    // Excel writes the delimiters of the other columns behind it when it saves such a file again.
    const delimiter = /^(.)\1*$/u.exec(sign)?.[1] ?? "";
    if (this.#declared === null && isDelimiter(delimiter)) {
      this.#declared = { line, text, delimiter };
      return "more";
    }
    const mend = "write sep= and one of , ; | or a tab, once, or take the line out";
    this.#problems.add({ line }, `found ${showText(text)}; ${mend}`);
    return "refused";
  }

  /** @returns `null` for a line that is no header. */
  #choose(line: number, readings: readonly HeaderReading[]): HeaderReading | "refused" | null {
    const whole = readings.filter(hasRequired);
    if (this.#declared !== null) return this.#chooseDeclared(line, readings, whole);
    const [first, second] = whole;
    if (second !== undefined) {
      const names = whole.map(({ delimiter }) => DELIMITERS[delimiter]).join(" and by the ");
      this.#problems.add(
        { line },
        `found a header that can be separated by the ${names}; say which by a line above it, such as sep=;`,
      );
      return "refused";
    }
    return first ?? bestReading(readings) ?? (this.#isByPosition() ? mostFields(readings) : null);
  }

  #chooseDeclared(
    line: number,
    readings: readonly HeaderReading[],
    whole: readonly HeaderReading[],
  ): HeaderReading | "refused" | null {
    const declared = readings.find(({ delimiter }) => delimiter === this.#declared?.delimiter) ?? null;
    const [other] = whole;
    if (declared === null || hasRequired(declared)) return declared;
    if (other === undefined) return hasOurs(declared) || this.#isByPosition() ? declared : null;
    const said = `${showText(this.#declared?.text ?? "")} in line ${this.#declared?.line}`;
    this.#problems.add(
      { line },
      `found a header that is separated by the ${DELIMITERS[other.delimiter]}, but ${said}; correct that line, or take it out`,
    );
    return "refused";
  }

  /** A column at a position is there or is not: the first line is then the header whatever it says. */
  #isByPosition(): boolean {
    const { account, upn } = this.#choice;
    return account !== undefined && "position" in account && upn !== undefined && "position" in upn;
  }

  #accept(line: number, reading: HeaderReading): HeaderStep {
    const doubt = this.#findDoubt(line, reading);
    if (doubt !== null) {
      this.#problems.add({ line: doubt.line }, doubt.problem);
      return "refused";
    }
    const header = buildHeader(line, reading, this.#choice, this.#problems);
    return header === null ? "refused" : { header, linesAbove: this.#above };
  }

  /** Why a line may be no header, or what stands above it may be more than text. */
  #findDoubt(line: number, reading: HeaderReading): { readonly line: number; readonly problem: string } | null {
    const [first] = this.#above;
    if (first !== undefined && !isUnmistakable(reading)) {
      const mend =
        "delete what stands above it, or name its columns sAMAccountName and userPrincipalName (or with --columns)";
      return { line: first.line, problem: `found text above the header, which seems to be line ${line}; ${mend}` };
    }
    const person = this.#above.find(({ text }) => PERHAPS_A_PERSON.test(text));
    if (person !== undefined) {
      const found = `found ${showText(person.text)}, which may be a row, above the header in line ${line}`;
      return { line: person.line, problem: `${found}; put the header first, or delete what is no row` };
    }
    const { account, upn } = reading.columns;
    const unproven = [account, upn].flatMap(({ by, indexes }) => (by === "position" ? indexes : []));
    const cell = unproven.map((index) => reading.headings[index] ?? "").find((text) => PERHAPS_A_PERSON.test(text));
    if (cell === undefined) return null;
    const found = `found ${showText(cell)}, which may be a person, where --columns wants a heading`;
    return { line, problem: `${found}; write a header above the first row` };
  }
}

/** The reading under which a line falls into the most fields. */
function mostFields(readings: readonly HeaderReading[]): HeaderReading {
  const best = readings.toSorted((left, right) => right.headings.length - left.headings.length)[0];
  if (best === undefined) throw new Error("a line is read under every delimiter");
  return best;
}
