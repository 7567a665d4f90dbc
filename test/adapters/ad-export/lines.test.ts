import { expect, test } from "vitest";
import { LineCutter } from "../../../src/adapters/ad-export/lines.ts";

function cut(...pieces: readonly string[]) {
  const cutter = new LineCutter("old.ldf");
  const lines = pieces.flatMap((piece) => cutter.push(piece));
  const { lines: last, rest } = cutter.end();
  return { lines: [...lines, ...last], rest };
}

const cases: readonly [title: string, pieces: readonly string[], lines: readonly string[], rest: string][] = [
  ["LF", ["a\nb\n"], ["a", "b"], ""],
  ["CRLF", ["a\r\nb\r\n"], ["a", "b"], ""],
  ["CR", ["a\rb\r"], ["a", "b"], ""],
  ["a CRLF that lies in two pieces", ["a\r", "\nb"], ["a"], "b"],
  ["a CR at the end of a piece that stands alone", ["a\r", "b\r", "\r"], ["a", "b", ""], ""],
  ["empty lines", ["\n\n"], ["", ""], ""],
  ["a last line without an end", ["a\nb"], ["a"], "b"],
  ["nothing", [], [], ""],
];

test.each(cases)("LineCutter cuts at %s", (_title, pieces, lines, rest) => {
  expect(cut(...pieces)).toEqual({ lines, rest });
});

test("LineCutter refuses a line that does not end", () => {
  const piece = "x".repeat(16 * 1024 * 1024);
  expect(() => cut(piece, piece, piece)).toThrow("old.ldf: there is a line of more than 32 million letters");
});
