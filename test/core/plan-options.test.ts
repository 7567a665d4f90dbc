import { expect, test } from "vitest";
import { optionWords } from "../../src/core/plan-options.ts";
import { HEADER } from "../support/facts.ts";

for (const [options, words] of [
  [{}, []],
  [{ writeTo: "ad" }, ["--write-to", "ad"]],
  [{ replace: true }, ["--replace"]],
  [{ anchor: "objectGUID" }, ["--anchor", "objectGUID"]],
  [{ sourceKey: "mail" }, ["--source-key", "mail"]],
  [{ onConflict: ["clear-holder"] }, ["--on-conflict", "clear-holder"]],
  [{ onConflict: ["clear-holder", "restore-target"] }, ["--on-conflict", "clear-holder+restore-target"]],
  [{ allow: ["clear-holder", "restore-target"] }, ["--allow", "clear-holder,restore-target"]],
  [
    { replace: true, anchor: "objectGUID", sourceKey: "mail", onConflict: ["clear-holder"], allow: ["clear-holder"] },
    [
      "--replace",
      "--anchor",
      "objectGUID",
      "--source-key",
      "mail",
      "--on-conflict",
      "clear-holder",
      "--allow",
      "clear-holder",
    ],
  ],
] as const) {
  test(`options that differ from the usual are the words ${words.join(" ") || "(none)"}`, () => {
    expect(optionWords({ ...HEADER.options, ...options })).toEqual(words);
  });
}
