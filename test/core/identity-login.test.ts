import { describe, expect, test } from "vitest";
import { fitsWords, isCutFrom, type Login, looksLikeName, readLogin } from "../../src/core/identity-login.ts";

const login = (text: string): Login => {
  const read = readLogin(text);
  if (read === null) throw new Error(`${text} leaves nothing`);
  return read;
};

describe("readLogin", () => {
  for (const [text, squashed, words] of [
    ["akeller", "akeller", ["akeller"]],
    ["Ada.Keller", "adakeller", ["ada", "keller"]],
    ["ada.keller@contoso.example", "adakeller", ["ada", "keller"]],
    ["a.keller2", "akeller2", ["keller"]],
    ["ext-akeller", "extakeller", ["ext", "akeller"]],
    ["u1029x3", "u1029x3", ["u1029x"]],
    ["12345", "12345", []],
    ["x7", "x7", []],
    ["müller", "muller", ["muller"]],
  ] as const) {
    test(`takes ${text} for ${squashed}, made of ${words.join(" and ") || "no word"}`, () => {
      expect(login(text)).toEqual({ squashed, words, cut: false });
    });
  }

  test.each(["", "...", "@contoso.example"])("leaves nothing of %j", (text) => expect(readLogin(text)).toBeNull());

  test("an account name of twenty characters may have been cut, one of nineteen or twenty-one or an address not", () => {
    const name = "christophermontgomery";
    expect(login(name.slice(0, 20)).cut).toBe(true);
    expect(login(name.slice(0, 19)).cut).toBe(false);
    expect(login(name).cut).toBe(false);
    expect(login(`${name.slice(0, 20)}@contoso.example`).cut).toBe(false);
  });
});

for (const [text, likely] of [
  ["ada", true],
  ["ad", false],
  ["ada12", true],
  ["ada123", false],
  ["ab12", false],
  ["u10293", false],
] as const) {
  test(`${text} ${likely ? "looks" : "does not look"} like a name`, () =>
    expect(looksLikeName(login(text))).toBe(likely));
}

describe("fitsWords", () => {
  const NAMES = ["ada", "keller"];
  for (const [text, words, fits] of [
    ["ada", NAMES, true],
    ["al", ["al"], false],
    ["keller", NAMES, true],
    ["xkeller", NAMES, true],
    ["kellerx", NAMES, true],
    ["xkellerx", NAMES, false],
    ["xada", NAMES, false],
    ["xdean", ["dean"], true],
    ["akel", NAMES, true],
    ["ake", NAMES, false],
    ["adke", NAMES, false],
    ["adkel", NAMES, true],
    ["keladam", [...NAMES, "maria"], true],
    ["akmo", [...NAMES, "maria", "olga"], false],
    ["akelmo", [...NAMES, "maria", "olga"], false],
    ["adaada", NAMES, false],
    ["kellkell", NAMES, false],
    ["akel77", NAMES, true],
    ["ext-akel", NAMES, true],
    ["ext-dee", NAMES, false],
    ["x.akel", NAMES, false],
    ["kel", NAMES, false],
    ["kell", NAMES, false],
    ["adke", ["ad", "ke"], false],
  ] as const) {
    test(`${text} ${fits ? "can" : "cannot"} be made of ${words.join(", ")}`, () =>
      expect(fitsWords([login(text)], words)).toBe(fits));
  }

  test("one of several logins is enough, and none is none", () => {
    expect(fitsWords([login("u77"), login("akeller")], NAMES)).toBe(true);
    expect(fitsWords([], NAMES)).toBe(false);
    expect(fitsWords([login("akeller")], [])).toBe(false);
  });
});

test("a login is cut from another that goes on where it ends, if it is one that may have been cut", () => {
  const whole = login("christophermontgomery");
  const cut = login("christophermontgomer");
  expect([isCutFrom(cut, whole), isCutFrom(whole, cut)]).toEqual([true, true]);
  expect(isCutFrom(login("christopher"), whole)).toBe(false);
  expect(isCutFrom(cut, login("montgomery"))).toBe(false);
  expect(isCutFrom(cut, login("christopher"))).toBe(false);
});
