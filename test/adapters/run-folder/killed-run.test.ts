import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { BatchError } from "../../../src/core/errors.ts";
import { type FolderTestShelf, makeFolderShelf, startChild } from "./folder-shelf.ts";
import { ABOUT, ATTEMPT, DECISIONS, OBSERVATION, planOf } from "./sample-run.ts";

const JOURNAL = [
  { ...ATTEMPT, kind: "intent", runId: ABOUT.runId, seq: 1 },
  { ...OBSERVATION, seq: 2 },
];

/** Kills a process just before its n-th effect and says what is wrong with what it leaves; "" is nothing. */
async function findBrokenPromise(made: FolderTestShelf, effect: number): Promise<string> {
  const folder = made.folderOf(`killed-at-${effect}`);
  const { signal, output, errors } = await startChild("die-at-effect.ts", folder, String(effect)).ended;
  if (signal !== "SIGKILL") return `it was not killed: ${errors}`;
  const promised = new Set(output.split("\n"));
  if (!promised.has("created") && !existsSync(folder)) return "";
  try {
    const run = made.shelf.open(folder, "write");
    try {
      expect(run.readPlan()).toEqual(planOf(2));
      const journal = run.readJournal();
      expect(journal).toEqual(JOURNAL.slice(0, journal.length));
      expect(journal.length).toBeGreaterThanOrEqual(
        promised.has("published new") ? 2 : promised.has("intended") ? 1 : 0,
      );
      const decisions = run.readDecisions();
      if (decisions !== null || promised.has("decided")) expect(decisions).toEqual(DECISIONS);
      const text = run.readPublished("results.csv");
      expect(
        promised.has("published new")
          ? ["new\r\n"]
          : promised.has("published old")
            ? ["old\r\n", "new\r\n"]
            : [null, "old\r\n"],
      ).toContain(text);
      if (promised.has("ended")) expect(run.readEnd()?.reason).toBe("done");
      return "";
    } finally {
      run.close();
    }
  } catch (error) {
    if (error instanceof BatchError && error.code === "usage" && !promised.has("created")) return "";
    return `effect ${effect}: ${String(error)}`;
  }
}

test("a process killed before any of its effects leaves a whole run or none, and keeps every promise", {
  timeout: 120_000,
}, async () => {
  const made = makeFolderShelf();
  try {
    const { output, errors } = await startChild("die-at-effect.ts", made.folderOf("whole"), "0").ended;
    const effects = Number(/^effects (\d+)$/m.exec(output)?.[1]);
    expect(effects, errors).toBeGreaterThan(40);
    const next = Array.from({ length: effects }, (_, index) => index + 1).values();
    const broken: string[] = [];
    const work = async () => {
      for (const effect of next) broken.push(await findBrokenPromise(made, effect));
    };
    await Promise.all([work(), work(), work()]);
    expect(broken.filter((text) => text !== "")).toEqual([]);
    expect(broken).toHaveLength(effects);
  } finally {
    made.remove();
  }
});
