import { expect, test } from "vitest";
import { type DirectorySource, type FileSource, LIVE } from "../../src/core/directory-source.ts";
import type { LogFields } from "../../src/ports/log.ts";
import { identifySources } from "../../src/stages/identify-directories.ts";
import { guidFor } from "../support/facts.ts";
import { SILENT_LOG } from "../support/memory-run.ts";
import { MemoryDirectory, MemoryForest } from "../support/memory-world.ts";

const never = new AbortController().signal;
const EXPORT: FileSource = {
  ...{ kind: "file", name: "old.csv", users: 2, modifiedAt: "2026-11-20T08:00:00.000Z" },
  ...{ format: "csvde", encoding: "UTF-8", unknown: [] },
};
/** A directory with this base DN. */
const placed = (domain: string, baseDn: string, source: DirectorySource = LIVE) =>
  Object.assign(new MemoryDirectory(domain, []), { baseDn, source });
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

test("identifySources refuses a live directory and an export of the same domain", async () => {
  const live = placed("CORP", "dc=Corp, DC=example");
  const twins = identify(live, placed("OLD", "OU=People,DC=corp,DC=example", EXPORT));
  await expect(twins).rejects.toThrow(/Two entries of directories are one domain/);
});

const exportOf = (domain: string, label: string) => placed(domain, `DC=${label},DC=example`, EXPORT);

test("identifySources refuses exports that stand under each other's domain", async () => {
  const swapped = identify(exportOf("CORP", "old"), exportOf("OLD", "corp"));
  await expect(swapped).rejects.toMatchObject({
    code: "config",
    hint: expect.stringMatching(/entries CORP and OLD of directories/),
  });
  await expect(swapped).rejects.toThrow(/The export of CORP, memory, holds accounts of DC=old,DC=example/);
  await expect(identify(exportOf("CORP", "old"), new MemoryDirectory("OLD", []))).rejects.toThrow(/domain of another/);
});

test.each([
  ["as the DNS name begins", exportOf("CORP", "corp"), exportOf("OLD", "old")],
  ["as no domain is called in DNS", exportOf("NTDOM1", "corp"), exportOf("OLD", "old")],
])("identifySources takes exports of domains that are called %s", async (_title, one, other) => {
  expect((await identify(one, other)).directories).toHaveLength(2);
});
