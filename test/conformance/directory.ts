/**
 * What every Directory must do, whatever stands behind it.
 *
 * A directory that finds the wrong account, or loses one without a word, gives one person another's mail. An
 * implementation proves that it does neither by passing this suite over a world of at least 350 users.
 */
import { afterEach, describe, expect, test } from "vitest";
import type { AdAccount, AdAccountKind } from "../../src/core/ad-account.ts";
import { type Guid, guidFromBytes, guidToBytes, parseGuid } from "../../src/core/guid.ts";
import { readSourceValue, SOURCE_KEYS, type SourceKey } from "../../src/core/source-key.ts";
import type { Directory } from "../../src/ports/directory.ts";

export type ExpectedUser = {
  readonly accountName: string;
  /** The stored bytes in base64, from a source that shares no code with the directory under test. */
  readonly objectGuidBase64: string;
  readonly consistencyGuidBase64: string | null;
  readonly disabled: boolean;
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly proxyAddresses: readonly string[];
};

export type DirectoryExpectations = {
  /** NetBIOS name. */
  readonly domain: string;
  /** At least 350, among them {@link awkwardNames}; one without and one with 16 and one with 20 bytes of consistency GUID. */
  readonly users: readonly ExpectedUser[];
  /** Names of users with parentheses, an apostrophe and letters beyond ASCII. */
  readonly awkwardNames: readonly string[];
  readonly others: readonly { readonly accountName: string; readonly kind: AdAccountKind }[];
};

export type OpenedDirectory = { readonly directory: Directory; readonly expected: DirectoryExpectations };

const UNUSED_VALUES: Readonly<Record<SourceKey, string>> = {
  sAMAccountName: "no.such.account",
  userPrincipalName: "no.such.account@contoso.example",
  mail: "no.such.account@contoso.example",
  distinguishedName: "CN=no such account,DC=fabrikam,DC=example",
  objectGUID: "00000000-1111-4222-8333-444444444444",
};

/**
 * @param name Of the implementation, for the titles.
 * @param open Opens a new Directory on one and the same world; called once for each test, which closes it.
 */
export function describeDirectory(name: string, open: () => Promise<OpenedDirectory>): void {
  describe(`a directory: ${name}`, () => {
    const opened: Directory[] = [];
    const openOne = async () => {
      const { directory, expected } = await open();
      opened.push(directory);
      return { directory, expected };
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((directory) => directory.close()));
    });

    test("says which domain it is, the same at every call", async () => {
      const { directory, expected } = await openOne();
      const identity = await directory.identify(never());
      expect(identity.domain).toBe(expected.domain);
      expect(parseGuid(identity.domainId)).toBe(identity.domainId);
      expect(identity.baseDn).toMatch(/^\w+=/);
      expect(await directory.identify(never())).toEqual(identity);
    });

    test("finds every user once, with the bytes and texts as stored", async () => {
      const { directory, expected } = await openOne();
      expect(expected.users.length).toBeGreaterThanOrEqual(350);
      const found = await findInGroups(directory, namesOf(expected.users));
      expect(found.map(describeAccount).sort(byName)).toEqual([...expected.users].sort(byName));
      expect(new Set(found.map(({ kind, domain }) => `${kind} of ${domain}`))).toEqual(
        new Set([`user of ${expected.domain}`]),
      );
    });

    test("gives a consistency GUID as it is: none, 16 bytes, or any other number", async () => {
      const { directory, expected } = await openOne();
      const lengths = (await findInGroups(directory, namesOf(expected.users))).map(
        ({ consistencyGuid }) => consistencyGuid?.length ?? null,
      );
      expect(new Set(lengths)).toEqual(new Set([null, 16, 20]));
    });

    test("finds a name in any letter case and spells it as the directory does", async () => {
      const { directory, expected } = await openOne();
      const spelled = namesOf(expected.users).filter(isAscii).slice(0, 40);
      for (const change of [upperCase, lowerCase]) {
        const found = await findInGroups(directory, spelled.map(change));
        expect(found.map(({ accountName }) => accountName).sort()).toEqual([...spelled].sort());
      }
    });

    test("finds each awkward name, alone, and nobody else with it", async () => {
      const { directory, expected } = await openOne();
      expect(expected.awkwardNames.join("")).toMatch(/\(.*\).*'|'.*\(.*\)/);
      expect(expected.awkwardNames.every(isAscii)).toBe(false);
      for (const awkward of expected.awkwardNames) {
        const found = await directory.findAccounts("sAMAccountName", [awkward], never());
        expect(found.map(({ accountName }) => accountName)).toEqual([awkward]);
      }
    });

    test("B01: takes nothing in a name for syntax", async () => {
      const { directory, expected } = await openOne();
      const [known = ""] = namesOf(expected.users);
      const hostile = [
        ...[
          "*",
          "**",
          `${known.slice(0, -1)}*`,
          `*${known.slice(1)}`,
          "ada*",
          "(",
          ")",
          "\\",
          "\\2a",
          "%2a",
          "&",
          "|",
          "!",
        ],
        ...[
          `${known})(objectClass=*`,
          "*)(objectClass=*",
          `${known})(|(sAMAccountName=*`,
          "\0",
          `${known}\0`,
          `\0${known}`,
        ],
        ...["", "no.such.account", "\ud800", "\ufeff", "x".repeat(70_000), "__proto__", "constructor"],
      ];
      for (const name of hostile)
        expect(await directory.findAccounts("sAMAccountName", [name], never()), name.slice(0, 40)).toEqual([]);
      const found = await findInGroups(directory, [...hostile, known]);
      expect(found.map(({ accountName }) => accountName)).toEqual([known]);
    });

    test("finds nothing for no names, and one account for a name given twice", async () => {
      const { directory, expected } = await openOne();
      const [known = ""] = namesOf(expected.users);
      expect(await directory.findAccounts("sAMAccountName", [], never())).toEqual([]);
      expect(await directory.findAccounts("sAMAccountName", [known, known], never())).toHaveLength(1);
    });

    test("says of what kind an account is that is no user", async () => {
      const { directory, expected } = await openOne();
      expect(expected.others.length).toBeGreaterThan(0);
      const found = await findInGroups(directory, namesOf(expected.others));
      const kinds = found.map(({ accountName, kind }) => ({ accountName, kind }));
      expect(kinds.sort(byName)).toEqual([...expected.others].sort(byName));
    });

    test.each(SOURCE_KEYS)(
      "finds every account again by its %s, and nobody for a value that nobody has",
      async (key) => {
        const { directory, expected } = await openOne();
        const accounts = await findInGroups(directory, namesOf(expected.users));
        const values = accounts.flatMap((account) => readSourceValue(account, key) ?? []);
        expect(values.length).toBeGreaterThan(300);
        const again = await findInGroups(directory, [...values, UNUSED_VALUES[key]], key);
        const holders = accounts.filter((account) => readSourceValue(account, key) !== null);
        expect([...again].sort(byGuid)).toEqual([...holders].sort(byGuid));
        expect(await directory.findAccounts(key, [UNUSED_VALUES[key]], never())).toEqual([]);
      },
    );

    test("finds a UPN, a mail address, a DN and a GUID however they are written", async () => {
      const { directory, expected } = await openOne();
      const [account] = await directory.findAccounts("sAMAccountName", [expected.awkwardNames[0] ?? ""], never());
      if (account === undefined) throw new Error("the first awkward name is not found");
      const spellings: readonly [SourceKey, string][] = [
        ["userPrincipalName", (account.userPrincipalName ?? "").toUpperCase()],
        ["mail", (account.mail ?? "").toUpperCase()],
        ["distinguishedName", account.dn.toLowerCase()],
        ["objectGUID", account.objectGuid.toUpperCase()],
        ["objectGUID", `{${account.objectGuid}}`],
      ];
      for (const [key, value] of spellings) {
        const found = await directory.findAccounts(key, [value], never());
        expect(
          found.map(({ objectGuid }) => objectGuid),
          `${key} ${value}`,
        ).toEqual([account.objectGuid]);
      }
    });

    test.each(SOURCE_KEYS)(
      "takes nothing in a value of %s for syntax, and finds nothing for what is none",
      async (key) => {
        const { directory } = await openOne();
        const hostile = [
          "*",
          "a*",
          "*)(objectClass=*",
          "\\2a",
          "\0",
          "",
          "\ud800",
          "x".repeat(70_000),
          "CN=",
          "CN=*",
          "{}",
        ];
        for (const value of hostile) {
          expect(await directory.findAccounts(key, [value], never()), `${key} ${value.slice(0, 40)}`).toEqual([]);
        }
      },
    );

    test("finds the names that begin with a text, in any case, and takes nothing in it for syntax", async () => {
      const { directory, expected } = await openOne();
      const name =
        expected.users.map(({ accountName }) => accountName).find((text) => text.length > 5 && isAscii(text)) ?? "";
      const beginning = name.slice(0, -1);
      const all = [...expected.users, ...expected.others].map(({ accountName }) => accountName);
      const wanted = all.filter((text) => text.toLowerCase().startsWith(beginning.toLowerCase()));
      for (const text of [beginning, beginning.toUpperCase()]) {
        const found = await directory.findNamesBeginningWith([text, text], never());
        expect([...found].sort()).toEqual([...wanted].sort());
      }
      for (const text of ["", "*", "no.such.account", `${beginning}*`, "\0", "\ud800", "x".repeat(70_000)]) {
        expect(await directory.findNamesBeginningWith([text], never()), text.slice(0, 40)).toEqual([]);
      }
      expect(await directory.findNamesBeginningWith([], never())).toEqual([]);
    });

    test("answers more searches at once than it says it likes", async () => {
      const { directory, expected } = await openOne();
      const names = namesOf(expected.users).slice(0, directory.concurrency * 3);
      const found = await Promise.all(
        names.map((account) => directory.findAccounts("sAMAccountName", [account], never())),
      );
      expect(found.map((accounts) => accounts[0]?.accountName)).toEqual(names);
    });

    test("ends with an error, not with an answer, when it is aborted before or meanwhile", async () => {
      const { directory, expected } = await openOne();
      const names = namesOf(expected.users).slice(0, directory.groupSize);
      await expect(directory.findAccounts("sAMAccountName", names, AbortSignal.abort())).rejects.toThrow();
      await expect(directory.identify(AbortSignal.abort())).rejects.toThrow();
      const stop = new AbortController();
      const searching = directory.findAccounts("sAMAccountName", names, stop.signal);
      stop.abort();
      await expect(searching).rejects.toThrow();
      expect(await directory.findAccounts("sAMAccountName", names.slice(0, 1), never())).toHaveLength(1);
    });

    test("can be closed twice, used or not", async () => {
      const { directory } = await openOne();
      await directory.close();
      await directory.close();
      const { directory: used } = await openOne();
      await used.identify(never());
      await Promise.all([used.close(), used.close()]);
      await used.close();
    });

    test("finds who holds a source anchor, as objectGUID or as 16 bytes of consistency GUID, and nobody else", async () => {
      const { directory, expected } = await openOne();
      const byGuid = expected.users.slice(-3);
      const byAnchor = expected.users.filter(({ consistencyGuidBase64 }) => consistencyGuidBase64?.length === 24);
      const asked = new Set([
        ...byGuid.map(({ objectGuidBase64 }) => objectGuidBase64),
        ...byAnchor.map(({ consistencyGuidBase64 }) => consistencyGuidBase64 ?? ""),
        "AAAAAAAAAAAAAAAAAAAAAA==",
      ]);
      const found = await directory.findAnchorHolders(asked, never());
      const shown = found.map(({ domain, accountName, objectGuid }) =>
        [domain, accountName, toBase64(guidToBytes(objectGuid))].join(),
      );
      const wanted = new Map([...byGuid, ...byAnchor].map((user) => [user.objectGuidBase64, user]));
      expect(shown.sort()).toEqual(
        Array.from(wanted.values(), (user) => [expected.domain, user.accountName, user.objectGuidBase64].join()).sort(),
      );
      expect(await directory.findAnchorHolders(new Set(), never())).toEqual([]);
    });

    test("can be written to through its side, or says that nobody can", async () => {
      const { directory, expected } = await openOne();
      const guids = expected.users.slice(0, 5).map(({ objectGuidBase64 }) => toGuid(objectGuidBase64));
      const writable = await directory.findWritable([...guids, toGuid("AAAAAAAAAAAAAAAAAAAAAA==")], never());
      if (directory.side === null) {
        expect(writable).toEqual([]);
        return;
      }
      expect([...writable].sort()).toEqual([...guids].sort());
      for (const user of expected.users.slice(0, 5)) {
        const objectId = toGuid(user.objectGuidBase64);
        const name = `${expected.domain}\\${user.accountName}`;
        const held = { objectId, name, value: user.consistencyGuidBase64, synced: false };
        expect(await directory.side.readValue(objectId, never())).toEqual(held);
      }
      expect(await directory.side.readValue(toGuid("AAAAAAAAAAAAAAAAAAAAAA=="), never())).toBeNull();
    });
  });
}

function toGuid(base64: string): Guid {
  const guid = guidFromBytes(Buffer.from(base64, "base64"));
  if (guid === null) throw new Error(`${base64} is no GUID`);
  return guid;
}

async function findInGroups(
  directory: Directory,
  values: readonly string[],
  key: SourceKey = "sAMAccountName",
): Promise<AdAccount[]> {
  const found: AdAccount[] = [];
  for (let start = 0; start < values.length; start += directory.groupSize) {
    found.push(...(await directory.findAccounts(key, values.slice(start, start + directory.groupSize), never())));
  }
  return found;
}

function describeAccount(account: AdAccount): ExpectedUser {
  const { accountName, disabled, userPrincipalName, displayName, consistencyGuid } = account;
  return {
    ...{ accountName, disabled, userPrincipalName, displayName },
    objectGuidBase64: toBase64(guidToBytes(account.objectGuid)),
    consistencyGuidBase64: consistencyGuid === null ? null : toBase64(consistencyGuid),
    proxyAddresses: [...account.proxyAddresses].sort(),
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function namesOf(accounts: readonly { readonly accountName: string }[]): string[] {
  return accounts.map(({ accountName }) => accountName);
}

function byName(one: { readonly accountName: string }, other: { readonly accountName: string }): number {
  return one.accountName < other.accountName ? -1 : 1;
}

function byGuid(one: { readonly objectGuid: Guid }, other: { readonly objectGuid: Guid }): number {
  return one.objectGuid < other.objectGuid ? -1 : 1;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function isAscii(name: string): boolean {
  return Array.from(name).every((letter) => letter < "\u0080");
}

function upperCase(name: string): string {
  return name.toUpperCase();
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}
