/** Paths that a shell, a file system or SQLite may stumble over: the whole job works there, or is refused in words. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { warnOfNetwork } from "../../src/cli/network-warning.ts";
import { openScreen } from "../../src/cli/render/screen.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
});
afterEach(() => company.close());

/** The words of the command line that begins so, as a shell of this system takes it apart. */
function wordsOf(stdout: string, command: string): string[] {
  const line = new RegExp(`hardmatch ${command} .*$`, "m").exec(stdout)?.[0] ?? "";
  const [, ...words] = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" })
    .trimEnd()
    .split("\n");
  return words;
}

describe.skipIf(process.platform === "win32")("D28: the whole job in a folder", () => {
  test.each([
    ["with spaces, quotes and a dollar sign", 'runs/a night\'s "run" for $HOME & more'],
    ["with letters of other alphabets", "runs/Zürich 日本 Ωμέγα"],
    ["with a letter that is composed of two", "runs/Zu\u0308rich"],
    ["with what a URL or a shell takes for its own", "runs/100%20?x#y;z*[1]"],
    ["whose path is longer than 260 characters", `runs/${"x".repeat(100)}/${"y".repeat(100)}/${"z".repeat(100)}`],
  ])("%s works, and its commands can be copied from the screen", async (_title, folder) => {
    const planned = await company.run(["plan", company.writeMapping(["ada", "ben"]), "--run", folder]);
    expect(planned.code, planned.stderr).toBe(0);
    const applied = await company.run(wordsOf(planned.stdout, "apply"));
    expect(applied.code, applied.stderr).toBe(0);
    const verified = await company.run(wordsOf(applied.stdout, "verify"));
    expect(verified.code, verified.stderr).toBe(0);
    const back = await company.run([...wordsOf(applied.stdout, "rollback"), "--confirm", "2"]);
    expect(back.code, back.stderr).toBe(0);
    expect(company.held("ada", "ben")).toEqual([null, null]);
  });
});

test("D28: a folder whose path SQLite could not open is refused before anything is made there", async () => {
  const folder = `runs/${Array.from({ length: 6 }, () => "x".repeat(90)).join("/")}`;
  const { code, stderr } = await company.run(["plan", company.writeMapping(["ada"]), "--run", folder]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/path of the run folder is too long: \d+ bytes, .* Nothing was/),
  ]);
  expect(stderr).toContain("--run <folder>");
  expect(existsSync(company.path("runs"))).toBe(false);
});

test("D28: a folder that is there already under a name spelled otherwise is another run's, and refused", async () => {
  mkdirSync(company.path("runs/night"), { recursive: true });
  // Where the file system ignores case, NIGHT is that folder; where it does not, it is a new one.
  const ignoresCase = existsSync(company.path("runs/NIGHT"));
  const { code } = await company.run(["plan", company.writeMapping(["ada"]), "--run", "runs/NIGHT"]);
  expect(code).toBe(ignoresCase ? 2 : 0);
  expect(readdirSync(company.path("runs/night"))).toEqual([]);
});

test("D28: a run folder on a network drive is warned of by its kind, a local one is not", async () => {
  const warn = async (kind: string | null) => {
    let said = "";
    const stderr = new Writable({
      write(chunk, _encoding, done) {
        said += String(chunk);
        done();
      },
    });
    const streams = { stdin: process.stdin, stdout: stderr, stderr };
    const screen = openScreen(streams, { quiet: true, color: false, dumb: true });
    await warnOfNetwork({ screen, findNetworkPlace: async () => kind }, "runs/a");
    return said;
  };
  expect(await warn(null)).toBe("");
  expect(await warn("NFS")).toMatch(
    /^runs\/a lies on a network file system \(NFS\)\. .*from one machine only, .*--run <folder>\.\n$/,
  );
});
