/**
 * What every Forest must do, whatever stands behind it.
 *
 * A catalog that overlooks an account makes an ambiguous name look like a clear one, and gives one person another's mail.
 */
import { afterEach, describe, expect, test } from "vitest";
import type { LocatedAccount } from "../../src/core/forest.ts";
import { foldSourceValue, SOURCE_KEYS } from "../../src/core/source-key.ts";
import type { Forest } from "../../src/ports/forest.ts";

export type ForestExpectations = {
  /** NetBIOS names. */
  readonly domains: readonly string[];
  /** `DOMAIN\name` of at least ten accounts; ASCII. */
  readonly accounts: readonly string[];
};

export type OpenedForest = { readonly forest: Forest; readonly expected: ForestExpectations };

/** @param open Opens a new Forest on one and the same world; called once for each test, which closes it. */
export function describeForest(name: string, open: () => Promise<OpenedForest>): void {
  describe(`a forest: ${name}`, () => {
    const opened: Forest[] = [];
    const openOne = async () => {
      const one = await open();
      opened.push(one.forest);
      return one;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((forest) => forest.close()));
    });

    test("says which domains it has, the same at every call", async () => {
      const { forest, expected } = await openOne();
      const identity = await forest.identify(never());
      expect(identity.domains.map(({ domain }) => domain).sort()).toEqual([...expected.domains].sort());
      expect(identity.domains.every(({ dn }) => /^DC=/i.test(dn))).toBe(true);
      expect(await forest.identify(never())).toEqual(identity);
    });

    test("locates every account in its domain, in any letter case, and nobody beside them", async () => {
      const { forest, expected } = await openOne();
      expect(expected.accounts.length).toBeGreaterThanOrEqual(10);
      for (const change of [(name: string) => name, (name: string) => name.toUpperCase()]) {
        const found = await locate(
          forest,
          expected.accounts.map((place) => change(nameOf(place))),
        );
        expect(found.map(placeOf).sort()).toEqual([...expected.accounts].sort());
      }
    });

    test("locates an account by its DN too, and says the value by which it was found", async () => {
      const { forest, expected } = await openOne();
      const [first] = await locate(forest, [nameOf(expected.accounts[0] ?? "")]);
      const dn = first?.dn.toLowerCase() ?? "";
      const found = await forest.locateAccounts("distinguishedName", [dn], never());
      expect(found.map(({ value }) => foldSourceValue("distinguishedName", value))).toEqual([
        foldSourceValue("distinguishedName", dn),
      ]);
    });

    test.each(SOURCE_KEYS)("locates nobody by a %s that nobody has", async (key) => {
      const { forest } = await openOne();
      for (const value of ["", "no.such.value", "no.such@contoso.example", "CN=no such,DC=contoso,DC=example"])
        expect(await forest.locateAccounts(key, [value], never()), value).toEqual([]);
    });

    test("takes nothing in a name for syntax, and finds nothing for no names", async () => {
      const { forest } = await openOne();
      const hostile = [
        "*",
        "a*",
        "*)(objectClass=*",
        "\\2a",
        "\0",
        "",
        "\ud800",
        "x".repeat(70_000),
        "no.such.account",
      ];
      for (const name of hostile)
        expect(await forest.locateAccounts("sAMAccountName", [name], never()), name.slice(0, 40)).toEqual([]);
      expect(await forest.locateAccounts("sAMAccountName", [], never())).toEqual([]);
    });

    test("ends with an error, not with an answer, when it is aborted", async () => {
      const { forest, expected } = await openOne();
      const names = expected.accounts.map(nameOf).slice(0, forest.groupSize);
      await expect(forest.identify(AbortSignal.abort())).rejects.toThrow();
      await expect(forest.locateAccounts("sAMAccountName", names, AbortSignal.abort())).rejects.toThrow();
    });

    test("can be closed twice, used or not", async () => {
      const { forest } = await openOne();
      await forest.close();
      const { forest: used } = await openOne();
      await used.identify(never());
      await Promise.all([used.close(), used.close()]);
    });
  });
}

/** Each name once, as one would ask: two domains may have the same. */
async function locate(forest: Forest, names: readonly string[]): Promise<LocatedAccount[]> {
  const unique = [...new Set(names)];
  const found: LocatedAccount[] = [];
  for (let start = 0; start < unique.length; start += forest.groupSize) {
    const group = unique.slice(start, start + forest.groupSize);
    found.push(...(await forest.locateAccounts("sAMAccountName", group, never())));
  }
  return found;
}

function placeOf({ domain, accountName }: LocatedAccount): string {
  return `${domain.domain}\\${accountName}`;
}

function nameOf(place: string): string {
  return place.slice(place.indexOf("\\") + 1);
}

function never(): AbortSignal {
  return new AbortController().signal;
}
