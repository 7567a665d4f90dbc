import { expect, test } from "vitest";
import {
  COMPARISONS,
  comparisonsOf,
  FLOW_SOURCES,
  FLOW_TARGETS,
  type FlowSource,
  type FlowTarget,
  fitsComparison,
} from "../../src/core/takeover-flows.ts";

const WAYS: Partial<Record<FlowTarget, readonly string[]>> = {
  accountEnabled: ["enabled"],
  proxyAddresses: ["addresses"],
  manager: ["reference"],
  userPrincipalName: ["address"],
  mail: ["address"],
};

test.each(FLOW_TARGETS)("the ways in which %s can be compared", (to) => {
  expect(comparisonsOf(to)).toEqual(WAYS[to] ?? ["text", "text-any-case"]);
});

/** Attributes whose values have a form of their own, each with the only comparison that looks at it. */
const OWN_WAYS: Partial<Record<FlowSource, string>> = {
  userAccountControl: "enabled",
  proxyAddresses: "addresses",
  manager: "reference",
};

test.each(FLOW_SOURCES)("the comparisons that look at values like those of %s", (from) => {
  const own = OWN_WAYS[from];
  expect(COMPARISONS.filter((compare) => fitsComparison(from, compare))).toEqual(
    own === undefined ? ["text", "text-any-case", "address"] : [own],
  );
});
