import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ConfigProblem } from "../../src/cli/config-problems.ts";
import { readBuiltInFlows, readFlowFile } from "../../src/cli/flow-table.ts";
import { BatchError } from "../../src/core/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "hardmatch-flows-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = "source: our rules\nchecked: 2026-10\nflows:\n";
const flow = (text: string) => `  - { ${text} }\n`;
const TITLE = flow("from: title, to: jobTitle, compare: text, whenEmpty: keeps");

function write(text: string | Uint8Array): string {
  const path = join(folder, "attributes.yaml");
  writeFileSync(path, text);
  return path;
}

function refusal(text: string): readonly string[] {
  const path = write(text);
  try {
    readFlowFile(path, []);
  } catch (error) {
    if (error instanceof BatchError && error.code === "config")
      return (error.details ?? []).map((line) => line.replace(`${path}:`, ""));
    throw error;
  }
  return [];
}

test("readFlowFile reads an operator's table, and names it without its folder", () => {
  expect(readFlowFile(write(`${HEAD}${TITLE}`), [])).toEqual({
    file: "attributes.yaml",
    source: "our rules",
    checked: "2026-10",
    flows: [{ from: "title", to: "jobTitle", compare: "text", whenEmpty: "keeps" }],
  });
});

test("readBuiltInFlows reads the table for the default rules, with its source and date", () => {
  const table = readBuiltInFlows();
  expect(table.file).toBeNull();
  expect(table.source).toContain("Microsoft Learn");
  expect(table.flows).toContainEqual({ from: "sn", to: "surname", compare: "text", whenEmpty: "clears" });
});

const refused: readonly (readonly [title: string, text: string, expected: readonly string[]])[] = [
  [
    "an attribute that is not read",
    `${HEAD}${flow("from: titel, to: jobTitle, compare: text, whenEmpty: keeps")}`,
    ["4:7: flows[0].from must be one of"],
  ],
  [
    "a misspelt key",
    `${HEAD}${flow("from: title, too: jobTitle, compare: text, whenEmpty: keeps")}`,
    ["flows[0].to is missing", "4:20: flows[0].too is not a setting; did you mean to?"],
  ],
  ["no flow", "source: our rules\nchecked: 2026-10\nflows: []\n", ["3:1: flows must name at least one flow"]],
  [
    "no date",
    `source: our rules\nchecked: soon\nflows:\n${TITLE}`,
    ["2:1: checked must be a year and a month, such as 2026-11"],
  ],
  ["no source", `checked: 2026-10\nflows:\n${TITLE}`, ["source is missing"]],
  [
    "two flows to one property",
    `${HEAD}${TITLE}${TITLE}`,
    ["5:20: flows[1].to names jobTitle, which a flow above fills already"],
  ],
  [
    "an address that is compared as text",
    `${HEAD}${flow("from: mail, to: mail, compare: text, whenEmpty: keeps")}`,
    ["4:29: flows[0].compare must be address where the flow goes to mail"],
  ],
  [
    "a list that flows into a text",
    `${HEAD}${flow("from: proxyAddresses, to: jobTitle, compare: text, whenEmpty: keeps")}`,
    ["4:7: flows[0].from names proxyAddresses, whose values cannot be compared as text"],
  ],
  [
    "a text that says whether somebody may sign in",
    `${HEAD}${flow("from: title, to: accountEnabled, compare: enabled, whenEmpty: keeps")}`,
    ["4:7: flows[0].from names title, whose values cannot be compared as enabled"],
  ],
  [
    "an alias",
    `${HEAD}  - &a { from: title, to: jobTitle, compare: text, whenEmpty: keeps }\n  - *a\n`,
    ["5:5: aliases (*name) are not understood here; write the value out"],
  ],
  ["no YAML", `${HEAD}  - { from: title`, ["4:"]],
];

test.each(refused)("readFlowFile refuses %s, with its line and column", (_title, text, expected) => {
  const details = refusal(text);
  expect(details).toHaveLength(expected.length);
  for (const words of expected) expect(details.join("\n")).toContain(words);
});

test("readFlowFile leaves it to hardmatch.yaml to say that there is no such file", () => {
  const problems: ConfigProblem[] = [];
  readFlowFile(join(folder, "nowhere.yaml"), problems);
  readFlowFile(folder, problems);
  expect(problems.map(({ path, text }) => `${path.join()} ${text}`)).toEqual([
    expect.stringMatching(/^takeover names a file that cannot be read: .*ENOENT/),
    "takeover names something that is no file",
  ]);
});

test("readFlowFile refuses a table in UTF-16", () => {
  expect(() => readFlowFile(write(Buffer.from(`\uFEFF${HEAD}${TITLE}`, "utf16le")), [])).toThrow(
    /is UTF-16 or no text/,
  );
});
