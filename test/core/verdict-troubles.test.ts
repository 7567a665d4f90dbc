import { expect, test } from "vitest";
import { describeMadeInstead, findProvisioningErrors, findSameId } from "../../src/core/verdict-troubles.ts";
import { CLOUD_ID, cloudUser, deletedUser } from "../support/facts.ts";
import { presentSides } from "./present-sides.ts";

const NOTHING = { anchor: "auto", targets: new Set<never>() } as const;
const ADA = cloudUser("ada", { immutableId: "an ID" });

for (const [title, present, detail] of [
  [
    "another user",
    { users: [ADA, cloudUser("eve", { immutableId: "an ID" })] },
    "eve@contoso.example holds the same ID",
  ],
  [
    "a user in the recycle bin",
    { users: [ADA], deleted: [deletedUser("eve", { immutableId: "an ID", userPrincipalName: "eve@contoso.example" })] },
    "eve@contoso.example holds the same ID",
  ],
  ["nobody but herself", { users: [ADA, cloudUser("eve", { immutableId: "AN ID" })] }, undefined],
] as const) {
  test(`Ada's ID is held by ${title}`, () => {
    const trouble = findSameId(ADA, { ...presentSides(present), ...NOTHING });
    expect(trouble?.detail).toBe(detail);
    expect(trouble ?? { verdict: "duplicate", trouble: "same-id-elsewhere" }).toMatchObject({
      verdict: "duplicate",
      trouble: "same-id-elsewhere",
    });
  });
}

for (const [words, immutableId] of [
  ["no ID", null],
  ["an empty text", ""],
] as const) {
  test(`two users with ${words} have nothing in common`, () => {
    const [ada, eve] = [cloudUser("ada", { immutableId }), cloudUser("eve", { immutableId })];
    expect(findSameId(ada, { ...presentSides({ users: [ada, eve] }), ...NOTHING })).toBeNull();
  });
}

test("what sync has made instead is named with its id and the ID that it holds", () => {
  const made = (immutableId: string | null) => describeMadeInstead(cloudUser("eve", { immutableId }));
  expect(made(null)).toEqual({
    verdict: "duplicate",
    detail: `sync has made eve@contoso.example (${CLOUD_ID("eve")}, without an ID) from the AD account`,
    trouble: "duplicate-made",
  });
  expect(made("an ID").detail).toContain(", with the ID an ID)");
});

const error = (category: string, value: string) => ({ category, property: null, value, occurredAt: null });
for (const [title, errors, expected] of [
  ["none are silent", [], null],
  ["a conflict alone is one", [error("PropertyConflict", "a")], ["property-conflict", "PropertyConflict, a"]],
  [
    "two conflicts are one, and both are named",
    [error("PropertyConflict", "a"), error("PropertyConflict", "b")],
    ["property-conflict", "PropertyConflict, a; PropertyConflict, b"],
  ],
  [
    "a conflict beside something else is more than that",
    [error("PropertyConflict", "a"), error("Anything", "b")],
    ["provisioning-error", "PropertyConflict, a; Anything, b"],
  ],
] as const) {
  test(`of errors of provisioning ${title}`, () => {
    const sides = { ...presentSides({}, { errors: new Map([[ADA.id, errors]]) }), ...NOTHING };
    const trouble = findProvisioningErrors(ADA, sides);
    expect(trouble === null ? null : [trouble.trouble, trouble.detail]).toEqual(expected);
  });
}

test("of a user that Entra was not asked about no error is told", () => {
  expect(findProvisioningErrors(ADA, { ...presentSides({}), ...NOTHING })).toBeNull();
});
