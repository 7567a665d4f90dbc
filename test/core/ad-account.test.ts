import { expect, test } from "vitest";
import { kindOfClasses } from "../../src/core/ad-account.ts";

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
