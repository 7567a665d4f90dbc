import { expect, test } from "vitest";
import { describeOtherServers, isAnotherServer } from "../../src/core/other-servers.ts";

const PRESENT = [
  { domain: "CORP", server: "dc2.corp" },
  { domain: "OLD", server: "dc1.old" },
];

test.each([
  ["dc1.corp", "dc2.corp", true],
  ["dc1.corp", "DC1.Corp", false],
  ["dc1.corp", null, false],
  [null, "dc1.corp", false],
  [null, null, false],
])("whoever wrote through %s and now hears %s hears another: %s", (through, now, isAnother) => {
  expect(isAnotherServer(through, now)).toBe(isAnother);
});

test.each([
  ["the same one answers, in whatever case", [{ domain: "corp", server: "DC2.corp" }], []],
  ["nobody knows who has answered", [{ domain: "CORP", server: null }], []],
  ["the domain of the row is not known", [{ domain: null, server: "dc1.corp" }], []],
  ["the domain is not asked", [{ domain: "NEW", server: "dc1.new" }], []],
  [
    "others have answered, one line for each",
    [
      { domain: "CORP", server: "dc1.corp" },
      { domain: "CORP", server: "DC1.corp" },
      { domain: "OLD", server: "dc1.old" },
      { domain: "CORP", server: "dc3.corp" },
    ],
    [
      "CORP: 2 accounts written through dc1.corp, and dc2.corp",
      "CORP: 1 account written through dc3.corp, and dc2.corp",
    ],
  ],
])("describeOtherServers where %s", (_title, written, begins) => {
  expect(describeOtherServers(written, PRESENT).map((line) => line.replace(/ answers now.*/, ""))).toEqual(begins);
});
