/** What the simulated tenant tells of roles, identifiers and addresses, and where it does not. */
import { expect, test } from "vitest";
import { ID, send, startContoso, valuesOf } from "./contoso.ts";

const tenant = await startContoso();
const READER = { token: tenant.mintToken({ roles: ["User.Read.All"] }) };
const encode = encodeURIComponent;

test("eligible roles want a licence where the tenant has none, and active ones do not", async () => {
  const place = await startContoso({ rules: { licensedForEligibility: false } });
  const token = place.mintToken({ roles: ["RoleManagement.Read.Directory"] });
  const path = "/v1.0/roleManagement/directory";
  const eligible = await send(place, "GET", `${path}/roleEligibilityScheduleInstances`, { token });
  expect({ status: eligible.status, code: eligible.body.error?.code }).toEqual({
    status: 400,
    code: "AadPremiumLicenseRequired",
  });
  expect((await send(place, "GET", `${path}/roleAssignments`, { token })).status).toBe(200);
});

test("beta leaves out what its metadata does not declare where the rule says so, and refuses nothing", async () => {
  const place = await startContoso({ rules: { betaShowsUndeclared: false } });
  const token = place.mintToken({ roles: ["User.Read.All", "RoleManagement.Read.Directory"] });
  const select = "$select=id,onPremisesObjectIdentifier";
  const one = await send(place, "GET", `/beta/users/${ID.cyd}?${select}`, { token });
  expect([one.status, Object.keys(one.body)]).toEqual([200, ["@odata.context", "id"]]);
  const listed = valuesOf(await send(place, "GET", `/beta/users?${select}`, { token }));
  expect(listed.every((user) => Object.keys(user).join() === "id")).toBe(true);
  const roles = await send(place, "GET", "/beta/roleManagement/directory/roleDefinitions", { token });
  expect(valuesOf(roles).some((role) => "isPrivileged" in role)).toBe(false);
});

test("a deleted user shows a user's properties only under the cast", async () => {
  const path = `/v1.0/directory/deletedItems/${ID.gil}`;
  const bare = await send(tenant, "GET", `${path}?$select=id,userPrincipalName`, READER);
  expect({ status: bare.status, code: bare.body.error?.code }).toEqual({ status: 400, code: "BadRequest" });
  const cast = await send(tenant, "GET", `${path}/microsoft.graph.user?$select=id,userPrincipalName`, READER);
  expect(cast.body).toMatchObject({ id: ID.gil, userPrincipalName: expect.stringMatching(/gil@contoso\.example$/) });
  expect((await send(tenant, "GET", `${path}?$select=id`, READER)).status).toBe(200);
});

const SID = "S-1-5-21-1-2-3-1108";
const look = [
  { property: "mail", filter: "mail in ('DEE@mail.example')" },
  { property: "a proxy address", filter: "proxyAddresses/any(p:p eq 'smtp:dee@proxy.example')" },
  { property: "SID", filter: `onPremisesSecurityIdentifier in ('${SID}')` },
];
for (const { property, filter } of look) {
  test(`a user is found by ${property} as long as it has it and lives`, async () => {
    const place = await startContoso();
    const token = place.mintToken({ roles: ["User.ReadWrite.All", "User.DeleteRestore.All"] });
    const find = async () => {
      const found = await send(place, "GET", `/v1.0/users?$select=id&$filter=${encode(filter)}`, { token });
      return valuesOf(found).map(({ id }) => id);
    };
    expect(await find()).toEqual([]);
    const had = { mail: "dee@mail.example", proxyAddresses: ["SMTP:Dee@proxy.example"] };
    place.changeUser(ID.dee, { ...had, onPremisesSecurityIdentifier: SID });
    expect(await find()).toEqual([ID.dee]);
    await send(place, "DELETE", `/v1.0/users/${ID.dee}`, { token });
    expect(await find()).toEqual([]);
    await send(place, "POST", `/v1.0/directory/deletedItems/${ID.dee}/restore`, { token });
    expect(await find()).toEqual([ID.dee]);
    place.changeUser(ID.dee, { mail: null, proxyAddresses: [], onPremisesSecurityIdentifier: null });
    expect(await find()).toEqual([]);
  });
}
