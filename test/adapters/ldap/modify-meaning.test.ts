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

test.each([
  ["00002081: AtrErr: DSID-03151904, #1: 0: 00002081: problem 1005 (CONSTRAINT_ATT_TYPE)", "changed-meanwhile"],
  ["00002081", "changed-meanwhile"],
  ["00002082: AtrErr: DSID-03151904, #1: 0: 00002082: problem 1005 (CONSTRAINT_ATT_TYPE)", "refused"],
  ["0000208D: AtrErr: after 00002081", "refused"],
  ["000020810: AtrErr", "refused"],
  ["2081: AtrErr", "refused"],
  ["multiple values for a single-valued attribute", "refused"],
  ["", "refused"],
] as const)("LDAP result 19 with %j means %s", (message, meaning) => {
  expect(meaningOfResult({ code: 19, message }).meaning).toBe(meaning);
});

test("another result with the Windows error of a second value stays what it is", () => {
  expect(meaningOfResult({ code: 50, message: "00002081: SecErr" }).meaning).toBe("refused");
});

test("the server's words are put on one line, and left out where there are none", () => {
  expect(meaningOfResult({ code: 53, message: "one\n\ttwo\0" }).message).toMatch(/write: one two$/);
  expect(meaningOfResult({ code: 53, message: "\0" }).message).toBe("the domain controller is not willing to write");
});
