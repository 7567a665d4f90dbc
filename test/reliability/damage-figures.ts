/** Runs whose files were damaged, and what a reader then saw. */
import {
  cutDatabase,
  cutNeededJournal,
  cutUnsyncedJournal,
  type DamagedRun,
  flipBits,
  makeDamagedRun,
  mixPages,
} from "../adapters/run-folder/damage-run.ts";
import { makeFolderShelf } from "../adapters/run-folder/folder-shelf.ts";
import type { Chapter } from "./figure.ts";

const DAMAGES: readonly { readonly what: string; readonly act: (run: DamagedRun, seed: number) => void }[] = [
  { what: "power lost before the rollback journal was on disk", act: (run) => cutUnsyncedJournal(run, 61) },
  {
    what: "power lost while pages were written, any mixture of old, new and torn",
    act: (run, seed) => mixPages(run, 500, seed),
  },
  { what: "needed rollback journal cut", act: (run) => cutNeededJournal(run, 61) },
  { what: "run.sqlite cut", act: (run) => cutDatabase(run, 131) },
  { what: "bit of run.sqlite flipped", act: (run) => flipBits(run, 41) },
];

export async function tryDamage(seed: number, note: (text: string) => void): Promise<Chapter> {
  const chapters: Chapter[] = [];
  for (const { what, act } of DAMAGES) {
    note(what);
    const made = makeFolderShelf();
    try {
      const run = await makeDamagedRun(made);
      act(run, seed);
      const { tried, whole, refused, wrong } = run.verdicts;
      const value = `${tried} tried: ${whole} at a committed state, ${refused} refused, ${wrong.length} wrong`;
      chapters.push({ figures: [{ what, value }], reports: wrong.map((text) => `${what}: ${text}`) });
    } finally {
      made.remove();
    }
  }
  return { figures: chapters.flatMap(({ figures }) => figures), reports: chapters.flatMap(({ reports }) => reports) };
}
