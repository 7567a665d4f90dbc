import { expect, test } from "vitest";
import { createLineDecoder, unitsOf } from "../../../src/adapters/csv/line-decoder.ts";
import { TEXT_ENCODINGS, type TextEncoding } from "../../../src/core/text-encodings.ts";

/** The decoder's whole answer to some bytes. */
function read(encoding: TextEncoding, bytes: readonly number[]) {
  const decoder = createLineDecoder(encoding);
  const line = Buffer.from(bytes);
  return decoder.decode(line) ?? decoder.locate(line);
}

const ascii = (text: string): number[] => [...Buffer.from(text, "latin1")];

const cases: readonly (readonly [TextEncoding, readonly number[], ReturnType<typeof read>])[] = [
  ["utf-8", [0x6a, 0xc3, 0xa9], "j\u00E9"],
  ["utf-8", [...ascii("jos"), 0xe9, 0x2c], { before: "jos", byte: 0xe9 }],
  ["utf-8", [0xc3, 0xa9, 0xed, 0xa0, 0x80], { before: "\u00E9", byte: 0xed }],
  ["utf-8", [...ascii("a"), 0xf0, 0x9f, 0x99], { before: "a", byte: 0xf0 }],
  ["windows-1252", [0x80, 0x93, 0xe9], "\u20AC\u201C\u00E9"],
  ["windows-1251", [0xe9], "\u0439"],
  ["windows-1253", [...ascii("ab"), 0xe1, 0xaa, 0x63], { before: "ab\u03B1", byte: 0xaa }],
  ["iso-8859-1", [0x80, 0xe9], "\u0080\u00E9"],
  ["iso-8859-15", [0xa4, 0xe9], "\u20AC\u00E9"],
  ["utf-16le", [0x61, 0x00, 0x3d, 0xd8], "a\uD83D"],
  ["utf-16be", [0x00, 0x61, 0xd8, 0x3d, 0xde, 0x42], "a\u{1F642}"],
  ["utf-16le", [0x61, 0x00, 0x62], { before: "a", byte: 0x62 }],
  ["shift_jis", [0x83, 0x7c, 0x7c], "\u30DD|"],
  ["shift_jis", [0x61, 0x83], { before: "a", byte: 0x83 }],
  ["gb18030", [0xd6, 0xd0], "\u4E2D"],
];

for (const [encoding, bytes, text] of cases)
  test(`${encoding} reads ${Buffer.from(bytes).toString("hex")} as ${JSON.stringify(text)}`, () =>
    expect(read(encoding, bytes)).toEqual(text));

test("A03: no byte becomes U+FFFD in any encoding, and every encoding has the letters of ASCII", () => {
  for (const encoding of TEXT_ENCODINGS) {
    const decoder = createLineDecoder(encoding);
    const { unitBytes, bigEndian } = unitsOf(encoding);
    for (let byte = 0; byte < 256; byte += 1) {
      const bytes = unitBytes === 1 ? [byte] : bigEndian ? [0, byte] : [byte, 0];
      const text = decoder.decode(Buffer.from(bytes));
      expect([encoding, byte, text]).not.toContain("\uFFFD");
      const printable = byte >= 0x20 && byte < 0x7f;
      if (printable) expect([encoding, text]).toEqual([encoding, String.fromCharCode(byte)]);
      if (text === null) expect(decoder.locate(Buffer.from(bytes))).toEqual({ before: "", byte });
    }
  }
});

test("a mark inside the text stays what it is", () => {
  expect(read("windows-1252", [0xef, 0xbb, 0xbf])).toBe("\u00EF\u00BB\u00BF");
  expect(read("utf-8", [0xef, 0xbb, 0xbf])).toBe("\uFEFF");
});
