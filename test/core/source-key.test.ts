import { expect, test } from "vitest";
import {
  foldNearSourceValue,
  foldSourceValue,
  readSourceValue,
  SOURCE_KEYS,
  type SourceKey,
} from "../../src/core/source-key.ts";
import { account } from "../support/facts.ts";

const same: readonly [title: string, key: SourceKey, one: string, other: string][] = [
  ["an account name in another case", "sAMAccountName", "Ada", "ADA"],
  ["a UPN in another case", "userPrincipalName", "ada@contoso.example", "ADA@Contoso.example"],
  ["a mail address in another case", "mail", "ada@contoso.example", "Ada@contoso.example"],
  ["a DN with another escape and other spaces", "distinguishedName", "CN=a\\, b, OU=P", "cn=A\\2C b,OU=p"],
  [
    "a GUID in braces and capitals",
    "objectGUID",
    "{28D6E2D5-6368-4D5A-B671-D52B30172680}",
    "28d6e2d5-6368-4d5a-b671-d52b30172680",
  ],
];
for (const [title, key, one, other] of same) {
  test(`foldSourceValue: ${title} is the same value`, () =>
    expect(foldSourceValue(key, one)).toBe(foldSourceValue(key, other)));
}

test.each(SOURCE_KEYS)("foldSourceValue keeps an accent of %s, foldNearSourceValue does not", (key) => {
  const [one, other] = key === "distinguishedName" ? ["CN=jose", "CN=josé"] : ["jose", "josé"];
  expect(foldSourceValue(key, one)).not.toBe(foldSourceValue(key, other));
  expect(foldNearSourceValue(key, one)).toBe(foldNearSourceValue(key, other));
});

test("readSourceValue reads the attribute that the key names", () => {
  const ada = account("ada", { userPrincipalName: "upn@contoso.example", mail: "mail@contoso.example" });
  const values = SOURCE_KEYS.map((key) => readSourceValue(ada, key));
  expect(values).toEqual(["ada", "upn@contoso.example", "mail@contoso.example", ada.dn, ada.objectGuid]);
  expect(readSourceValue(account("ada", { mail: null }), "mail")).toBeNull();
});

test("foldSourceValue leaves a text that is no DN as it is", () => {
  expect(foldSourceValue("distinguishedName", "ada")).toBe("ada");
});
