/** The demonstration as a whole: two at once, and what it says of a program that does not do what is announced. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { describeShell } from "../../../src/sim/demo/serve-demo.ts";
import { type DemoRequest, runDemo } from "../../../src/sim/demo.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-demo-test-"));
  folders.push(folder);
  return folder;
}

async function play(request: Partial<DemoRequest> = {}): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  const code = await runDemo({
    programPath: resolve("src/bin.ts"),
    execPath: process.execPath,
    serve: false,
    keep: null,
    signal: new AbortController().signal,
    write: (part) => {
      text += part;
    },
    ...request,
  });
  return { code, text };
}

/** The folder that the demonstration says it works in. */
const folderIn = (text: string): string => /^ {2}folder +(.+)$/m.exec(text)?.[1] ?? "";

/** A program of its own making: does what the words of `script` do, and nothing else. */
function fakeProgram(script: string): string {
  const path = join(makeFolder(), "fake.mjs");
  writeFileSync(path, script);
  return path;
}

test("two demonstrations at once hold every check; one keeps its files, the other leaves nothing", async () => {
  const keep = join(makeFolder(), "kept");
  const [kept, removed] = await Promise.all([play({ keep }), play()]);
  expect(kept.text).not.toContain("✗");
  expect([kept.code, removed.code]).toEqual([0, 0]);
  expect(readdirSync(join(keep, "runs")).sort()).toEqual(["first-look", "night", "way-back"]);
  expect(existsSync(folderIn(removed.text))).toBe(false);
}, 240_000);

test("a program that ends with another exit code than announced ends the demonstration with 1", async () => {
  const { code, text } = await play({ programPath: fakeProgram("process.exitCode = 5;") });
  expect(text).toContain("not so: exit code 3");
  expect(code).toBe(1);
});

test("a program that writes during a plan is found by the ledger", async () => {
  const programPath = fakeProgram(`
    import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
    const endpoint = /endpoint: (\\S+)/.exec(readFileSync("hardmatch.yaml", "utf8"))[1];
    const headers = { authorization: "Bearer " + process.env.HARDMATCH_ACCESS_TOKEN, "content-type": "application/json" };
    const { value } = await (await fetch(endpoint + "/v1.0/users?$top=1", { headers })).json();
    const body = JSON.stringify({ onPremisesImmutableId: "AAAAAAAAAAAAAAAAAAAAAA==" });
    await fetch(endpoint + "/v1.0/users/" + value[0].id, { method: "PATCH", headers, body });
    const run = process.argv[process.argv.indexOf("--run") + 1];
    mkdirSync(run, { recursive: true });
    writeFileSync(run + "/plan.csv", "row,action,findings\\r\\n");
    process.exitCode = 3;
  `);
  const { code, text } = await play({ programPath });
  expect(text).toContain("not so: the tenant's own ledger shows no write by plan");
  expect(text).toContain("row 3: expected set, found no such row");
  expect(code).toBe(1);
});

test("a served simulation answers until it is stopped, and its folder is gone then", async () => {
  const stop = new AbortController();
  let served = "";
  const { code } = await play({
    serve: true,
    signal: stop.signal,
    write: (part) => {
      served += part;
      if (part.includes("Ctrl-C")) stop.abort();
    },
  });
  expect(code).toBe(0);
  expect(served).toContain("hardmatch plan mappings/example.csv");
  expect(existsSync(folderIn(served))).toBe(false);
});

test("a served simulation has a Cloud Sync that waits until the program starts it as it would a real one", async () => {
  const stop = new AbortController();
  const served = Promise.withResolvers<string>();
  let text = "";
  const ended = play({
    serve: true,
    signal: stop.signal,
    write: (part) => {
      text += part;
      if (part.includes("Ctrl-C")) served.resolve(text);
    },
  });
  const shown = await served.promise;
  try {
    const environment = Object.fromEntries(
      [...shown.matchAll(/^ {2}export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(shown).toMatch(/^ {2}hardmatch sync\n {2}hardmatch verify <run> --wait-for-sync 5m$/m);
    const sync = () =>
      promisify(execFile)(process.execPath, [resolve("src/bin.ts"), "sync"], {
        cwd: folderIn(shown),
        env: { ...process.env, ...environment },
      });
    expect((await sync()).stdout).toMatch(/^Cloud Sync corp\.contoso\.example .* was paused; started\.$/m);
    expect((await sync()).stdout).toMatch(/^Cloud Sync corp\.contoso\.example .* was active; runs by itself/m);
  } finally {
    stop.abort();
    await ended;
  }
});

test("describeShell quotes what a shell would take apart", () => {
  const place = { execPath: "/o'neil/node", programPath: "/bin.js", folder: "/a b", environment: {} };
  expect(describeShell(place, { TOKEN: "$x" }, "linux")).toEqual([
    "cd '/a b'",
    "export TOKEN='$x'",
    `hardmatch() { '/o'\\''neil/node' '/bin.js' "$@"; }`,
  ]);
  expect(describeShell(place, { TOKEN: "$x" }, "win32")).toEqual([
    "Set-Location '/a b'",
    "$env:TOKEN = '$x'",
    "function hardmatch { & '/o''neil/node' '/bin.js' @args }",
  ]);
});
