import { expect, test } from "vitest";
import { decodeDeletedUser, decodeHeldValue, decodeUser } from "../../../src/adapters/graph/decode-user.ts";
import { ADA, BEN } from "./raw-server.ts";

const whole = {
  id: ADA.toUpperCase(),
  userPrincipalName: "ada@contoso.example",
  displayName: "Ada",
  givenName: "Ada",
  surname: null,
  mail: "ada@contoso.example",
  proxyAddresses: ["SMTP:ada@contoso.example"],
  employeeId: "17",
  userType: "Member",
  accountEnabled: true,
  onPremisesImmutableId: "",
  onPremisesSyncEnabled: false,
  onPremisesLastSyncDateTime: "2026-11-01T00:00:00Z",
  onPremisesSecurityIdentifier: "S-1-5-21-1-2-3-1104",
  createdDateTime: "2025-01-15T08:00:00Z",
  assignedLicenses: [{ skuId: BEN, disabledPlans: [] }],
  jobTitle: "Engineer",
  department: null,
  businessPhones: ["+33 1", "+33 2"],
};

test("decodeUser takes every field over, an empty immutable ID apart from an unset one", () => {
  expect(decodeUser(whole)).toEqual({
    id: ADA,
    userPrincipalName: "ada@contoso.example",
    displayName: "Ada",
    givenName: "Ada",
    surname: null,
    mail: "ada@contoso.example",
    proxyAddresses: ["SMTP:ada@contoso.example"],
    employeeId: "17",
    userType: "Member",
    accountEnabled: true,
    immutableId: "",
    syncEnabled: false,
    lastSyncAt: "2026-11-01T00:00:00Z",
    securityIdentifier: "S-1-5-21-1-2-3-1104",
    createdAt: "2025-01-15T08:00:00Z",
    licenceCount: 1,
    profile: { jobTitle: ["Engineer"], businessPhones: ["+33 1", "+33 2"] },
  });
  expect(decodeUser({ ...whole, onPremisesImmutableId: null }).immutableId).toBeNull();
  expect(decodeDeletedUser({ ...whole, deletedDateTime: "2026-11-20T00:00:00Z" }).deletedAt).toBe(
    "2026-11-20T00:00:00Z",
  );
});

const refused: { name: string; json: unknown }[] = [
  { name: "null", json: null },
  { name: "text", json: "ada" },
  { name: "a list", json: [whole] },
  { name: "a user whose id is no GUID", json: { ...whole, id: "../me" } },
  { name: "a user without an id", json: { ...whole, id: undefined } },
  { name: "a user without a name", json: { ...whole, userPrincipalName: null } },
  { name: "a user with an empty name", json: { ...whole, userPrincipalName: "" } },
  { name: "a user without the key of the immutable ID", json: { ...whole, onPremisesImmutableId: undefined } },
  { name: "a user without the key of the sync state", json: { ...whole, onPremisesSyncEnabled: undefined } },
  { name: "an immutable ID that is a number", json: { ...whole, onPremisesImmutableId: 7 } },
  { name: "a sync state that is text", json: { ...whole, onPremisesSyncEnabled: "true" } },
  { name: "addresses that are no list", json: { ...whole, proxyAddresses: "SMTP:ada@contoso.example" } },
  { name: "addresses that are no texts", json: { ...whole, proxyAddresses: [7] } },
  { name: "fields that are inherited", json: Object.create(whole) },
];

for (const { name, json } of refused) {
  test(`decodeUser refuses ${name}`, () => {
    expect(() => decodeUser(json)).toThrow(expect.objectContaining({ code: "tenant" }));
  });
}

test("decodeHeldValue keeps unset, empty and foreign values apart and says who is synced", () => {
  const held = (onPremisesImmutableId: string | null, onPremisesSyncEnabled: boolean | null) =>
    decodeHeldValue(
      { id: ADA, userPrincipalName: "ada@contoso.example", onPremisesImmutableId, onPremisesSyncEnabled },
      ADA,
    );
  expect(held(null, null)).toEqual({ objectId: ADA, name: "ada@contoso.example", value: null, synced: false });
  expect(held("", false)).toMatchObject({ value: "", synced: false });
  expect(held("x".repeat(60), true)).toMatchObject({ value: "x".repeat(60), synced: true });
  expect(() => decodeHeldValue(whole, BEN)).toThrow("was asked for");
});
