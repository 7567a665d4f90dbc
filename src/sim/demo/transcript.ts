/** What the demonstration prints, and the count of checks that did not hold. */

/** Differences that are listed below a check that did not hold; the others are counted. */
const LISTED_DIFFERENCES = 8;

export type Transcript = {
  /** A heading with an empty line above. */
  heading(text: string): void;
  say(text: string): void;
  /** A line of a command's output. */
  output(line: string): void;
  /** One check: it holds when there is no difference. */
  check(says: string, differences: readonly string[]): void;
  readonly held: number;
  readonly failed: number;
};

/** @param write Takes text that ends with its own line breaks. */
export function createTranscript(write: (text: string) => void): Transcript {
  let [held, failed] = [0, 0];
  return {
    heading: (text) => write(`\n== ${text}\n`),
    say: (text) => write(`${text}\n`),
    output: (line) => write(line === "" ? "\n" : `    ${line}\n`),
    check(says, differences) {
      if (differences.length === 0) {
        held += 1;
        write(`  ✓ ${says}\n`);
        return;
      }
      failed += 1;
      write(`  ✗ not so: ${says}\n`);
      for (const difference of differences.slice(0, LISTED_DIFFERENCES)) write(`      ${difference}\n`);
      const more = differences.length - LISTED_DIFFERENCES;
      if (more > 0) write(`      and ${more} more\n`);
    },
    get held() {
      return held;
    },
    get failed() {
      return failed;
    },
  };
}

/** Rows as columns of text, each as wide as its widest cell. */
export function layOutTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
