import { expect, test } from "vitest";
import { createPacker, FEWEST_PACKED, unpack } from "../../src/core/packing.ts";
import { makePlan } from "../../src/core/plan-batch.ts";
import { account, batchOf, cloudUser, digest, HEADER, mapping } from "../support/facts.ts";

const MANY = FEWEST_PACKED;

const VALUES: readonly (readonly [string, unknown])[] = [
  ["nothing", null],
  ["no", false],
  ["yes", true],
  ["a number", 42],
  ["no letters at all", ""],
  ["plain letters", "Ada Keller"],
  ["letters of one byte", "José Müller ÿ"],
  ["letters of two bytes", "Ωμέγα 王"],
  ["letters outside of the first plane", "Ada 🦉"],
  ["half a letter", "\ud83e"],
  ["a text of 254 bytes", "x".repeat(254)],
  ["a text of 255 bytes", "x".repeat(255)],
  ["a text longer than a chunk", "é".repeat(600_000)],
  ["no list", []],
  ["a list of texts", ["SMTP:ada@contoso.example", "smtp:ä@contoso.example", "\ud83e"]],
  ["an object", { account: "ada", domain: null }],
  ["bytes", Uint8Array.of(0, 255, 16)],
  ["no bytes", new Uint8Array()],
];

/** Before and after other values, so that a field that reads too far is noticed. */
type Sample = { readonly first: string; readonly value: unknown; readonly last: string };

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

test("a packed record gives the same JSON", () => {
  const user = cloudUser("ada", { proxyAddresses: ["smtp:ada@contoso.example"] });
  expect(JSON.stringify({ user: createPacker(MANY)(user) })).toBe(JSON.stringify({ user }));
});

test("an unpacked record is the one that was packed, and a plain one is itself", () => {
  const user = cloudUser("ada");
  expect(unpack(createPacker<typeof user>(MANY)(user))).toEqual(user);
  expect(unpack(user)).toBe(user);
});

test("few records are left as they are", () => {
  const user = cloudUser("ada");
  expect(createPacker(MANY - 1)(user)).toBe(user);
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
