import { expect, test } from "vitest";
import { performMethods } from "../../../src/adapters/system/perform-methods.ts";

class Counter {
  #count = 0;
  readonly name = "counter";
  add(by: number): number {
    this.#count += by;
    return this.#count;
  }
  read(): number {
    return this.#count;
  }
}

test("performMethods performs the named methods, with their names, and leaves the others alone", () => {
  const effects: string[] = [];
  const counter = performMethods(new Counter(), {
    name: "counter",
    methods: ["add"],
    perform: (effect, act) => {
      effects.push(effect);
      return act();
    },
  });
  expect([counter.add(2), counter.add(3), counter.read(), counter.name]).toEqual([2, 5, 5, "counter"]);
  expect(effects).toEqual(["counter.add", "counter.add"]);
});

test("performMethods does nothing where the effect is not carried out", () => {
  const counter = new Counter();
  const performed = performMethods(counter, {
    name: "counter",
    methods: ["add"],
    perform: () => {
      throw new Error("the machine is dead");
    },
  });
  expect(() => performed.add(1)).toThrow("the machine is dead");
  expect(counter.read()).toBe(0);
});
