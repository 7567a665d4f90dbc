/** Names files of a run on the screen, and only those that are there: a full disk or a plan leaves some out. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** @returns The file as the operator can open it; `null` where there is none. */
export function findPresentFile(shownFolder: string, fileName: string): string | null {
  const path = join(shownFolder, fileName);
  return existsSync(path) ? path : null;
}

/** Where every row can be looked up. @param resultsFile As from {@link findPresentFile}. */
export function whereAllRowsStand(resultsFile: string | null): string {
  return resultsFile ?? "the JSON output (--json)";
}
