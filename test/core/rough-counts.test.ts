import { expect, test } from "vitest";
import { RoughCounts } from "../../src/core/rough-counts.ts";

test("a rough count is never too low, and of most texts it is right", () => {
  const counts = new RoughCounts(10_000);
  const timesOf = (index: number) => (index % 100 === 0 ? 5 : 1);
  for (let index = 0; index < 10_000; index += 1)
    for (let time = 0; time < timesOf(index); time += 1) counts.add(`user${index}`);
  const all = Array.from({ length: 10_000 }, (_, index) => ({
    is: timesOf(index),
    most: counts.atMostAt(counts.placeOf(`user${index}`)),
  }));
  expect(all.filter(({ is, most }) => most < is)).toEqual([]);
  expect(all.filter(({ is, most }) => is === 1 && most > 3).length).toBeLessThan(100);
});

test("counts beyond a byte stay at its end", () => {
  const counts = new RoughCounts(1);
  for (let time = 0; time < 1000; time += 1) counts.add("ada");
  expect(counts.atMostAt(counts.add("ada"))).toBe(255);
});
