import { expect, test } from "vitest";
import { createStopping } from "../../src/cli/stopping.ts";

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
