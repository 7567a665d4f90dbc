/** Readers of texts from outside, over texts that repeat one thing: their time grows with the text, not with its square. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const CHILD = join(import.meta.dirname, "children/read-repetition.ts");
/** Processor time, which a busy machine does not stretch: all readers together take about ten seconds of it. */
const MOST_SECONDS = 120;

test.skipIf(process.platform === "win32")(
  "E16: every reader comes to the end of hostile repetition",
  { timeout: 10 * 60_000 },
  async () => {
    // A pattern that goes back and forth holds its whole process: so it has one of its own, which the system ends.
    const limited = `ulimit -t ${MOST_SECONDS} && exec "$0" "$1"`;
    const reading = promisify(execFile)("sh", ["-c", limited, process.execPath, CHILD]);
    const { stdout } = await reading.catch((error: { stdout: string; message: string }) => {
      throw new Error(`${error.message}; came to their end:\n${error.stdout}`);
    });
    const readers = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
    const [[name, ms] = []] = readers.toSorted(([, left], [, right]) => Number(right) - Number(left));
    console.log(
      `readers that came to the end of hostile repetition: ${readers.length}; slowest text: ${name}, ${ms} ms`,
    );
    expect(readers.length).toBeGreaterThan(35);
  },
);
