import fc from "fast-check";
import { expect, test } from "vitest";
import { Memory, readValue, skip } from "../../src/core/packed-values.ts";
import { RecordWriter } from "../../src/core/record-writer.ts";

/** Writes each value as a record of its own, and gives what is read of it and how many bytes it took. */
function makeSink() {
  const memory = new Memory();
  const writer = new RecordWriter();
  return (value: unknown): { readonly read: unknown; readonly bytes: number } => {
    writer.begin();
    writer.write(value, memory);
    const { chunk, at } = writer.end();
    return { read: readValue(chunk, at, memory), bytes: skip(chunk, at, 1) - at };
  };
}

const UPN = "ada.keller@contoso.example";

/** What a later record takes, once the same value, but for the digits in it, has come before. */
const SIZES: readonly (readonly [string, unknown, number])[] = [
  ["nothing", null, 1],
  ["a number of one byte", 255, 2],
  ["a number of two bytes", 256, 5],
  ["the greatest whole number", 0xffff_ffff, 5],
  ["a number beyond it", 0x1_0000_0000, 9],
  ["half a number", 0.5, 9],
  ["less than nothing", -0, 9],
  ["a GUID", "31d06988-df47-3c82-2a98-8e392b0fbcea", 17],
  ["an immutable ID", "iGnQMUffgjwqmI45Kw+86g==", 17],
  ["a text that has come", "Engineering", 2],
  ["an empty list", [], 2],
  ["an empty object", {}, 3],
];

for (const [what, value, bytes] of SIZES) {
  test(`${what} comes back, and takes ${bytes} bytes`, () => {
    const put = makeSink();
    // Of what is kept as a text that has come, the first 255 take no more than that.
    if (bytes === 17) for (let other = 0; other < 255; other += 1) put(`other ${other}`);
    put(value);
    const { read, bytes: taken } = put(value);
    expect({ read, taken }).toStrictEqual({ read: value, taken: bytes });
  });
}

/** Texts in fields of a record of which the last says again what an earlier one says, and the bytes of the last. */
const SHARED: readonly (readonly [string, readonly string[], number])[] = [
  ["the same text", [UPN, UPN], 4],
  ["letters before it", [UPN, `SMTP:${UPN}`], 9],
  ["letters before the longer of two, which came first", ["ada.keller", "keller", "SMTP:ada.keller"], 9],
  ["letters of two bytes before it: nothing is shared", ["keller", "王keller"], 16],
  ["a text of three letters: nothing is shared", ["ada", "ada"], 5],
  ["a text of four letters", ["adah", "adah"], 4],
  ["what is before the end: nothing is shared", ["keller", "kellers"], 9],
];

for (const [what, texts, bytes] of SHARED) {
  test(`a text is written as what an earlier one of its record ends with: ${what}`, () => {
    const { read, bytes: all } = makeSink()({ ...texts });
    expect(read).toStrictEqual({ ...texts });
    expect(all - makeSink()({ ...texts.slice(0, -1) }).bytes).toBe(bytes);
  });
}

test("a text of one record is never written as one of another", () => {
  const put = makeSink();
  put([UPN]);
  const { read, bytes } = put([`x${UPN}`]);
  expect(read).toStrictEqual([`x${UPN}`]);
  expect(bytes).toBeGreaterThan(10);
});

test("an earlier text that is too far away is written again", () => {
  for (const length of [65_000, 65_600]) {
    const texts = ["ada.keller", "x".repeat(length), "SMTP:ada.keller"];
    const { read, bytes } = makeSink()(texts);
    expect(read).toStrictEqual(texts);
    expect(bytes - length).toBe(length < 65_536 ? 29 : 37);
  }
});

/** Texts of two records, and the bytes that the second takes beside the letters of its own. */
const TAILED: readonly (readonly [string, string, string, number])[] = [
  ["the domain of an address", "ada@contoso.example", "ben@contoso.example", 5],
  ["where an account lies", "CN=Ada,OU=People,DC=contoso", "CN=Ben,OU=People,DC=contoso", 5],
  ["where one lies whose name has a comma", "CN=K\\, Ada,OU=People", "CN=K\\, Ben,OU=People", 5],
];

for (const [what, first, second, bytes] of TAILED) {
  test(`an end that many texts have is kept once: ${what}`, () => {
    const put = makeSink();
    expect(put(first).read).toBe(first);
    const { read, bytes: taken } = put(second);
    expect(read).toBe(second);
    const own = second.search(/@|,OU/);
    expect(taken).toBe(bytes + own);
  });
}

test("the domain of a SID is kept once", () => {
  const put = makeSink();
  const domain = "S-1-5-21-1004336348-1177238915-682003330-";
  put(`${domain}1000`);
  expect(put(`${domain}1001`)).toEqual({ read: `${domain}1001`, bytes: 9 });
  expect(put(`${domain}`)).toEqual({ read: domain, bytes: 5 });
  expect(put(`x${domain}1001`).read).toBe(`x${domain}1001`);
  expect(put(`${domain}1001@contoso.example`).read).toBe(`${domain}1001@contoso.example`);
});

test("beyond 4,096 ends that texts have, the first ones are still kept once", () => {
  const put = makeSink();
  const texts = Array.from({ length: 5000 }, (_, index) => `ada${index}@domain${index}.example`);
  expect(texts.map((text) => put(text).read)).toStrictEqual(texts);
  const again = ["ben1@domain0.example", "ben1@domain4095.example", "ben1@domain4096.example"].map(put);
  expect(again.map(({ bytes }) => bytes)).toStrictEqual([9, 9, 25]);
  expect(again.map(({ read }) => read)).toStrictEqual([
    "ben1@domain0.example",
    "ben1@domain4095.example",
    "ben1@domain4096.example",
  ]);
});

test("of more than 255 different texts the first ones are still kept once", () => {
  const put = makeSink();
  const texts = Array.from({ length: 300 }, (_, index) => `department ${index}`);
  for (const text of texts) put(text);
  expect(texts.map((text) => put(text).read)).toStrictEqual(texts);
  expect([0, 254, 255].map((index) => put(texts[index]).bytes)).toStrictEqual([2, 2, 16]);
});

test("a text that comes again and again takes the room of one among those that are kept once", () => {
  const put = makeSink();
  for (let time = 0; time < 300; time += 1) put("Engineering");
  put("Sales");
  expect(put("Sales")).toEqual({ read: "Sales", bytes: 2 });
});

test("the keys of objects are kept once, and what comes again under each", () => {
  const put = makeSink();
  put({ title: "Engineer", department: "Sales" });
  put({ title: "Engineer" });
  const { read, bytes } = put({ title: "Engineer", department: "Sales" });
  expect(read).toStrictEqual({ title: "Engineer", department: "Sales" });
  expect(bytes).toBe(7);
  expect(put({ department: "Sales", title: "Engineer" }).read).toStrictEqual({
    department: "Sales",
    title: "Engineer",
  });
  expect(Object.keys(put({ department: "Sales", title: "Engineer" }).read ?? {})).toEqual(["department", "title"]);
});

test("objects of more than 255 kinds come back too, and so do keys that mean something to a language", () => {
  const put = makeSink();
  const objects = Array.from({ length: 300 }, (_, index) => ({ [`key ${index}`]: index, "a,b": ["x", { c: null }] }));
  for (const object of [...objects, ...objects]) expect(put(object).read).toStrictEqual(object);
  const odd = JSON.parse('{"__proto__": "ada", "constructor": 1, "2": "two", "1": "one"}');
  expect(Object.entries(makeSink()(odd).read ?? {})).toStrictEqual(Object.entries(odd));
});

test("keys that read the same when they are joined are not mistaken for each other", () => {
  const put = makeSink();
  put({ "a,b": 1 });
  expect(put({ a: 1, b: 2 }).read).toStrictEqual({ a: 1, b: 2 });
});

const anyText = fc.oneof(
  fc.constantFrom(
    "ada",
    "S-1-5-21-1-2-3-4",
    "S-1-5-21-1-2-3-5",
    "S-1-5-21-1-2-3-",
    "ada.keller",
    UPN,
    `SMTP:${UPN}`,
    `smtp:x${UPN}`,
    "@contoso.example",
    "CN=Ada,OU=People",
    "QUJDRA==",
    "",
  ),
  fc
    .tuple(fc.string({ unit: "binary", maxLength: 6 }), fc.constantFrom("@a.example", ",OU=x,DC=y", "keller", "\udd89"))
    .map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 300 }),
);
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    anyText,
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(anyText, { maxLength: 300 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test("whatever is said twice in a record or in several, all of it comes back", () => {
  fc.assert(
    fc.property(fc.array(anyValue, { minLength: 1, maxLength: 8 }), (values) => {
      const put = makeSink();
      for (const value of [...values, ...values]) expect(put(value).read).toStrictEqual(value);
    }),
    { numRuns: 300 },
  );
});
