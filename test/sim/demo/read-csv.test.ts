/** The demonstration's own CSV reader, which checks the program's files, reads what RFC 4180 says. */
import { expect, test } from "vitest";
import { readCsv } from "../../../src/sim/demo/read-csv.ts";

const CASES = [
  { name: "plain lines", text: "a,b\n1,2\n", lines: [{ a: "1", b: "2" }] },
  { name: "a byte order mark and CRLF", text: "\uFEFFa,b\r\n1,2\r\n", lines: [{ a: "1", b: "2" }] },
  {
    name: "quotes, commas and line breaks in quotes",
    text: 'a,b\n"x, ""y""","1\r\n2"\n',
    lines: [{ a: 'x, "y"', b: "1\r\n2" }],
  },
  { name: "empty fields", text: "a,b\n,\n", lines: [{ a: "", b: "" }] },
  { name: "a last line without its end", text: "a,b\n1,", lines: [{ a: "1", b: "" }] },
  { name: "a cell guarded from spreadsheets", text: "a,b\n'+x,''y\n", lines: [{ a: "+x", b: "'y" }] },
  { name: "no line at all", text: "a,b\n", lines: [] },
];

for (const { name, text, lines } of CASES) {
  test(`readCsv reads ${name}`, () => {
    expect(readCsv(text)).toEqual(lines);
  });
}
