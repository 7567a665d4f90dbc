/** An empty shelf in a temporary folder, and programs that use it from a process of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FolderShelf, openRunShelf } from "../../../src/adapters/run-folder/run-shelf.ts";
import type { EmptyShelf } from "../../conformance/run-store.ts";
import { COMPILE_CACHE } from "../../support/small-company.ts";

export function openTestShelf(pid = 4711): FolderShelf {
  return openRunShelf({
    now: () => new Date("2026-11-02T20:15:00.000Z"),
    programVersion: "0.1.0",
    user: "ada",
    host: "adm01",
    pid,
  });
}

export type FolderTestShelf = Omit<EmptyShelf, "shelf"> & { readonly shelf: FolderShelf; readonly base: string };

export function makeFolderShelf(): FolderTestShelf {
  const base = mkdtempSync(join(tmpdir(), "hardmatch-run-"));
  return {
    base,
    shelf: openTestShelf(),
    folderOf: (name) => join(base, name),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

export type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
};

/** A program under `children/`, its first line of output, and its end. */
export type Child = {
  readonly process: ChildProcess;
  readonly firstLine: Promise<string>;
  readonly ended: Promise<Ended>;
};

export function startChild(name: string, ...words: string[]): Child {
  const script = join(import.meta.dirname, "children", name);
  const child = spawn(process.execPath, [script, ...words], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stderr.on("data", (bytes: Buffer) => {
    errors += bytes.toString("utf8");
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString("utf8");
      if (output.includes("\n")) resolve(output.slice(0, output.indexOf("\n")));
    });
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, output, errors }));
  });
  return { process: child, firstLine, ended };
}
