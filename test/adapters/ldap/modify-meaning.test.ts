import { expect, test } from "vitest";
import { meaningOfResult } from "../../../src/adapters/ldap/modify-meaning.ts";

test.each([
  [0, "accepted", null],
  [16, "changed-meanwhile", "the account no longer holds what the write rests on: said"],
  [20, "changed-meanwhile", "the account no longer holds what the write rests on: said"],
  [32, "changed-meanwhile", "the account no longer holds what the write rests on: said"],
  [50, "refused", "the account that signs in may not write the attribute: said"],
  [51, "not-sent", "the domain controller is too busy to write: said"],
  [52, "undecided", "the answer was LDAP result 52: said"],
  [1, "undecided", "the answer was LDAP result 1: said"],
] as const)("LDAP result %i means %s", (code, meaning, message) => {
  expect(meaningOfResult({ code, message: "said" })).toEqual({ meaning, message });
});

test("the server's words are put on one line, and left out where there are none", () => {
  expect(meaningOfResult({ code: 53, message: "one\n\ttwo\0" }).message).toMatch(/write: one two$/);
  expect(meaningOfResult({ code: 53, message: "\0" }).message).toBe("the domain controller is not willing to write");
});
