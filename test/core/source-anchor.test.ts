import { expect, test } from "vitest";
import { ANCHOR_MODES, chooseAnchor } from "../../src/core/source-anchor.ts";
import { AD_GUID, bytesOf } from "../support/facts.ts";

const own = AD_GUID("ada");
const other = AD_GUID("old ada");
const junk = new Uint8Array(20);

for (const [what, consistencyGuid, expected] of [
  [
    "absent",
    null,
    { auto: ["objectGUID", own], objectGUID: ["objectGUID", own], "mS-DS-ConsistencyGuid": ["objectGUID", own] },
  ],
  [
    "of no bytes",
    new Uint8Array(0),
    { auto: ["objectGUID", own], objectGUID: ["objectGUID", own], "mS-DS-ConsistencyGuid": ["objectGUID", own] },
  ],
  [
    "equal",
    bytesOf(own),
    {
      auto: ["mS-DS-ConsistencyGuid", own],
      objectGUID: ["objectGUID", own],
      "mS-DS-ConsistencyGuid": ["mS-DS-ConsistencyGuid", own],
    },
  ],
  [
    "different",
    bytesOf(other),
    { auto: ["differs"], objectGUID: ["objectGUID", own], "mS-DS-ConsistencyGuid": ["mS-DS-ConsistencyGuid", other] },
  ],
  ["junk", junk, { auto: ["invalid"], objectGUID: ["objectGUID", own], "mS-DS-ConsistencyGuid": ["invalid"] }],
] as const) {
  for (const mode of ANCHOR_MODES) {
    test(`B08: with a ConsistencyGuid that is ${what}, --anchor ${mode} gives ${expected[mode][0]}`, () => {
      const { anchor, trouble } = chooseAnchor({ objectGuid: own, consistencyGuid }, mode);
      expect(anchor === null ? [trouble] : [anchor.source, anchor.guid]).toEqual(expected[mode]);
    });
  }
}

test("junk is reported under every mode, also where it is not used", () => {
  expect(ANCHOR_MODES.map((mode) => chooseAnchor({ objectGuid: own, consistencyGuid: junk }, mode).junk)).toEqual([
    true,
    true,
    true,
  ]);
});
