/**
 * Evaluates a search filter on one entry, in the three-valued logic of RFC 4511 section 4.5.1.7.
 *
 * Undefined is not false: `(!(unknown=x))` matches nothing. A simulation with two values would let a client pass that
 * depends on an attribute the forest's schema does not have. (Samba AD 4.17 takes the two-valued way here; MS-ADTS
 * 3.1.1.3.1.3.1 is followed.)
 */
import { type Comparison, compareOrder, equalityKey, foldText, integerOf } from "./compare-values.ts";
import type { Filter } from "./ldap-message.ts";
import type { AttributeRule, Schema } from "./schema.ts";
import type { StoredAttribute, StoredEntry } from "./stored-entry.ts";

export const MATCHING_RULE = { bitAnd: "1.2.840.113556.1.4.803", bitOr: "1.2.840.113556.1.4.804" } as const;

/** Decides on one entry: `undefined` is the standard's Undefined. */
export type FilterTest = (entry: StoredEntry) => boolean | undefined;

/** Prepares a filter: folding and parsing of assertion values is done once, not once per entry. */
export function compileFilter(filter: Filter, schema: Schema, comparison: Comparison): FilterTest {
  const compile = (part: Filter) => compileFilter(part, schema, comparison);
  switch (filter.kind) {
    case "and":
    case "or": {
      const oneOf = filter.kind === "or" ? compileNameList(filter.filters, schema, comparison) : null;
      if (oneOf) return oneOf;
      const tests = filter.filters.map(compile);
      const decisive = filter.kind === "or";
      return (entry) => combine(tests, entry, decisive);
    }
    case "not": {
      const test = compile(filter.filter);
      return (entry) => negate(test(entry));
    }
    case "present": {
      const rule = schema.find(filter.attribute);
      return rule ? (entry) => attributeOf(entry, rule) !== undefined : undecided;
    }
    case "equality":
    case "approx":
      return compileEquality(schema.find(filter.attribute), filter.value, comparison);
    case "greater-or-equal":
    case "less-or-equal": {
      const rule = schema.find(filter.attribute);
      if (!rule || compareOrder(rule.syntax, filter.value, filter.value, comparison) === null) return undecided;
      const sign = filter.kind === "greater-or-equal" ? 1 : -1;
      return someValue(
        rule,
        (value) => sign * (compareOrder(rule.syntax, value, filter.value, comparison) ?? -sign) >= 0,
      );
    }
    case "substring":
      return compileSubstring(filter, schema.find(filter.attribute), comparison);
    case "extensible":
      return compileExtensible(
        filter,
        filter.attribute === null ? undefined : schema.find(filter.attribute),
        comparison,
      );
  }
}

function undecided(): undefined {
  return undefined;
}

function negate(outcome: boolean | undefined): boolean | undefined {
  return outcome === undefined ? undefined : !outcome;
}

function combine(tests: readonly FilterTest[], entry: StoredEntry, decisive: boolean): boolean | undefined {
  let outcome: boolean | undefined = !decisive;
  for (const test of tests) {
    const part = test(entry);
    if (part === decisive) return decisive;
    if (part === undefined) outcome = undefined;
  }
  return outcome;
}

function attributeOf(entry: StoredEntry, rule: AttributeRule): StoredAttribute | undefined {
  return entry.attributes.get(rule.name.toLowerCase());
}

function someValue(rule: AttributeRule, accepts: (value: string | Buffer) => boolean): FilterTest {
  return (entry) => attributeOf(entry, rule)?.values.some(accepts) ?? false;
}

function compileEquality(rule: AttributeRule | undefined, value: Buffer, comparison: Comparison): FilterTest {
  const key = rule ? equalityKey(rule.syntax, value, comparison) : null;
  if (!rule || key === null) return undecided;
  return (entry) => attributeOf(entry, rule)?.keys.includes(key) ?? false;
}

/** An OR of equalities on one attribute, the usual lookup of many names, as one look into a set; else `null`. */
function compileNameList(filters: readonly Filter[], schema: Schema, comparison: Comparison): FilterTest | null {
  const [first] = filters;
  const rule = first?.kind === "equality" ? schema.find(first.attribute) : undefined;
  if (!rule) return null;
  const keys = new Set<string | null>();
  for (const part of filters) {
    const key =
      part.kind === "equality" && schema.find(part.attribute) === rule
        ? equalityKey(rule.syntax, part.value, comparison)
        : null;
    if (key === null) return null;
    keys.add(key);
  }
  return (entry) => attributeOf(entry, rule)?.keys.some((key) => keys.has(key)) ?? false;
}

function compileSubstring(
  filter: Extract<Filter, { kind: "substring" }>,
  rule: AttributeRule | undefined,
  comparison: Comparison,
): FilterTest {
  if (rule?.syntax !== "text" && rule?.syntax !== "exact-text" && rule?.syntax !== "octets") return undecided;
  const { syntax } = rule;
  const spell = (value: string | Buffer) => {
    if (syntax === "octets") return Buffer.from(value).toString("latin1");
    return syntax === "text" ? foldText(value.toString(), comparison.foldAccents) : value.toString();
  };
  const initial = filter.initial === null ? "" : spell(filter.initial);
  const final = filter.final === null ? "" : spell(filter.final);
  const middles = filter.any.map(spell);
  return someValue(rule, (value) => {
    const text = spell(value);
    if (!text.startsWith(initial)) return false;
    let position = initial.length;
    for (const middle of middles) {
      const found = text.indexOf(middle, position);
      if (found < 0) return false;
      position = found + middle.length;
    }
    return text.length - final.length >= position && text.endsWith(final);
  });
}

function compileExtensible(
  filter: Extract<Filter, { kind: "extensible" }>,
  rule: AttributeRule | undefined,
  comparison: Comparison,
): FilterTest {
  if (filter.rule === null) return compileEquality(rule, filter.value, comparison);
  const mask = rule ? integerOf(rule.syntax, filter.value.toString()) : null;
  if (!rule || mask === null || (filter.rule !== MATCHING_RULE.bitAnd && filter.rule !== MATCHING_RULE.bitOr))
    return undecided;
  const needsAll = filter.rule === MATCHING_RULE.bitAnd;
  return someValue(rule, (value) => {
    const bits = (integerOf(rule.syntax, value.toString()) ?? 0n) & mask;
    return needsAll ? bits === mask : bits !== 0n;
  });
}
