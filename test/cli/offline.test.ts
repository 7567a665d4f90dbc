/** Commands that need no run, no directory and no tenant, each in a process of its own. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FINDING_CODES } from "../../src/core/findings.ts";
import { type RunOptions, runProgram } from "../support/small-company.ts";

const folder = mkdtempSync(join(tmpdir(), "hardmatch-offline-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = (words: readonly string[], options: RunOptions = {}) =>
  runProgram(words, { folder, environment: { NO_COLOR: "1" }, options });

describe("help and version", () => {
  test("--help lists every command on stdout and ends with 0", async () => {
    const { code, stdout, stderr } = await run(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of [
      "init",
      "doctor",
      "plan",
      "apply",
      "status",
      "sync",
      "verify",
      "rollback",
      "explain",
      "convert",
      "demo",
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    }
  });

  test("a command's help names its own options and the global ones", async () => {
    const { code, stdout } = await run(["apply", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("--skip-blocked");
    expect(stdout).toContain("--json");
    expect(stdout).not.toContain("--replace");
  });

  test("a command's help groups its options, and ends with lines that can be copied", async () => {
    const { stdout } = await run(["plan", "--help"]);
    const headings = ["What is done:", "How mapping and directory are read:", "What may be overwritten or removed:"];
    const order = [...headings, "Global Options:", "Examples:", "hardmatch plan mapping.csv --limit 5"];
    const places = order.map((text) => stdout.indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((left, right) => left - right));
  });

  test("under --json both are one document", async () => {
    const { version } = JSON.parse((await run(["--json", "--version"])).stdout);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const { code, stdout } = await run(["apply", "--help", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ help: expect.stringContaining("--skip-blocked") });
  });

  test("--version prints the version alone", async () => {
    expect(await run(["--version"])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
  });

  test.each([
    ["--help"],
    ["--version"],
    ["explain", "source-not-found"],
    ["convert", "28d6e2d5-6368-4d5a-b671-d52b30172680"],
  ])("%s loads no sign-in library, no SDK, no LDAP client and no database", async (...words) => {
    const { code, stdout } = await run(words, {
      environment: { NODE_OPTIONS: `--import ${join(import.meta.dirname, "list-loaded-modules.mjs")}` },
    });
    expect(code).toBe(0);
    const loaded = /loaded: (.*)/.exec(stdout)?.[1] ?? "nothing was listed";
    expect(loaded).toContain("node:fs");
    expect(loaded).not.toMatch(/@azure|microsoft-graph|ldapts|sqlite|pino|clack|zod|yaml/);
  });
});

describe("wrong command lines", () => {
  const cases = [
    { name: "no command", words: [], says: "No command was given" },
    { name: "a misspelt command", words: ["aply"], says: "Did you mean apply?" },
    { name: "a misspelt option", words: ["apply", "runs/a", "--confrim", "3"], says: "Did you mean --confirm?" },
    {
      name: "an option of another command",
      words: ["status", "runs/a", "--replace"],
      says: "Unknown option '--replace'",
    },
    { name: "a missing operand", words: ["plan"], says: "Missing required argument 'mapping.csv'" },
    { name: "an operand too many", words: ["status", "runs/a", "runs/b"], says: "Too many arguments" },
    { name: "a count that is none", words: ["plan", "x.csv", "--limit", "many"], says: "whole number of at least 1" },
    {
      name: "an unknown anchor",
      words: ["plan", "x.csv", "--anchor", "sid"],
      says: "auto, objectGUID, mS-DS-ConsistencyGuid",
    },
    { name: "rows that are none", words: ["rollback", "runs/a", "--rows", "17-4"], says: "17,40-52" },
    {
      name: "quiet and verbose",
      words: ["explain", "--quiet", "--verbose"],
      says: "cannot be used with option '--quiet'",
    },
    {
      name: "E02: a secret on the command line",
      words: ["plan", "x.csv", "--password", "x"],
      says: "No secret is taken on the command line",
    },
    { name: "a run that is not there", words: ["status", "runs/none"], says: "There is no run folder runs/none" },
  ];
  test.each(cases)("$name ends with 2 and says what to do", async ({ words, says }) => {
    const { code, stdout, stderr } = await run(words);
    expect(stderr).toContain(says);
    expect([code, stdout]).toEqual([2, ""]);
  });

  test("an error under --json is one document on stdout", async () => {
    const { code, stdout } = await run(["aply", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "usage",
        message: "Unknown command 'aply'.",
        hint: "Did you mean apply? See: hardmatch --help",
        details: [],
      },
    });
  });

  test("E07: NODE_TLS_REJECT_UNAUTHORIZED=0 is refused before anything is done", async () => {
    const { code, stderr } = await run(["explain"], { environment: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
    expect(code).toBe(2);
    expect(stderr).toContain("NODE_TLS_REJECT_UNAUTHORIZED=0 is set");
  });

  test("text from outside is shown, not obeyed", async () => {
    const { stderr } = await run(["status", "runs/\u001b[2J\u202eevil"]);
    expect(stderr).toContain("runs/<U+001B>[2J<U+202E>evil");
  });
});

describe("explain", () => {
  test("without a code lists every finding and every exit code", async () => {
    const { code, stdout } = await run(["explain"]);
    expect(code).toBe(0);
    for (const finding of FINDING_CODES) expect(stdout).toContain(`  ${finding} `);
    expect(stdout).toMatch(/^ +143 {2}Stopped by SIGTERM/m);
  });

  test("a finding is explained in full", async () => {
    const { code, stdout } = await run(["explain", "Source-Not-Found", "--json"]);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      "code",
      "severity",
      "says",
      "asWarning",
      "why",
      "mend",
      "source",
      "checked",
      "mending",
    ]);
  });

  test.each(["rollback-drift", "rollback-taken-over", "rollback-unconfirmed"])(
    "%s says that its row is left alone",
    async (code) => {
      expect((await run(["explain", code])).stdout).toContain("severity  warn: the row is left alone");
    },
  );

  test("what may go wrong in a cutover is explained with the next step", async () => {
    expect(await run(["explain", "duplicate-made"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("next   Take the AD account out of the sync scope"),
    });
  });

  test("a number is an exit code", async () => {
    expect(await run(["explain", "7"])).toMatchObject({ code: 0, stdout: expect.stringContaining("Refused") });
  });

  test("an unknown code names the nearest and ends with 2", async () => {
    const { code, stderr } = await run(["explain", "sorce-not-fund"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean source-not-found?");
  });
});

describe("convert", () => {
  const forms = {
    guid: "28d6e2d5-6368-4d5a-b671-d52b30172680",
    immutableId: "1eLWKGhjWk22cdUrMBcmgA==",
    hexBytes: "d5e2d62868635a4db671d52b30172680",
    ldapFilter: "(objectGUID=\\d5\\e2\\d6\\28\\68\\63\\5a\\4d\\b6\\71\\d5\\2b\\30\\17\\26\\80)",
  };
  test("every form leads to all four", async () => {
    const values = [
      ...Object.values(forms),
      "{28D6E2D5-6368-4D5A-B671-D52B30172680}",
      "0xD5E2D628 68635A4D B671D52B 30172680",
      "'1eLWKGhjWk22cdUrMBcmgA==",
    ];
    const { code, stdout } = await run(["convert", "--json", ...values]);
    expect(code).toBe(0);
    for (const found of JSON.parse(stdout).values) expect(found).toMatchObject(forms);
    expect(JSON.parse(stdout).values.map(({ form }: { form: string }) => form)).toEqual([
      "GUID",
      "immutable ID",
      "hex bytes",
      "LDAP filter",
      "GUID",
      "hex bytes",
      "immutable ID",
    ]);
  });

  test("values come from stdin when there are no arguments", async () => {
    const { code, stdout } = await run(["convert"], { input: `\r\n${forms.guid}\r\n${forms.immutableId}\n` });
    expect(code).toBe(0);
    expect(stdout.match(/1eLWKGhjWk22cdUrMBcmgA==/g)).toHaveLength(2);
  });

  test("all values that are none are named at once, and do not hold back the others", async () => {
    const values = ["convert", forms.guid, "abc", "1eLWKGhjWk22cdUrMBcmgB==", "d5e2"];
    const { code, stdout, stderr } = await run(values);
    expect(code).toBe(2);
    expect(stdout).toContain(forms.immutableId);
    const document = JSON.parse((await run([...values, "--json"])).stdout);
    expect(document.values).toMatchObject([forms]);
    expect(document.problems).toHaveLength(3);
    expect(stderr).toContain('"abc": it is no GUID');
    expect(stderr).toContain('"1eLWKGhjWk22cdUrMBcmgB==": it is base64 of 16 bytes, but not written canonically');
    expect(stderr).toContain('"d5e2": it has 2 bytes');
    expect(stderr).not.toContain(forms.guid);
  });

  test("without a good value prints nothing on stdout", async () => {
    expect(await run(["convert", "abc"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/Give a GUID with dashes, an immutable ID .*, 32 hex digits, or LDAP filter bytes/),
    });
  });
});

test("demo --serve says before and at Ctrl-C that its folder goes, and how to keep it", async () => {
  let sent = false;
  const { code, stderr } = await run(["demo", "--serve", "--json"], {
    watch: (seen, kill) => {
      if (sent || !seen.includes("Ctrl-C ends")) return;
      sent = true;
      kill("SIGINT");
    },
  });
  expect(code).toBe(130);
  const [before, after] = stderr.split("SIGINT: ending the simulation: ");
  for (const said of [before, after]) expect(said).toContain("are removed; --keep <dir> would keep them");
});

test("a broken pipe on stdout ends the display and not the command", async () => {
  writeFileSync(join(folder, "values"), `${"28d6e2d5-6368-4d5a-b671-d52b30172680\n".repeat(20_000)}`);
  const program = new URL("../../src/bin.ts", import.meta.url).pathname;
  const { spawnSync } = await import("node:child_process");
  const script = `("${process.execPath}" "${program}" convert < values; echo "code $?" >&2) | head -n 1`;
  const { stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" });
  expect(stdout).toContain("28d6e2d5");
  expect(stderr).toBe("code 0\n");
});

describe("demo", () => {
  test.each([
    ["a folder that holds something", ".", / is not empty\. Nothing was started\.$/],
    ["a file", "mine.txt", / is not a folder\. Nothing was started\.$/],
  ])("--keep with %s is refused as every error is, and leaves it as it was", async (_title, name, message) => {
    const folder = mkdtempSync(join(tmpdir(), "hardmatch-keep-"));
    try {
      writeFileSync(join(folder, "mine.txt"), "mine");
      const { code, stdout } = await run(["demo", "--keep", join(folder, name), "--json"]);
      expect([code, JSON.parse(stdout).error]).toMatchObject([2, { message: expect.stringMatching(message) }]);
      expect(readdirSync(folder)).toEqual(["mine.txt"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
