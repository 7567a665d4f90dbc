/** What makes Entra refuse the takeover of rows that write into AD, which write nothing to the user. */
import { expect, test } from "vitest";
import type { Side } from "../../../src/core/change.ts";
import { TAKEOVER_CHECKS } from "../../../src/core/checks/takeover-checks.ts";
import {
  AD_GUID,
  account,
  anchorOf,
  batchOf,
  CLOUD_ID,
  cloudUser,
  mapping,
  type SmallWorld,
} from "../../support/facts.ts";

const people = ["ada", "ben", "cyd", "dee", "eve"];

/** The first so many people, who move from OLD to CORP: their users carry the objectGUID that they have there. */
const moving = (count: number, writeTo: Side = "ad"): SmallWorld => {
  const names = people.slice(0, count);
  return {
    accounts: names.map((name) => account(name)),
    users: names.map((name) => cloudUser(name, { immutableId: anchorOf(name, "OLD") })),
    mappings: names.map((name, at) => mapping(at + 2, name, { writeTo })),
    takeover: {
      federatedDomains: new Set(["contoso.example"]),
      objectIdentifiers: new Map(names.map((name) => [CLOUD_ID(name), AD_GUID(`OLD${name}`)])),
    },
  };
};
const carries = (name: string) => `carries ${AD_GUID(`OLD${name}`)}`;
const identifiersOf = (world: SmallWorld) => [...TAKEOVER_CHECKS["target-object-identifier-set"].find(batchOf(world))];

for (const [count, counted, more] of [
  [1, "1 user", ""],
  [3, "3 users", ""],
  [4, "4 users", " and 1 more"],
  [5, "5 users", " and 2 more"],
] as const) {
  test(`of ${counted} with the identifier of another account three are named at most${more}`, () => {
    const [found, ...others] = identifiersOf(moving(count));
    expect(others).toEqual([]);
    expect(found?.rows).toEqual(Array.from({ length: count }, (_, at) => at + 2));
    const named = people.slice(0, Math.min(count, 3)).map((name, at) => `row ${at + 2} ${carries(name)}`);
    const start = `${counted} of this plan: ${named.join(", ")}${more}; ways out: `;
    expect(found?.detail.slice(0, start.length)).toBe(start);
  });
}

test("where an action was chosen that is not allowed, the row says so by itself", () => {
  expect(identifiersOf({ ...moving(2), options: { onConflict: ["clear-object-identifier"] } })).toEqual(
    people.slice(0, 2).map((name, at) => ({
      rows: [at + 2],
      detail: `${carries(name)}; nothing is done about it: clear-object-identifier was chosen but is not named in --allow`,
    })),
  );
});

for (const [side, expected] of [
  ["ad", []],
  ["cloud", ["contoso.example is federated"]],
] as const) {
  test(`of a federated domain a row that writes to ${side} says: ${expected.join() || "nothing"}`, () => {
    const found = TAKEOVER_CHECKS["target-federated"].find(batchOf(moving(1, side)));
    expect(Array.from(found, ({ detail }) => detail)).toEqual(expected);
  });
}
