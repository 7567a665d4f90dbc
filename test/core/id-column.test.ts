import { expect, test } from "vitest";
import { IdColumn } from "../../src/core/id-column.ts";
import { idOf } from "../support/facts.ts";

test("each place gives back the ID that was set there, and none where none was", () => {
  const ids = new IdColumn(4);
  const zero = "AAAAAAAAAAAAAAAAAAAAAA==";
  ids.set(0, idOf("ada"));
  ids.set(2, zero);
  ids.set(3, idOf("dee"));
  expect([0, 1, 2, 3, 4].map((place) => ids.get(place))).toEqual([idOf("ada"), null, zero, idOf("dee"), null]);
});
