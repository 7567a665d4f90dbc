/** The table of options itself: nothing in it is idle, and nothing is said twice. */
import { InvalidArgumentError } from "commander";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/commands.ts";
import { EXIT_CODES, EXIT_MEANINGS } from "../../src/cli/exit-codes.ts";
import { GLOBAL_OPTIONS, OPTIONS, type OptionDefinition, valueNameOf } from "../../src/cli/options.ts";

const NAMES = Object.keys(OPTIONS);

test("every option belongs to some command, and no command picks a global one", () => {
  const picked = new Set<string>(COMMANDS.flatMap(({ options }) => options));
  const globals: readonly string[] = GLOBAL_OPTIONS;
  expect(NAMES.filter((name) => !picked.has(name) && !globals.includes(name))).toEqual([]);
  expect(globals.filter((name) => picked.has(name))).toEqual([]);
});

test("an option has a parser exactly when it has a value, and no two have one name in code", () => {
  const definitions: readonly OptionDefinition[] = Object.values(OPTIONS);
  expect(definitions.filter(({ value, parse }) => (value === null) !== (parse === null))).toEqual([]);
  expect(new Set(NAMES.map(valueNameOf)).size).toBe(NAMES.length);
});

test("E02: no option takes a secret", () => {
  expect(NAMES.filter((name) => /password|secret|token|(?<!^source-)key/.test(name))).toEqual([]);
});

test("every exit code is unique and explained", () => {
  expect(new Set(Object.values(EXIT_CODES)).size).toBe(Object.keys(EXIT_CODES).length);
  expect(Object.keys(EXIT_MEANINGS)).toEqual(Object.keys(EXIT_CODES));
});

describe("values", () => {
  test.each([
    [OPTIONS.confirm.parse, "1,234", 1234],
    [OPTIONS.confirm.parse, "0", 0],
    [OPTIONS.limit.parse, "7", 7],
    [OPTIONS.anchor.parse, "objectguid", "objectGUID"],
    [OPTIONS["source-key"].parse, "USERPRINCIPALNAME", "userPrincipalName"],
    [OPTIONS.rows.parse, "4", [{ first: 4, last: 4 }]],
  ])("are read (%#)", (parse, text, value) => {
    expect(parse(text)).toEqual(value);
  });

  test.each([
    [OPTIONS.confirm.parse, "-1"],
    [OPTIONS.confirm.parse, "1.5"],
    [OPTIONS.confirm.parse, ""],
    [OPTIONS.limit.parse, "0"],
    [OPTIONS.anchor.parse, "sid"],
    [OPTIONS["source-key"].parse, "employeeID"],
    [OPTIONS.run.parse, " "],
  ])("that are none are refused (%#)", (parse, text) => {
    expect(() => parse(text)).toThrow(InvalidArgumentError);
  });
});
