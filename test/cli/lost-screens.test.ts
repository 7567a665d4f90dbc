/** Whatever becomes of the screen, the run goes on to its end and its record is whole. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

const NAMES = ["ada", "ben", "cyd", "dee", "eve"] as const;

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
  await company.run(["plan", company.writeMapping(NAMES), "--replace", "--run", "runs/a"]);
});
afterEach(async () => {
  await company.close();
});

/** Runs a line of shell in which `$0 $1` is the program. @returns Its output, and what the program's exit code file holds. */
async function runInShell(line: string, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn("sh", ["-c", line, process.execPath, company.program], {
    cwd: company.folder,
    env: { ...company.environment, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  return { stdout, stderr, code: Number(readFileSync(company.path("code"), "utf8")) };
}

const expectWholeRun = () => {
  expect(company.held(...NAMES)).toEqual(NAMES.map(idOf));
  const [, ...lines] = readFileSync(company.path("runs/a/results.csv"), "utf8").trimEnd().split("\r\n");
  expect(lines.map((line) => line.includes(",verified,"))).toEqual([true, true, true, true, true, true]);
};

const APPLY = '"$0" "$1" apply runs/a --confirm 5';

describe.skipIf(process.platform === "win32")("D19: an apply", () => {
  test.each([
    ["whose stdout is a pipe that nobody reads to its end", `{ ${APPLY}; echo $? > code; } | head -c 1`],
    ["whose stderr is a pipe that nobody reads to its end", `{ ${APPLY} 3>&1 1>&2 2>&3; echo $? > code; } | head -c 1`],
    ["both of whose outputs are a pipe that is closed at once", `{ ${APPLY} 2>&1; echo $? > code; } | true`],
    ["whose stdout is closed", `${APPLY} >&-; echo $? > code`],
    ["whose stderr is closed", `${APPLY} 2>&-; echo $? > code`],
    ["all of whose streams are closed", `${APPLY} <&- >&- 2>&-; echo $? > code`],
    ["whose stdout is a full disk", `${APPLY} > /dev/full; echo $? > code`],
    ["whose reader is slow", `{ ${APPLY} --verbose 2>&1; echo $? > code; } | { sleep 3; cat; }`],
  ])("%s goes on to its end with a whole record", async (_title, line) => {
    const { code } = await runInShell(line);
    expect(code).toBe(0);
    expectWholeRun();
  });

  test.each([
    ["dumb", {}],
    ["xterm-256color", {}],
  ])("without a terminal and with TERM=%s prints no control characters", async (TERM) => {
    const { code, stdout, stderr } = await runInShell(`${APPLY}; echo $? > code`, { TERM, NO_COLOR: "" });
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(stderr).toMatch(/^canary: 3 in /m);
    expectWholeRun();
  });

  test("on a terminal with TERM=dumb overwrites no line", async () => {
    const words = `"${process.execPath}" "${company.program}" apply runs/a --confirm 5`;
    const { code, stdout } = await runInShell(`script -qec '${words}; echo $? > code' /dev/null`, { TERM: "dumb" });
    expect(code).toBe(0);
    expect(stdout).toContain("canary: 3 in ");
    expect(stdout).not.toContain("\u001b");
    expectWholeRun();
  });
});

test("D19: a slow reader gets a JSON document of many pages whole", async () => {
  const rows = Array.from({ length: 900 }, (_, index) => `nobody${index},nobody${index}@contoso.example`);
  company.write("mappings/many.csv", `sAMAccountName,userPrincipalName\n${rows.join("\n")}\n`);
  const line = '{ "$0" "$1" plan mappings/many.csv --json; echo $? > code; } | { sleep 3; cat; }';
  const { stdout, code } = await runInShell(line);
  expect(code).toBe(3);
  expect(stdout.length).toBeGreaterThan(100_000);
  expect(JSON.parse(stdout).blockedRows).toHaveLength(900);
});
