import fc from "fast-check";
import { expect, test } from "vitest";
import { type Guid, parseGuid } from "../../src/core/guid.ts";
import { GuidSet } from "../../src/core/guid-set.ts";
import { guidFor } from "../support/facts.ts";
import { findTwoOfOneNumber } from "../support/two-of-one-number.ts";

const [ADA, BEN, CYD] = ["ada", "ben", "cyd"].map(guidFor) as [Guid, Guid, Guid];

test("a set of GUIDs has what came, each once and in that order, however many were announced", () => {
  const guid = fc.uuid().map((text) => parseGuid(text) as Guid);
  fc.assert(
    fc.property(fc.array(guid, { maxLength: 60 }), fc.array(guid), fc.nat(40), (come, others, atMost) => {
      const twice = [...come, ...come.toReversed()];
      const set = new GuidSet(atMost);
      const plain = new Set<Guid>();
      for (const each of twice) {
        set.add(each);
        plain.add(each);
      }
      expect([set.size, [...set]]).toEqual([plain.size, [...plain]]);
      for (const each of [...twice, ...others]) expect(set.has(each)).toBe(plain.has(each));
      for (const [place, each] of [...plain].entries()) expect(set.at(place)).toBe(each);
    }),
  );
});

test("two that have one number in the index are two", () => {
  const [one, other] = findTwoOfOneNumber((count) => guidFor(String(count)));
  const set = new GuidSet();
  set.add(one);
  expect(set.has(other)).toBe(false);
  set.add(other);
  expect([...set]).toEqual([one, other]);
});

test("nothing is announced unless told", () => {
  const set = new GuidSet();
  for (const each of [ADA, BEN, ADA]) set.add(each);
  expect([[...set], set.has(CYD)]).toEqual([[ADA, BEN], false]);
});

test.each([2, 3, -1])("there is nothing at place %i of two", (place) => {
  const set = new GuidSet(100);
  set.add(ADA);
  set.add(BEN);
  expect(() => set.at(place)).toThrow(new RangeError(`there are 2 GUIDs, and none at ${place}`));
});
