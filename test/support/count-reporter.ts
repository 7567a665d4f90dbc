/**
 * Prints the counts of the test run as the last line of its output, alone on the line: `412 passed, 0 failed, 3 skipped`.
 *
 * A machine reads that line, so it must come after everything that other reporters and vitest itself print, and it must
 * never say "0 failed" about a run that failed: a file that could not be loaded, a failing `beforeAll` and an error
 * outside any test each count as one failure. A test that never ran because of one counts as skipped.
 *
 * Source: Reporter.onTestRunEnd of vitest 5, https://vitest.dev/api/advanced/reporters (checked 2026-11)
 */
import { writeSync } from "node:fs";
import type { Reporter, TestModule, TestSuite } from "vitest/node";

const STDOUT = 1;

export default class CountReporter implements Reporter {
  private line: string | null = null;

  /** Registers the line to be written when the process exits, which is after every other word of the run. */
  onInit(): void {
    process.once("exit", () => {
      if (this.line !== null) writeSync(STDOUT, `${this.line}\n`);
    });
  }

  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.line = formatCounts(testModules, unhandledErrors);
  }
}

function formatCounts(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): string {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const testModule of testModules) {
    for (const owner of [testModule, ...testModule.children.allSuites()]) counts.failed += countOwnErrors(owner);
    for (const testCase of testModule.children.allTests()) {
      const { state } = testCase.result();
      counts[state === "pending" ? "skipped" : state] += 1;
    }
  }
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/** One for a file or suite with errors of its own, those of its tests not among them. */
function countOwnErrors(owner: TestModule | TestSuite): number {
  return owner.errors().length > 0 ? 1 : 0;
}
