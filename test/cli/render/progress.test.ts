import { expect, test } from "vitest";
import { createProgress } from "../../../src/cli/render/progress.ts";
import type { Line, Screen } from "../../../src/cli/render/screen.ts";

function watch(live: boolean) {
  const notes: Line[] = [];
  const shown: (string | null)[] = [];
  let nowMs = 0;
  const unused = () => {
    throw new Error("progress does nothing but show");
  };
  const screen: Screen = {
    interactive: false,
    live,
    note: (...lines) => notes.push(...lines),
    showProgress: (text) => shown.push(text),
    print: unused,
    printRaw: unused,
    noteRaw: unused,
    complain: unused,
    readLines: unused,
    ask: unused,
    askHidden: unused,
  };
  const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs, sleep: unused };
  return {
    notes,
    shown,
    progress: createProgress(screen, clock),
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("on a terminal one line is kept up to date, with rate and time left", () => {
  const { shown, notes, progress, pass } = watch(true);
  const stage = progress.begin("writing", 100);
  pass(4_000);
  stage.advance(40);
  pass(10);
  stage.advance(1);
  expect(shown).toEqual(["writing: 0 of 100", "writing: 40 of 100, 10/s, 6 s left"]);
  stage.end();
  expect(shown.at(-1)).toBeNull();
  expect(notes).toEqual(["writing: 41 of 100 in 4.0 s"]);
});

test("two stages share the line", () => {
  const { shown, progress } = watch(true);
  progress.begin("reading AD accounts", 5);
  progress.begin("reading the recycle bin", null);
  expect(shown.at(-1)).toBe("reading AD accounts: 0 of 5 · reading the recycle bin");
});

test("a stage without a total that counted nothing shows no count", () => {
  const { notes, progress, pass } = watch(false);
  const stage = progress.begin("proving that rollback works", null);
  pass(1_200);
  stage.end();
  expect(notes).toEqual(["proving that rollback works: took 1.2 s"]);
});

test("elsewhere there is a line every ten seconds and one at the end", () => {
  const { shown, notes, progress, pass } = watch(false);
  const stage = progress.begin("writing", 30);
  for (let count = 0; count < 30; count += 1) {
    pass(1_000);
    stage.advance(1);
  }
  stage.end();
  stage.end();
  expect(shown).toEqual([]);
  expect(notes).toEqual([
    "writing: 10 of 30, 1.0/s, 20 s left",
    "writing: 20 of 30, 1.0/s, 10 s left",
    "writing: 30 of 30, 1.0/s",
    "writing: 30 in 30.0 s",
  ]);
});
