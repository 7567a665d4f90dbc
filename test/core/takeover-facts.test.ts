import { expect, test } from "vitest";
import { foldAddress } from "../../src/core/takeover-facts.ts";

for (const [address, folded] of [
  ["SMTP:Ada@Contoso.Example", "ada@contoso.example"],
  ["smtp: ada@contoso.example ", "ada@contoso.example"],
  ["x500:/o=Contoso/cn=ada", "/o=contoso/cn=ada"],
  ["ada@contoso.example", "ada@contoso.example"],
  ["ada:smtp@contoso.example", "smtp@contoso.example"],
  ["ada.b:c@contoso.example", "ada.b:c@contoso.example"],
  [":ada@contoso.example", ":ada@contoso.example"],
  ["", ""],
] as const) {
  test(`the address ${JSON.stringify(address)} is compared as ${JSON.stringify(folded)}`, () =>
    expect(foldAddress(address)).toBe(folded));
}
