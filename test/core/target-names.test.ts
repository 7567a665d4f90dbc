import { expect, test } from "vitest";
import { namesOfTargets, TargetNames } from "../../src/core/target-names.ts";
import { CLOUD_ID, mapping } from "../support/facts.ts";
import { findTwoOfOneNumber } from "../support/two-of-one-number.ts";

// Made anew for each test, so that a test is known to reach what makes it.
const open = () => new TargetNames(["Ada@Contoso.example", CLOUD_ID("ben").toUpperCase(), `{${CLOUD_ID("cyd")}}`]);

test.each([
  ["by a UPN in another case", "nobody", "ADA@contoso.example", true],
  ["by an id in capitals", "ben", "other@contoso.example", true],
  ["by an id in braces", "cyd", "other@contoso.example", true],
  ["by neither", "ada", "dee@contoso.example", false],
])("a user is named %s", (_, id, upn, isNamed) => {
  expect(open().has(CLOUD_ID(id), upn)).toBe(isNamed);
});

test("a user whose UPN only looks like a name to a table of numbers is not named", () => {
  const [one, other] = findTwoOfOneNumber((count) => `person${count}@contoso.example`);
  const named = new TargetNames([one]);
  expect([named.has(CLOUD_ID("ada"), one), named.has(CLOUD_ID("ada"), other)]).toEqual([true, false]);
});

test("the targets of mappings are named by what stands in each, whether gone through or asked one by one", () => {
  const targets = namesOfTargets([mapping(2, "ada"), mapping(3, "ben")]);
  const all = ["ada@contoso.example", "ben@contoso.example"];
  expect([...targets]).toEqual(all);
  expect([targets.length, targets.at(0), targets.at(1), targets.at(2)]).toEqual([2, ...all, undefined]);
});
