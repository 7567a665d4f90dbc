/** The simulation as a process of its own: it says where it listens and never outlives who started it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import type { Announcement } from "../../../src/sim/serve.ts";

const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function serve(...words: string[]) {
  const child = spawn(process.execPath, [resolve("src/sim/serve.ts"), ...words], { stdio: ["pipe", "pipe", "ignore"] });
  children.push(child);
  const ended = new Promise<number | null>((settle) => child.once("close", settle));
  return { child, ended };
}

async function readAnnouncement(child: ReturnType<typeof serve>["child"]): Promise<Announcement> {
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error("no announcement");
}

const ENDINGS: { readonly name: string; end(child: ReturnType<typeof serve>["child"]): void }[] = [
  { name: "the end of its input", end: (child) => child.stdin.end() },
  { name: "SIGTERM", end: (child) => child.kill("SIGTERM") },
];

for (const { name, end } of ENDINGS) {
  test(`serve says where it listens, writes the folder and ends on ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "hardmatch-serve-"));
    folders.push(folder);
    const { child, ended } = serve("--demo", "--folder", folder);
    const { control, directories, endpoint, environment } = await readAnnouncement(child);
    expect(directories.map(({ domain }) => domain)).toEqual(["CORP", "EU"]);
    expect(await (await fetch(`${control}/_control/ledger`)).json()).toEqual({ entries: [], requestCounts: {} });
    expect(readdirSync(folder).sort()).toEqual(["hardmatch.yaml", "mappings"]);
    const configuration = readFileSync(join(folder, "hardmatch.yaml"), "utf8");
    expect(configuration).toContain(endpoint);
    for (const secret of Object.values(environment)) expect(configuration).not.toContain(secret);
    end(child);
    expect(await ended).toBe(0);
  });
}

test("serve without a world, and with two, is a usage error", async () => {
  expect(await Promise.all([serve().ended, serve("world.json", "--demo").ended])).toEqual([2, 2]);
});
