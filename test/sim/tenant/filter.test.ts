import fc from "fast-check";
import { expect, test } from "vitest";
import { type Filter, parseFilter } from "../../../src/sim/tenant/filter.ts";
import { compileFilter } from "../../../src/sim/tenant/match-filter.ts";
import { describeUser } from "../../../src/sim/tenant/world.ts";
import { ID } from "./contoso.ts";

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

test("any text with its apostrophes doubled comes out of a filter as it went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(parseFilter(`mail eq ${quote(text)}`)).toEqual({
        kind: "compare",
        property: "mail",
        comparator: "eq",
        value: text,
      });
    }),
  );
});

test("or, and, not and parentheses decide as logic does", () => {
  const user = describeUser({ id: ID.ada, userPrincipalName: "ada@contoso.example" });
  const { formula } = fc.letrec<{ formula: { text: string; truth: boolean } }>((tie) => ({
    formula: fc.oneof(
      { maxDepth: 4 },
      fc.boolean().map((truth) => ({ text: `accountEnabled eq ${truth}`, truth })),
      fc.tuple(tie("formula"), tie("formula")).map(([left, right]) => ({
        text: `(${left.text}) or (${right.text})`,
        truth: left.truth || right.truth,
      })),
      fc.tuple(tie("formula"), tie("formula")).map(([left, right]) => ({
        text: `(${left.text}) and (${right.text})`,
        truth: left.truth && right.truth,
      })),
      tie("formula").map(({ text, truth }) => ({ text: `not (${text})`, truth: !truth })),
    ),
  }));
  fc.assert(
    fc.property(formula, ({ text, truth }) => {
      expect(compileFilter(parseFilter(text))(user)).toBe(truth);
    }),
  );
});

test("and binds tighter than or", () => {
  const filter: Filter = parseFilter("mail eq 'a' or mail eq 'b' and mail eq 'c'");
  expect(filter).toMatchObject({ kind: "or", right: { kind: "and" } });
});
