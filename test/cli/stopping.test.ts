import { expect, test } from "vitest";
import { createStopping, DRAINING } from "../../src/cli/stopping.ts";

test("the first signal drains, the second aborts, the third ends the process", () => {
  const notes: string[] = [];
  const exits: number[] = [];
  const { stopping, receive } = createStopping(
    (text) => notes.push(text),
    (code) => exits.push(code),
  );
  expect([stopping.exitCode, stopping.drain.aborted, stopping.abort.aborted]).toEqual([null, false, false]);
  receive("SIGTERM");
  expect([stopping.exitCode, stopping.drain.aborted, stopping.abort.aborted]).toEqual([143, true, false]);
  receive("SIGINT");
  expect([stopping.exitCode, stopping.drain.aborted, stopping.abort.aborted]).toEqual([143, true, true]);
  expect(exits).toEqual([]);
  receive("SIGINT");
  expect(exits).toEqual([130]);
  expect(notes).toHaveLength(2);
  expect(stopping.drain.reason).toMatchObject({ code: "interrupted" });
});

test("only where something is kept does a signal speak of going on", () => {
  const hintAfter = (announced: string | null) => {
    const { stopping, receive } = createStopping(
      () => undefined,
      () => undefined,
    );
    if (announced !== null) stopping.announce(announced);
    receive("SIGTERM");
    return stopping.drain.reason.hint;
  };
  expect([hintAfter(null), hintAfter(DRAINING)]).toEqual([
    "Run the same command again.",
    "Run the same command again to go on.",
  ]);
});

test("only where a run is being written does a signal speak of what is under way", () => {
  const say = (announced: string | null) => {
    const notes: string[] = [];
    const { stopping, receive } = createStopping(
      (text) => notes.push(text),
      () => undefined,
    );
    if (announced !== null) stopping.announce(announced);
    receive("SIGINT");
    receive("SIGINT");
    return notes;
  };
  expect(say(null)).toEqual(["SIGINT: stopping.", "Stopping at once."]);
  expect(say(DRAINING)).toEqual([
    expect.stringMatching(/^SIGINT: taking on nothing new, finishing what is under way/),
    expect.stringContaining("recorded as undecided"),
  ]);
});
