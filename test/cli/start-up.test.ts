/** How little is loaded before a command begins: what is loaded is what start-up costs, on every machine. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function filesLoadedBy(...words: string[]): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", new URL("count-modules.mjs", import.meta.url).href, here("../../src/bin.ts"), ...words],
    { encoding: "utf8" },
  );
  const files = /^files: (.*)$/m.exec(stdout)?.[1];
  if (files === undefined) throw new Error(stderr);
  return files.split(" ");
}

const isImplementation = (file: string) =>
  file.startsWith("cli/commands/") && !/\/(commands|descriptions)\.ts$/.test(file);

test("--version loads nothing of the program", () => {
  expect(filesLoadedBy("--version")).toEqual(["bin.ts", "version.ts"]);
});

for (const words of [["--help"], ["plan", "--help"]]) {
  test(`${words.join(" ")} loads no command`, () => {
    const files = filesLoadedBy(...words);
    expect(files.filter(isImplementation)).toEqual([]);
    expect(files.length).toBeLessThan(60);
  });
}

test("convert loads itself and no other command", () => {
  const files = filesLoadedBy("convert", "28d6e2d5-6368-4d5a-b671-d52b30172680");
  expect(files.filter(isImplementation)).toEqual(["cli/commands/convert.ts"]);
  expect(files.filter((file) => file.startsWith("adapters/") && !file.startsWith("adapters/system/"))).toEqual([]);
  expect(files.length).toBeLessThan(65);
});
