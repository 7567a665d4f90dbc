import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { divideByInitials, UPN_INITIALS } from "../../src/core/initials.ts";
import { CLOUD_ID } from "../support/facts.ts";

/** As many names as are said, each beginning with one of these characters in turn. */
const named = (initials: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${initials[index % initials.length]}${index}@contoso.example`);
const large = { users: 12_000, pageSize: 999 };

describe("divideByInitials", () => {
  test("puts every character of a UPN into one part, no more than a filter takes, whatever the names", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...UPN_INITIALS, "É", ""), { minLength: 3 }), (initials) => {
        const division = divideByInitials(
          initials.map((initial) => `${initial}x@contoso.example`),
          { users: 1_000_000, pageSize: 999 },
        );
        const parts = division?.parts ?? [UPN_INITIALS];
        expect([...parts.join("")].sort()).toEqual([...UPN_INITIALS].sort());
        expect(division === null || parts.every((part) => part.length <= 15)).toBe(true);
      }),
    );
    expect(new Set(UPN_INITIALS).size).toBe(44);
  });

  test("makes parts that are about equally long, also where a few initials begin most of the names", () => {
    const names = [...named("ABC", 3_000), ...named("m", 2_000), ...named("defghijklnopqrstuvwxyz0", 4_600)];
    const division = divideByInitials(names, large);
    const lengths = division?.parts.map(
      (part) => names.filter((name) => part.includes(name.slice(0, 1).toLowerCase())).length,
    );
    expect(lengths?.reduce((sum, length) => sum + length)).toBe(names.length);
    expect(Math.max(...(lengths ?? []))).toBeLessThan((names.length / 3) * 1.05);
    expect(division?.users).toBe(12_000);
  });

  test("keeps a part to what a filter takes where its fifteen characters begin hardly any name", () => {
    const division = divideByInitials([...named("a", 5_000), ...named("b", 10)], large);
    expect(division?.parts.map((part) => part.length).sort((a, b) => a - b)).toEqual([14, 15, 15]);
    expect(division?.parts.find((part) => part.includes("a"))).toHaveLength(14);
  });

  for (const { title, names, users, divides } of [
    { title: "four pages", names: named("abc", 300), users: 2_998, divides: true },
    { title: "three pages", names: named("abc", 300), users: 2_997, divides: false },
    { title: "names that all begin alike", names: named("u", 300), users: 12_000, divides: false },
    {
      title: "names of which too few begin otherwise",
      names: named(`${"u".repeat(49)}a`, 300),
      users: 12_900,
      divides: false,
    },
    { title: "names of which enough begin otherwise", names: named("uuuuuuua", 300), users: 12_000, divides: true },
    {
      title: "object ids, which do not say how anybody is named",
      names: ["ada", "ben", "cyd", "dee", "eve"].map(CLOUD_ID),
      users: 12_000,
      divides: false,
    },
    { title: "nobody", names: [], users: 12_000, divides: false },
    { title: "names that begin as no UPN does", names: named("éß", 300), users: 12_000, divides: false },
  ] as const)
    test(`${divides ? "divides" : "does not divide"} ${title}`, () => {
      expect(divideByInitials(names, { users, pageSize: 999 }) !== null).toBe(divides);
    });
});
