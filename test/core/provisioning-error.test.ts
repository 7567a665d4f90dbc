import { expect, test } from "vitest";
import { describeProvisioningError, type ProvisioningError } from "../../src/core/provisioning-error.ts";

const WHOLE: ProvisioningError = {
  category: "PropertyConflict",
  property: "ProxyAddresses",
  value: "smtp:ada@contoso.example",
  occurredAt: "2026-11-22T02:31:05Z",
};

for (const [title, changes, expected] of [
  [
    "says what is in the way, where, and since which minute",
    {},
    "PropertyConflict on ProxyAddresses, smtp:ada@contoso.example, since 2026-11-22 02:31 UTC",
  ],
  ["names no property that is not told", { property: null, value: null, occurredAt: null }, "PropertyConflict"],
  ["leaves a value out that is not told", { value: null, occurredAt: null }, "PropertyConflict on ProxyAddresses"],
  ["leaves an empty value out", { value: "", occurredAt: null }, "PropertyConflict on ProxyAddresses"],
  [
    "leaves a time out that is not told",
    { occurredAt: null },
    "PropertyConflict on ProxyAddresses, smtp:ada@contoso.example",
  ],
  [
    "passes on a category that is not known yet",
    { category: "NewOne", property: null, value: null },
    "NewOne, since 2026-11-22 02:31 UTC",
  ],
] as const) {
  test(`an error of provisioning ${title}`, () => {
    expect(describeProvisioningError({ ...WHOLE, ...changes })).toBe(expected);
  });
}
