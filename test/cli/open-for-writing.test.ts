import { expect, test } from "vitest";
import { openForWriting } from "../../src/cli/open-for-writing.ts";
import type { Run, Shelf } from "../../src/cli/program.ts";
import { BatchError } from "../../src/core/errors.ts";

/** A shelf whose folder cannot be opened for writing, and shows itself so to a reader. */
function shelfThat(refuses: BatchError, reader: Pick<Run, "writable" | "heldBy">): Shelf {
  return {
    create: () => {
      throw new Error("nothing is made here");
    },
    open: (_folder, access) => {
      if (access === "write") throw refuses;
      return { ...reader, close: () => undefined } as Run;
    },
  };
}

const disk = new BatchError("disk", "runs/a is read-only: this run cannot go on there.", "Make it writable.");
const cases = [
  { name: "a read-only folder is refused", error: disk, reader: { writable: false, heldBy: null }, code: "refused" },
  { name: "a failing disk stays one", error: disk, reader: { writable: true, heldBy: null }, code: "disk" },
  {
    name: "a run that is held is refused, with the command that shows how far it is",
    error: new BatchError("refused", "Ada works on this run.", "Wait."),
    reader: { writable: false, heldBy: "Ada" },
    code: "refused",
    hint: "Wait until it has ended. To see how far it is: hardmatch status runs/a",
  },
  {
    name: "a run that is refused for another reason is refused as it was",
    error: new BatchError("refused", "run.sqlite is damaged.", "Put back a copy."),
    reader: { writable: true, heldBy: null },
    code: "refused",
    hint: "Put back a copy.",
  },
];

test.each(cases)("$name", ({ error, reader, code, hint = error.hint }) => {
  expect(() => openForWriting(shelfThat(error, reader), "runs/a", { config: undefined })).toThrow(
    expect.objectContaining({ code, hint }),
  );
});
