/** Processes that start at once on one run, and how many of them ran. */
import { makeFolderShelf, startChild } from "../adapters/run-folder/folder-shelf.ts";
import { ABOUT, planOf } from "../adapters/run-folder/sample-run.ts";
import type { Chapter } from "./figure.ts";

const AT_ONCE = [2, 2, 2, 10, 10, 50];

export async function tryStarts(note: (text: string) => void): Promise<Chapter> {
  let [starts, notOne] = [0, 0];
  for (const count of AT_ONCE) {
    note(`${count} processes at once`);
    const made = makeFolderShelf();
    try {
      const folder = made.folderOf("run");
      made.shelf.create(folder, planOf(1), ABOUT).close();
      const children = Array.from({ length: count }, () => startChild("hold-run.ts", folder));
      const answers = await Promise.all(children.map(({ firstLine }) => firstLine));
      for (const { process: child } of children) child.stdin?.end();
      await Promise.all(children.map(({ ended }) => ended));
      starts += count;
      if (answers.filter((answer) => answer === "held").length !== 1) notOne += 1;
    } finally {
      made.remove();
    }
  }
  return {
    figures: [
      { what: `processes that started at once on one run (${AT_ONCE.join(", ")})`, value: starts },
      { what: "starts in which not exactly one ran", value: notOne },
    ],
    reports: notOne === 0 ? [] : [`${notOne} times not exactly one process ran`],
  };
}
