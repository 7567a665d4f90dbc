/** A file export as a directory: the conformance suite for every form, which domain it is, and when it is read again. */
import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { guidOfDomainSid } from "../../../src/adapters/ad-export/collect-accounts.ts";
import { openExportDirectory } from "../../../src/adapters/ad-export/export-directory.ts";
import { PROFILE_ATTRIBUTES } from "../../../src/core/ad-account.ts";
import type { FileSource } from "../../../src/core/directory-source.ts";
import { describeDirectory } from "../../conformance/directory.ts";
import { encodeUtf16, encodeWindows1252 } from "../../support/ad-exports/exported-entry.ts";
import { writeCsvde } from "../../support/ad-exports/write-csvde.ts";
import { writeExportCsv } from "../../support/ad-exports/write-export-csv.ts";
import { writeLdifde } from "../../support/ad-exports/write-ldifde.ts";
import { BASE_DN, DOMAIN_SID, ENTRIES, EXPECTED, HEAD, HEAD_GUID, USER_ENTRIES } from "./exported-company.ts";

const folder = mkdtempSync(join(tmpdir(), "hardmatch-exports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;
let files = 0;

function openOn(content: string | Buffer, name = "old-domain-users.csv") {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return { path, directory: openExportDirectory({ domain: "OLD", path }) };
}

async function sourceOf(content: string | Buffer): Promise<FileSource> {
  const { source } = await openOn(content).directory.identify(never);
  if (source.kind !== "file") throw new Error("an export is no file");
  return source;
}

const forms: readonly [title: string, content: string | Buffer][] = [
  ["LDIF of ldifde -u", writeLdifde(ENTRIES, { unicode: true })],
  ["LDIF of ldifde in ANSI", writeLdifde(ENTRIES, { unicode: false })],
  ["csvde -u", writeCsvde(ENTRIES, { unicode: true })],
  ["csvde in ANSI", writeCsvde(ENTRIES, { unicode: false })],
  ["Export-Csv in UTF-8 with a mark", `\uFEFF${writeExportCsv(ENTRIES.slice(1))}`],
  [
    "Export-Csv in UTF-16 with a type line and tabs",
    encodeUtf16(writeExportCsv(ENTRIES.slice(1), { typeLine: true, delimiter: "\t" })),
  ],
  [
    "Export-Csv with semicolons and hexadecimal bytes",
    writeExportCsv(ENTRIES.slice(1), { delimiter: ";", bytes: "hex" }),
  ],
  ["Export-Csv with hyphenated bytes", writeExportCsv(ENTRIES.slice(1), { bytes: "hyphens" })],
  ["Export-Csv with bytes as numbers", writeExportCsv(ENTRIES.slice(1), { bytes: "numbers" })],
];

for (const [title, content] of forms) {
  describeDirectory(title, async () => ({ directory: openOn(content).directory, expected: EXPECTED }));
}

describe("every form", () => {
  test("gives the same accounts", async () => {
    const names = USER_ENTRIES.map(({ attributes }) => String(attributes.sAMAccountName?.[0]));
    const found = await Promise.all(
      forms.map(async ([, content]) => {
        const accounts = await openOn(content).directory.findAccounts("sAMAccountName", names, never);
        return accounts.map(({ consistencyGuid, proxyAddresses, ...account }) => ({
          ...account,
          consistencyGuid: consistencyGuid === null ? null : Buffer.from(consistencyGuid).toString("hex"),
          proxyAddresses: [...proxyAddresses].sort(),
        }));
      }),
    );
    expect(found[0]).toHaveLength(USER_ENTRIES.length);
    expect(found[0]?.[0]).toMatchObject({
      protectedAccount: true,
      objectSid: `${DOMAIN_SID}-1104`,
      sidHistory: ["S-1-5-21-1-2-3-500", "S-1-5-21-1-2-3-501"],
      employeeId: "0",
      surname: "Smith",
    });
    for (const accounts of found) expect(accounts).toEqual(found[0]);
  });
});

describe("identify", () => {
  test("takes the domain's id from its head where that was exported", async () => {
    for (const content of [
      writeLdifde([HEAD, ...ENTRIES], { unicode: true }),
      writeCsvde([...ENTRIES, HEAD], { unicode: true }),
    ]) {
      expect(await openOn(content).directory.identify(never)).toMatchObject({ domainId: HEAD_GUID, baseDn: BASE_DN });
    }
  });

  test("makes the domain's id of its SID where the head was not exported, the same from every form", async () => {
    expect(guidOfDomainSid(DOMAIN_SID)).toBe("ba48ef72-b43f-86ca-8c38-a4d39bbc9f22");
    for (const [, content] of forms) {
      expect((await openOn(content).directory.identify(never)).domainId).toBe(guidOfDomainSid(DOMAIN_SID));
    }
    expect(guidOfDomainSid(`${DOMAIN_SID}1`)).not.toBe(guidOfDomainSid(DOMAIN_SID));
  });

  test("says that the directory is a file, of when, and how it was read", async () => {
    const { path, directory } = openOn(writeCsvde(ENTRIES, { unicode: true }), "old.csv");
    utimesSync(path, new Date("2026-11-20T08:00:00Z"), new Date("2026-11-20T08:00:00Z"));
    const name = `${files}-old.csv`;
    expect(await directory.identify(never)).toEqual({
      ...{ domain: "OLD", domainId: guidOfDomainSid(DOMAIN_SID), baseDn: BASE_DN, server: name },
      source: {
        ...{ kind: "file", name, users: USER_ENTRIES.length, modifiedAt: "2026-11-20T08:00:00.000Z" },
        ...{ format: "csvde", encoding: "UTF-16", unknown: [] },
      },
    });
  });

  test("reads the file again when it has changed, and only then", async () => {
    const { path, directory } = openOn(writeExportCsv(USER_ENTRIES.slice(0, 3)));
    const first = await directory.identify(never);
    expect(await directory.identify(never)).toBe(first);
    expect(await directory.findAccounts("sAMAccountName", ["Ada.0"], never)).toEqual([]);
    appendFileSync(path, writeExportCsv(USER_ENTRIES.slice(5, 6)).split("\r\n").slice(1).join("\r\n"));
    expect(await directory.findAccounts("sAMAccountName", ["Ada.0"], never)).toEqual([]);
    await directory.identify(never);
    expect(await directory.findAccounts("sAMAccountName", ["Ada.0"], never)).toHaveLength(1);
  });

  test("tries again after a file that was refused", async () => {
    const { path, directory } = openOn("not an export\n");
    await expect(directory.identify(never)).rejects.toMatchObject({ code: "input" });
    writeFileSync(path, writeExportCsv(USER_ENTRIES));
    expect(await directory.identify(never)).toMatchObject({ baseDn: BASE_DN });
  });
});

test("a DN that csvde has escaped like a value is the same DN", async () => {
  const content = writeCsvde(USER_ENTRIES.slice(0, 1), { unicode: false }).toString("latin1");
  const doubled = content.replace("CN=Smith\\, Ada \\\\ 0", "CN=Smith\\\\, Ada \\\\\\\\ 0");
  expect(doubled).not.toBe(content);
  for (const text of [content, doubled]) {
    const found = await openOn(text).directory.findAccounts("distinguishedName", [USER_ENTRIES[0]?.dn ?? ""], never);
    expect(found.map(({ dn }) => dn)).toEqual([USER_ENTRIES[0]?.dn]);
  }
});

test("a name is offered also where only accents differ, as a Windows DC does", async () => {
  const { directory } = openOn(writeExportCsv(USER_ENTRIES));
  const found = await directory.findAccounts("sAMAccountName", ["jose.nandu"], never);
  expect(found.map(({ accountName }) => accountName)).toEqual(["josé.ñandú"]);
});

describe("what an export does not hold", () => {
  const without = (...names: readonly string[]) =>
    USER_ENTRIES.slice(10, 20).map(({ dn, attributes }) => ({
      dn,
      attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name))),
    }));
  const unused = ["mS-DS-ConsistencyGuid", "adminCount", "sIDHistory"];

  test("is nothing where every user shows that all attributes were exported", async () => {
    for (const content of [writeLdifde(without(), { unicode: true }), writeCsvde(without("mail"), { unicode: true })])
      expect((await sourceOf(content)).unknown).toEqual([]);
  });

  test("is every attribute that no entry has, where one user does not show it", async () => {
    const [first, ...rest] = without();
    const { codePage: _, ...attributes } = first?.attributes ?? {};
    const entries = [{ dn: first?.dn ?? "", attributes }, ...rest];
    expect((await sourceOf(writeLdifde(entries, { unicode: true }))).unknown).toEqual([
      ...unused,
      ...PROFILE_ATTRIBUTES,
    ]);
    expect((await sourceOf(writeCsvde(without("countryCode", "mail"), { unicode: true }))).unknown).toEqual([
      ...unused,
      "mail",
      ...PROFILE_ATTRIBUTES,
    ]);
  });

  test("is an attribute without a column, in a table of PowerShell", async () => {
    const text = writeExportCsv(USER_ENTRIES);
    expect((await sourceOf(text)).unknown).toEqual([...PROFILE_ATTRIBUTES]);
    expect((await sourceOf(text.replace("mS-DS-ConsistencyGuid", "anchor"))).unknown).toEqual([
      "mS-DS-ConsistencyGuid",
      ...PROFILE_ATTRIBUTES,
    ]);
    const { unknown } = await sourceOf(text.replace("userAccountControl", "control"));
    expect(unknown).toEqual(["userAccountControl", ...PROFILE_ATTRIBUTES]);
  });

  test("is what PowerShell has replaced by the name of a type", async () => {
    const { unknown } = await sourceOf(writeExportCsv(USER_ENTRIES, { bytes: "none" }));
    expect(unknown).toEqual(["mS-DS-ConsistencyGuid", "sIDHistory", "proxyAddresses", ...PROFILE_ATTRIBUTES]);
  });

  test("is no gap where Enabled stands for userAccountControl, and Surname for sn", async () => {
    const text = writeExportCsv(USER_ENTRIES.slice(0, 2))
      .replace("userAccountControl", "Enabled")
      .replace('"514"', '"False"')
      .replace('"512"', '"True"');
    expect((await sourceOf(text)).unknown).toEqual([...PROFILE_ATTRIBUTES]);
    const found = await openOn(text).directory.findAccounts("sAMAccountName", EXPECTED.awkwardNames, never);
    expect(found.map(({ disabled, surname }) => [disabled, surname])).toEqual([
      [true, "Smith"],
      [false, "Smith"],
    ]);
  });
});

test("a file in Windows-1252 is used while no name that decides is outside ASCII", async () => {
  const ascii = USER_ENTRIES.filter(({ attributes }) => /^[ -~]*$/.test(String(attributes.sAMAccountName?.[0])));
  const text = writeExportCsv(ascii.slice(0, 3)).replaceAll('"Smith"', '"Muñoz"');
  const { directory } = openOn(encodeWindows1252(text));
  expect((await directory.identify(never)).source).toMatchObject({ encoding: "Windows-1252" });
  const [found] = await directory.findAccounts("sAMAccountName", ["#r&d!{~}"], never);
  expect(found?.surname).toBe("Muñoz");
});
