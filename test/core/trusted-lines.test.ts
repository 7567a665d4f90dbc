import { describe, expect, test } from "vitest";
import type { MissingLines, ResultLine } from "../../src/core/result-line.ts";
import { listTrustedLines } from "../../src/core/trusted-lines.ts";
import { CLOUD_ID } from "../support/facts.ts";
import { resultLine } from "../support/result-line.ts";

function line(row: number, step: number, action: ResultLine["action"]): ResultLine {
  return resultLine(row, {
    step,
    account: "ada",
    action,
    objectId: CLOUD_ID("ada"),
    userPrincipalName: "ada@contoso.example",
    immutableId: null,
    writtenAt: null,
    verifiedAt: null,
  });
}

const gapAfter = (afterRow: number | null): MissingLines => ({
  first: 3,
  last: 4,
  total: 9,
  afterRow,
  beforeRow: null,
});

describe("listTrustedLines", () => {
  for (const [title, lines, damaged, missing, rows] of [
    ["takes every line of a whole file", [line(2, 1, "set"), line(3, 1, "clear")], [], [], [2, 3]],
    [
      "leaves out each step of a row with a damaged line",
      [line(2, 1, "clear"), line(2, 2, "set"), line(3, 1, "set")],
      [2],
      [],
      [3],
    ],
    ["leaves out a row that may go on in the gap", [line(2, 1, "set"), line(3, 1, "clear")], [], [gapAfter(3)], [2]],
    ["leaves out a row whose purge stands before the gap", [line(3, 1, "purge")], [], [gapAfter(3)], []],
    [
      "keeps a row whose last step stands before the gap",
      [line(3, 1, "clear"), line(3, 2, "set")],
      [],
      [gapAfter(3)],
      [3, 3],
    ],
    [
      "keeps a row whose last step stands before the gap, in whatever order its lines stand",
      [line(3, 2, "set"), line(3, 1, "clear")],
      [],
      [gapAfter(3)],
      [3, 3],
    ],
    [
      "looks at the row before the gap alone, whatever other rows end with",
      [line(3, 1, "set"), line(4, 2, "purge")],
      [],
      [gapAfter(3)],
      [3, 4],
    ],
    [
      "leaves out the row before the gap, whatever other rows end with",
      [line(3, 1, "purge"), line(4, 2, "set")],
      [],
      [gapAfter(3)],
      [4],
    ],
    ["keeps every line where the row before the gap has none", [line(3, 1, "set")], [], [gapAfter(2)], [3]],
    ["keeps what follows a gap at the start", [line(3, 1, "set")], [], [gapAfter(null)], [3]],
  ] as const) {
    test(title, () => {
      const problems = damaged.map((row) => ({ line: row, row, problem: "its check does not fit" }));
      expect(listTrustedLines({ lines, damaged: problems, missing }).lines.map(({ row }) => row)).toEqual([...rows]);
    });
  }

  test("says of everything that is not known what it is, missing lines first", () => {
    const damaged = [
      { line: 7, row: 5, problem: "its check does not fit" },
      { line: 8, row: null, problem: "a quote in it is never closed" },
    ];
    expect(listTrustedLines({ lines: [line(3, 1, "clear")], damaged, missing: [gapAfter(3)] }).unread).toEqual([
      "lines 3 to 4 of 9 are missing, after a line of row 3: what stood there is not known",
      "row 3 may go on in the missing lines, so it is left out",
      "line 7, row 5: its check does not fit",
      "line 8: a quote in it is never closed",
    ]);
  });

  test("says nothing of rows that are kept, and of a row without a line before the gap only what is missing", () => {
    for (const missing of [gapAfter(null), gapAfter(2), gapAfter(3)]) {
      const { unread } = listTrustedLines({ lines: [line(3, 1, "set")], damaged: [], missing: [missing] });
      expect(unread).toHaveLength(1);
    }
  });
});
