import { expect, test } from "vitest";
import { mergePages } from "../../../src/adapters/graph/merge-pages.ts";

async function collect(pages: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** Pages, each after as many turns of the event loop; the end of the reading is noted. */
async function* listing(name: string, turns: readonly number[], ended: string[]) {
  try {
    for (const [index, wait] of turns.entries()) {
      for (let turn = 0; turn < wait; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (wait < 0) throw new Error(`${name} is lost`);
      yield `${name}${index}`;
    }
  } finally {
    ended.push(name);
  }
}

test("pages of several listings come as they are there, each listing in its own order", async () => {
  const merged = await collect(
    mergePages([listing("a", [9, 9], []), listing("b", [1, 1, 1], []), listing("c", [], [])]),
  );
  expect(merged).toEqual(["b0", "b1", "b2", "a0", "a1"]);
  expect(await collect(mergePages([]))).toEqual([]);
});

test("one listing that fails ends all, and no other is read further", async () => {
  const ended: string[] = [];
  const merged = mergePages([listing("a", [1, -1], ended), listing("b", [1, 3, 3, 3], ended)]);
  await expect(collect(merged)).rejects.toThrow("a is lost");
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toEqual(["a", "b"]);
});

test("whoever stops listening stops every listing", async () => {
  const ended: string[] = [];
  for await (const page of mergePages([listing("a", [1, 1], ended), listing("b", [2, 1], ended)]))
    if (page === "a0") break;
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(ended.sort()).toEqual(["a", "b"]);
});
