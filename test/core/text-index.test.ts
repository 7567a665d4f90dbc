import { expect, test } from "vitest";
import { hashText } from "../../src/core/text-hash.ts";
import { TextIndex } from "../../src/core/text-index.ts";

test("every text is found at its places, in ascending order, among a hundred thousand others", () => {
  const index = new TextIndex();
  for (let place = 0; place < 100_000; place += 1) index.add(`user${place % 60_000}@contoso.example`, place);
  for (const number of [0, 1, 39_999, 40_000, 59_999]) {
    const wanted = number < 40_000 ? [number, number + 60_000] : [number];
    expect(index.find(`user${number}@contoso.example`)).toEqual(wanted);
  }
  expect(index.find("nobody@contoso.example")).toEqual([]);
});

test("an index that was made for fewer texts than come finds all of them", () => {
  for (const expected of [0, 1, 5, 1000]) {
    const index = new TextIndex(expected);
    for (let place = 0; place < 40; place += 1) index.add(`user${place}`, place);
    expect(Array.from({ length: 41 }, (_, place) => index.find(`user${place}`))).toEqual([
      ...Array.from({ length: 40 }, (_, place) => [place]),
      [],
    ]);
  }
});

test("an empty index finds nothing", () => expect(new TextIndex().find("ada")).toEqual([]));

test("texts that differ in one letter hardly ever share a number", () => {
  const numbers = new Set(Array.from({ length: 100_000 }, (_, index) => hashText(`user${index}`)));
  expect(numbers.size).toBeGreaterThan(99_990);
});
