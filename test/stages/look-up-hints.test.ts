import { expect, test } from "vitest";
import { describeHint } from "../../src/core/source-hints.ts";
import type { SourceKey } from "../../src/core/source-key.ts";
import { identifySources } from "../../src/stages/identify-directories.ts";
import { MOST_HINTED_ROWS } from "../../src/stages/look-up-hints.ts";
import { resolveUsers } from "../../src/stages/resolve-users.ts";
import { account, mapping } from "../support/facts.ts";
import { SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryDirectory } from "../support/memory-world.ts";

const never = new AbortController().signal;
const CUT = "bartholomew.featherst"; // 21 characters

async function resolve(
  asked: readonly string[],
  directories: readonly MemoryDirectory[],
  sourceKey: SourceKey = "sAMAccountName",
) {
  const mappings = asked.map((name, index) => {
    const [domain = null, value = name] = name.includes("\\") ? name.split("\\") : [null, name];
    return mapping(index + 2, value, { domain });
  });
  const sources = await identifySources({ directories, forests: [], log: SILENT_LOG }, never);
  return await resolveUsers(mappings, sources, { sourceKey, progress: SILENT_PROGRESS, signal: never });
}

const names = [
  "00123",
  "0000000123",
  "00000000123",
  "0456",
  CUT,
  "bartholomew.feathers2",
  "longer.than.twenty.characters",
];
const corp = () =>
  new MemoryDirectory(
    "CORP",
    names.map((name) => account(name)),
  );
const old = () => new MemoryDirectory("OLD", [account("00123", { domain: "OLD" })]);

const cases: readonly [title: string, asked: string, sourceKey: SourceKey, hints: readonly string[]][] = [
  [
    "digits whose zeros were lost, in every domain and padding up to ten digits",
    "123",
    "sAMAccountName",
    ["CORP\\0000000123, CORP\\00123, OLD\\00123 exist: leading zeros were lost"],
  ],
  ["only the row's own domain", "OLD\\123", "sAMAccountName", ["OLD\\00123 exists: leading zeros were lost"]],
  [
    "a name of exactly 20 characters that longer ones begin with, case aside",
    "Bartholomew.Feathers",
    "sAMAccountName",
    [`a longer name exists: CORP\\bartholomew.feathers2, CORP\\${CUT}`],
  ],
  ["nothing for a name of 19 characters", "bartholomew.feather", "sAMAccountName", []],
  ["nothing for a name with a letter among its digits", "12e", "sAMAccountName", []],
  ["nothing for digits that nobody's padded name has", "999", "sAMAccountName", []],
  [
    "a mail address in a column of UPNs",
    "m.00123@contoso.example",
    "userPrincipalName",
    ["it is the mail of CORP\\00123: plan with --source-key mail if the column holds that"],
  ],
  [
    "a UPN in a column of mail addresses",
    "0456@contoso.example",
    "mail",
    ["it is the userPrincipalName of CORP\\0456: plan with --source-key userPrincipalName if the column holds that"],
  ],
];
for (const [title, asked, sourceKey, hints] of cases) {
  test(`a row that finds nobody is told of ${title}`, async () => {
    const directory = new MemoryDirectory(
      "CORP",
      names.map((name) => account(name, { mail: `m.${name}@contoso.example` })),
    );
    const [resolution] = await resolve([asked], [directory, old()], sourceKey);
    expect(resolution?.hints.map(describeHint)).toEqual(hints);
    expect([resolution?.exact, resolution?.near]).toEqual([[], []]);
  });
}

test("what another row has brought to light in another domain is no hint for a row that names its own", async () => {
  const [everywhere, own] = await resolve(["123", "OLD\\123"], [corp(), old()]);
  expect(everywhere?.hints[0]?.accounts).toHaveLength(3);
  expect(own?.hints[0]?.accounts).toEqual(["OLD\\00123"]);
});

test("a row that finds its account is not looked into", async () => {
  const directory = new MemoryDirectory("CORP", [account("123"), account("00123")]);
  const [found] = await resolve(["123"], [directory]);
  expect([found?.exact.length, found?.hints, directory.asked]).toEqual([1, [], [["123"]]]);
});

test("an account that differs by an accent is no trace of a cut name", async () => {
  const directory = new MemoryDirectory("CORP", [account("bartholoméw.featherstone")]);
  const [resolution] = await resolve(["bartholomew.feathers"], [directory]);
  expect(resolution?.hints).toEqual([]);
});

test("only the first rows are looked into, so that a wrong column costs no second plan", async () => {
  const directory = corp();
  directory.groupSize = 10_000;
  const asked = Array.from({ length: MOST_HINTED_ROWS + 5 }, (_, index) => String(500_000 + index));
  await resolve(asked, [directory]);
  const padded = directory.asked.flat().filter((value) => value.startsWith("0"));
  expect(new Set(padded.map((value) => Number(value))).size).toBe(MOST_HINTED_ROWS);
});

test("describeHint names three accounts and counts the others", () => {
  const accounts = ["A\\1", "A\\2", "A\\3", "A\\4", "A\\5"];
  expect(describeHint({ kind: "cut-off", key: "sAMAccountName", accounts })).toBe(
    "a longer name exists: A\\1, A\\2, A\\3 and 2 more",
  );
});
