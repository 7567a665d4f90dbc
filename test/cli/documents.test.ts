import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/commands.ts";
import { DOCUMENTS } from "../../src/cli/documents/documents.ts";
import { listSchemaFiles, requireDocument } from "../support/json-schemas.ts";

test.each(COMMANDS.map(({ name }) => name))("what %s prints with --json has a schema", (name) => {
  expect(Object.keys(DOCUMENTS)).toContain(name);
});

test("every schema is that of a command, of help or of an error", () => {
  expect(Object.keys(DOCUMENTS).sort()).toEqual([...COMMANDS.map(({ name }) => name), "help", "error"].sort());
});

test.each(listSchemaFiles())("$name is published as the program has it", ({ name, text }) => {
  expect(existsSync(`schemas/${name}`), "npm run docs writes it").toBe(true);
  expect(readFileSync(`schemas/${name}`, "utf8")).toBe(text);
});

test("no schema is published that is nobody's", () => {
  expect(readdirSync("schemas").sort()).toEqual(
    listSchemaFiles()
      .map(({ name }) => name)
      .sort(),
  );
});

test.each([
  ["a document with a key that nobody has published", "demo", { exitCode: 0, more: 1 }],
  ["a document without a key that was promised", "convert", { values: [] }],
  ["an error without its hint", "plan", { error: { code: "config", message: "no", details: [] } }],
  ["a document of another command", "status", { exitCode: 0 }],
])("%s is found out", (_title, command, document) => {
  expect(() => requireDocument(command, JSON.stringify(document))).toThrow("does not print what its schema says");
});
