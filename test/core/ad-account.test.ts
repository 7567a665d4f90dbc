import { expect, test } from "vitest";
import { kindOfClasses, PROFILE_ATTRIBUTES, readProfile } from "../../src/core/ad-account.ts";

for (const [classes, kind] of [
  [["top", "person", "organizationalPerson", "user"], "user"],
  [["inetOrgPerson"], "user"],
  [["USER"], "user"],
  [["top", "person", "organizationalPerson", "user", "computer"], "computer"],
  [["top", "person", "user", "computer", "msDS-GroupManagedServiceAccount"], "managed-service-account"],
  [["top", "person", "user", "computer", "msDS-ManagedServiceAccount"], "managed-service-account"],
  [["msDS-DelegatedManagedServiceAccount"], "managed-service-account"],
  [["top", "person", "organizationalPerson", "contact"], "contact"],
  [["top", "group"], "group"],
  [["top", "organizationalUnit"], "other"],
  [[], "other"],
] as const) {
  test(`an entry of the classes ${classes.join(", ") || "(none)"} is of the kind ${kind}`, () =>
    expect(kindOfClasses(classes)).toBe(kind));
}

for (const [title, values] of [
  ["nothing where no attribute has a value", {}],
  ["those attributes that have a value, and no others", { title: "Engineer", l: "Bern", manager: "CN=ben,DC=corp" }],
  ["every attribute where all have one", Object.fromEntries(PROFILE_ATTRIBUTES.map((name) => [name, `a ${name}`]))],
  ["an empty text as a value", { department: "" }],
] as const) {
  test(`readProfile keeps ${title}`, () => {
    const held = new Map<string, string>(Object.entries(values));
    expect(readProfile((attribute) => held.get(attribute) ?? null)).toStrictEqual(values);
  });
}
