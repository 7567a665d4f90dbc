import { expect, test } from "vitest";
import type { LogFields } from "../../src/ports/log.ts";
import { identifySources } from "../../src/stages/identify-directories.ts";
import { guidFor } from "../support/facts.ts";
import { SILENT_LOG } from "../support/memory-run.ts";
import { MemoryDirectory, MemoryForest } from "../support/memory-world.ts";

const never = new AbortController().signal;
const identify = (...directories: readonly MemoryDirectory[]) =>
  identifySources({ directories, forests: [], log: SILENT_LOG }, never);

test("identifySources gives each directory and catalog what it said, in the order in which they are configured", async () => {
  const directories = [new MemoryDirectory("OLD", []), new MemoryDirectory("CORP", [])];
  const forests = [new MemoryForest(directories)];
  const told: (string | undefined)[] = [];
  const log = { ...SILENT_LOG, info: (event: string, { server }: LogFields = {}) => told.push(`${event} ${server}`) };
  const sources = await identifySources({ directories, forests, log }, never);
  expect(sources.directories.map(({ directory, identity }) => [directory, identity.domain])).toEqual([
    [directories[0], "OLD"],
    [directories[1], "CORP"],
  ]);
  expect(told).toEqual(["directory memory", "directory memory", "global catalog memory"]);
  expect(sources.forests.map(({ identity }) => identity.domains.map(({ domain }) => domain))).toEqual([
    ["OLD", "CORP"],
  ]);
});

test("identifySources refuses two domains that are called the same, case aside", async () => {
  const twins = identify(
    new MemoryDirectory("CORP", []),
    new MemoryDirectory("OLD", []),
    new MemoryDirectory("corp", []),
  );
  await expect(twins).rejects.toMatchObject({ name: "BatchError", code: "config" });
  await expect(twins).rejects.toThrow(/CORP \(DC=CORP at memory\) and corp \(DC=corp at memory\)/);
});

test("identifySources refuses one domain under two names", async () => {
  const [one, other] = [new MemoryDirectory("CORP", []), new MemoryDirectory("OLD", [])];
  other.domainId = guidFor("CORP");
  await expect(identify(one, other)).rejects.toThrow(/Two entries of directories are one domain/);
});
