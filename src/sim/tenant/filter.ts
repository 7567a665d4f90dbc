/**
 * Parses $filter into a tree. What the service accepts of such a tree is decided in `filter-rules.ts`, whom it
 * matches in `match-filter.ts`.
 *
 * Grammar (the part of OData 4.01 that Graph uses on users): or, and, not, parentheses; eq, ne, gt, ge, lt, le, in;
 * startswith(name, 'x'); collection/any(p:p eq 'x') and any(p:p/member eq 'x'). Literals: text in apostrophes with
 * inner ones doubled, true, false, null, numbers, dates and bare GUIDs.
 */
import { REFUSALS, refuse } from "./errors.ts";

export type Literal = string | number | boolean | null;
export type Comparator = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

export type Filter =
  | { readonly kind: "or" | "and"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly operand: Filter }
  | { readonly kind: "compare"; readonly property: string; readonly comparator: Comparator; readonly value: Literal }
  | { readonly kind: "in"; readonly property: string; readonly values: readonly Literal[] }
  | { readonly kind: "startswith"; readonly property: string; readonly value: string }
  | {
      readonly kind: "any";
      readonly property: string;
      readonly member: string | null;
      readonly test: "eq" | "startswith";
      readonly value: Literal;
    };

interface Token {
  readonly kind: "text" | "word" | "mark";
  readonly value: string;
  readonly position: number;
}

const COMPARATORS: readonly Comparator[] = ["eq", "ne", "gt", "ge", "lt", "le"];

function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|'((?:[^']|'')*)'|([A-Za-z0-9_.@+-][A-Za-z0-9_.@:+-]*)|([(),:/])/gy;
  while (pattern.lastIndex < source.length) {
    const position = pattern.lastIndex;
    const match = pattern.exec(source);
    if (match === null) return refuse(REFUSALS.filterSyntax(position, source));
    const [, text, word, mark] = match;
    if (text !== undefined) tokens.push({ kind: "text", value: text.replaceAll("''", "'"), position });
    else if (word !== undefined) tokens.push({ kind: "word", value: word, position });
    else if (mark !== undefined) tokens.push({ kind: "mark", value: mark, position });
  }
  return tokens;
}

/** @throws {GraphRefusal} 400 with the position of the first thing that does not belong. */
export function parseFilter(source: string): Filter {
  const tokens = readTokens(source);
  let next = 0;

  const fail = (): never => refuse(REFUSALS.filterSyntax(tokens[next]?.position ?? source.length, source));
  const isNext = (kind: Token["kind"], value: string): boolean =>
    tokens[next]?.kind === kind && tokens[next]?.value === value;
  const take = (kind: Token["kind"]): string => {
    const token = tokens[next];
    if (token === undefined || token.kind !== kind) return fail();
    next += 1;
    return token.value;
  };
  const takeMark = (value: string): void => {
    if (!isNext("mark", value)) fail();
    next += 1;
  };
  const takeWordIf = (value: string): boolean => {
    if (!isNext("word", value)) return false;
    next += 1;
    return true;
  };

  function parseOr(): Filter {
    let left = parseAnd();
    while (takeWordIf("or")) left = { kind: "or", left, right: parseAnd() };
    return left;
  }
  function parseAnd(): Filter {
    let left = parseNot();
    while (takeWordIf("and")) left = { kind: "and", left, right: parseNot() };
    return left;
  }
  function parseNot(): Filter {
    return takeWordIf("not") ? { kind: "not", operand: parseNot() } : parsePrimary();
  }
  function parsePrimary(): Filter {
    if (isNext("mark", "(")) {
      next += 1;
      const inner = parseOr();
      takeMark(")");
      return inner;
    }
    const word = take("word");
    if (word.toLowerCase() === "startswith" && isNext("mark", "(")) {
      next += 1;
      const property = take("word");
      takeMark(",");
      const value = take("text");
      takeMark(")");
      return { kind: "startswith", property, value };
    }
    if (isNext("mark", "/")) return parseAny(word);
    if (takeWordIf("in")) return { kind: "in", property: word, values: parseList() };
    const comparator = take("word");
    if (!isComparator(comparator)) return fail();
    return { kind: "compare", property: word, comparator, value: parseLiteral() };
  }
  function parseList(): Literal[] {
    takeMark("(");
    const values = [parseLiteral()];
    while (isNext("mark", ",")) {
      next += 1;
      values.push(parseLiteral());
    }
    takeMark(")");
    return values;
  }
  /** `any` is one word; the tokenizer lets a word hold ":", so "p:p" may come as one word or three tokens. */
  function parseAny(property: string): Filter {
    takeMark("/");
    if (!takeWordIf("any")) return fail();
    takeMark("(");
    const opening = take("word");
    const [variable = "", subject] = opening.split(":");
    let path = subject;
    if (path === undefined || path === "") {
      if (path === undefined) takeMark(":");
      path = take("word");
    }
    if (path.toLowerCase() === "startswith" && isNext("mark", "(")) {
      next += 1;
      if (take("word") !== variable) return fail();
      takeMark(",");
      const value = take("text");
      takeMark(")");
      takeMark(")");
      return { kind: "any", property, member: null, test: "startswith", value };
    }
    if (path !== variable) return fail();
    let member: string | null = null;
    if (isNext("mark", "/")) {
      next += 1;
      member = take("word");
    }
    if (!takeWordIf("eq")) return fail();
    const value = parseLiteral();
    takeMark(")");
    return { kind: "any", property, member, test: "eq", value };
  }
  function parseLiteral(): Literal {
    if (tokens[next]?.kind === "text") return take("text");
    const word = take("word");
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
    if (/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(word)) return word;
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word)) return word;
    next -= 1;
    return fail();
  }

  const filter = parseOr();
  return next === tokens.length ? filter : fail();
}

function isComparator(word: string): word is Comparator {
  return COMPARATORS.some((comparator) => comparator === word);
}
