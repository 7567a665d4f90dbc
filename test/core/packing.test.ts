import { deepStrictEqual } from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPacker, FEWEST_PACKED, type Packable } from "../../src/core/packing.ts";
import { makePlan } from "../../src/core/plan-batch.ts";
import { account, batchOf, cloudUser, digest, HEADER, mapping } from "../support/facts.ts";

const MANY = FEWEST_PACKED;

type Field = Packable<{ field: unknown }>["field"];

const VALUES: readonly (readonly [string, Field])[] = [
  ["nothing", null],
  ["no", false],
  ["yes", true],
  ["a number", 42],
  ["a number of many digits", -0.1],
  ["no number", Number.NaN],
  ["less than nothing", -0],
  ["nothing known", undefined],
  ["no letters at all", ""],
  ["plain letters", "Ada Keller"],
  ["letters of one byte", "José Müller ÿ"],
  ["letters of two bytes", "Ωμέγα 王"],
  ["letters outside of the first plane", "Ada 🦉"],
  ["half a letter", "\ud83e"],
  ["a text of 254 bytes", "x".repeat(254)],
  ["a text of 255 bytes", "x".repeat(255)],
  ["a text longer than a chunk", "é".repeat(600_000)],
  ["a GUID", "31d06988-df47-3c82-2a98-8e392b0fbcea"],
  ["a GUID in capitals", "31D06988-DF47-3C82-2A98-8E392B0FBCEA"],
  ["something like a GUID", "31d06988-df47-3c82-2a98-8e392b0fbceag"],
  ["an immutable ID", "iGnQMUffgjwqmI45Kw+86g=="],
  ["one whose last letter has a bit too many", "iGnQMUffgjwqmI45Kw+86h=="],
  ["one with a sign that base64 does not know", "iGnQMUffgjwqmI45Kw-86g=="],
  ["as many letters", "iGnQMUffgjwqmI45Kw+86gA="],
  ["no list", []],
  ["a list of texts", ["SMTP:ada@contoso.example", "smtp:ä@contoso.example", "\ud83e"]],
  ["an object", { account: "ada", domain: null }],
  ["bytes", Uint8Array.of(0, 255, 16)],
  ["no bytes", new Uint8Array()],
];

/** Before and after other values, so that a field that reads too far is noticed. */
type Sample = { readonly first: string; readonly value: Field; readonly last: string };

for (const [what, value] of VALUES) {
  test(`a packed record gives back ${what}`, () => {
    const pack = createPacker<Sample>(MANY);
    const before = pack({ first: "a", value: "something else", last: "b" });
    const { first, value: read, last } = pack({ first: "c", value, last: "d" });
    expect({ first, read, last }).toEqual({ first: "c", read: value, last: "d" });
    expect(before.value).toBe("something else");
  });
}

test("texts that come again and texts that do not are told apart, however many there are", () => {
  const pack = createPacker<{ readonly domain: string; readonly name: string; readonly few: string }>(MANY);
  const records = Array.from({ length: 1000 }, (_, index) => ({
    domain: "CORP",
    name: `user${index}`,
    few: `kind ${index % 300}`,
  }));
  const packed = records.map((record) => pack(record));
  expect(packed.map(({ domain, name, few }) => ({ domain, name, few }))).toEqual(records);
});

test("changing what was packed, or what was read, changes nothing that is read later", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const packed = createPacker<{ readonly bytes: Uint8Array }>(MANY)({ bytes });
  bytes[0] = 9;
  packed.bytes[1] = 9;
  expect(packed.bytes).toEqual(Uint8Array.of(1, 2, 3));
});

test("records need not all have the same fields", () => {
  type Person = { readonly name: string; readonly age?: number | undefined; readonly mail: string };
  const pack = createPacker<Person>(MANY);
  const packed = [
    pack({ name: "ada", mail: "a" }),
    pack({ name: "ben", age: 9, mail: "b" }),
    pack({ name: "cyd", age: undefined, mail: "c" }),
  ];
  expect(packed.map(({ name, age, mail }) => [name, age, mail])).toEqual([
    ["ada", undefined, "a"],
    ["ben", 9, "b"],
    ["cyd", undefined, "c"],
  ]);
});

/** Each way in which code may take a record as a whole. */
const USES: Readonly<Record<string, (record: Record<string, Field>) => unknown>> = {
  "read as it is": (record) => record,
  spread: (record) => ({ ...record }),
  "spread with a change": (record) => ({ ...record, name: "ben" }),
  "spread without a field": ({ name: _, ...rest }) => rest,
  assigned: (record) => Object.assign({}, record),
  cloned: (record) => structuredClone(record),
  "asked for its keys": (record) => Object.keys(record),
  "asked for its values": (record) => Object.values(record),
  "asked for its entries": (record) => Object.entries(record),
  "gone through": (record) => {
    const seen: [string, Field][] = [];
    for (const field in record) seen.push([field, record[field]]);
    return seen;
  },
  "asked for a field": (record) => ["name" in record, Object.hasOwn(record, "name"), "toJSON" in record],
  "written as JSON": (record) => JSON.stringify({ record }, null, 2),
  "told what it is": (record) => [Object.prototype.toString.call(record), Object.getPrototypeOf(record)],
  frozen: (record) => Object.freeze(record),
  "robbed of a field": (record) => {
    delete record.name;
    return record;
  },
};

const anyField: fc.Arbitrary<Field> = fc.oneof(
  fc.constantFrom(null, undefined, true, false, "", "CORP"),
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ maxLength: 300 }),
  fc.uuid(),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("base64")),
  fc.stringMatching(/^[A-Za-z0-9+/_-]{22}==$/),
  fc.double(),
  fc.integer(),
  fc.uint8Array({ maxLength: 400 }),
  fc.array(fc.string({ unit: "binary" }), { maxLength: 5 }),
  fc.dictionary(
    fc.stringMatching(/^[a-z]{1,9}$/),
    fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string())),
    { noNullPrototype: true },
  ),
);
/** With the same fields or others, in whatever order, some of them named like numbers. */
const anyRecords = fc.array(
  fc.dictionary(
    fc.oneof(fc.constantFrom("name", "id", "mail", "toJSON"), fc.stringMatching(/^[a-zA-Z0-9]{1,9}$/)),
    anyField,
    {
      noNullPrototype: true,
    },
  ),
  { minLength: 1, maxLength: 6 },
);

for (const [how, use] of Object.entries(USES)) {
  test(`a packed record is equal to the plain one when it is ${how}`, () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const pack = createPacker<Record<string, Field>>(0, 0);
        const packed = records.map((record) => pack(record));
        for (const [index, record] of packed.entries()) {
          const plain = records[index] ?? {};
          deepStrictEqual(use(record), use(plain));
          expect(use(record)).toStrictEqual(use(plain));
        }
      }),
      { numRuns: 60 },
    );
  });
}

test("a field of a packed record cannot be changed without a word", () => {
  const packed: { name: string } = createPacker<{ name: string }>(MANY)({ name: "ada" });
  expect(() => {
    packed.name = "ben";
  }).toThrow(TypeError);
});

test("what V8 keeps of the fields is kept once for all records", () => {
  setFlagsFromString("--allow-natives-syntax");
  const haveSameMap = new Function("left", "right", "return %HaveSameMap(left, right) && %HasFastProperties(left)");
  const pack = createPacker<ReturnType<typeof cloudUser>>(MANY);
  const packed = Array.from({ length: 100 }, (_, index) => pack(cloudUser(`user${index}`)));
  expect(packed.filter((record) => !haveSameMap(record, packed[0]))).toEqual([]);
});

test("few records are left as they are", () => {
  const user = cloudUser("ada");
  expect(createPacker(MANY - 1, MANY)(user)).toBe(user);
});

test("packed users and accounts give the same plan", () => {
  const names = ["ada", "ben", "cyd", "dee"];
  const accounts = names.map((name, index) =>
    account(name, {
      consistencyGuid: index === 1 ? Uint8Array.of(1) : null,
      proxyAddresses: [`smtp:${name}@x.example`],
    }),
  );
  const users = names.map((name) => cloudUser(name, { immutableId: name === "cyd" ? "other" : null }));
  const mappings = names.map((name, index) => mapping(index + 2, name));
  const hashOf = (records: number) =>
    makePlan(
      HEADER,
      batchOf({
        mappings,
        accounts: accounts.map(createPacker(records)),
        users: users.map(createPacker(records)),
      }),
      digest,
    ).hash;
  expect(hashOf(MANY)).toBe(hashOf(0));
});
