/** What the tenant grants: reads, filters, pages, writes, the recycle bin, roles and the tenant's own properties. */
import { expect, test } from "vitest";
import { describeTenant, describeUser } from "../../../src/sim/tenant/world.ts";
import { ANCHOR, describeContoso, ID, type RawAnswer, send, startContoso, valuesOf, WRITER } from "./contoso.ts";

const tenant = await startContoso();
const encode = encodeURIComponent;
const advanced = { ConsistencyLevel: "eventual" };
const idsOf = (answer: RawAnswer): unknown[] => valuesOf(answer).map(({ id }) => id);

test("a user without $select shows the default properties and no anchor", async () => {
  const { status, headers, body } = await send(tenant, "GET", `/v1.0/users/${ID.ben}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    "@odata.context": `${tenant.endpoint}/v1.0/$metadata#users/$entity`,
    id: ID.ben,
    userPrincipalName: "ben@contoso.example",
    displayName: "Ben",
    givenName: null,
    surname: null,
    jobTitle: null,
    mail: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    businessPhones: [],
  });
  expect(headers["content-type"]).toMatch(/^application\/json;odata\.metadata=minimal/);
});

test("a user with $select shows exactly what was selected", async () => {
  const { body } = await send(tenant, "GET", `/v1.0/users/${ID.ben}?$select=onPremisesImmutableId,assignedLicenses`);
  expect(body).toEqual({
    "@odata.context": `${tenant.endpoint}/v1.0/$metadata#users(onPremisesImmutableId,assignedLicenses)/$entity`,
    onPremisesImmutableId: ANCHOR.ben,
    assignedLicenses: [],
  });
});

test("a manager is shown where it was asked for and there is one, with what was selected of it", async () => {
  const led = await startContoso();
  led.changeUser(ID.ben, { managerId: ID.ada });
  led.changeUser(ID.cyd, { managerId: ID.nobody });
  const path = "$select=id&$expand=manager($select=id,userPrincipalName)";
  const manager = { "@odata.type": "#microsoft.graph.user", id: ID.ada, userPrincipalName: "Ada@contoso.example" };
  expect((await send(led, "GET", `/v1.0/users/${ID.ben}?${path}`)).body).toMatchObject({ id: ID.ben, manager });
  const listed = await send(led, "GET", `/v1.0/users?${path}&$filter=${encode(`id in ('${ID.ben}','${ID.cyd}')`)}`);
  expect(valuesOf(listed)).toEqual([{ id: ID.ben, manager }, { id: ID.cyd }]);
  expect(valuesOf(await send(led, "GET", "/v1.0/users?$select=id&$top=1")).at(0)).not.toHaveProperty("manager");
});

test("a page with an expanded relation holds 100 users at most", async () => {
  const users = Array.from({ length: 101 }, (_, index) =>
    describeUser({
      id: `0a000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      userPrincipalName: `u${index}@contoso.example`,
    }),
  );
  const large = await startContoso({}, describeTenant({ users }));
  const page = await send(large, "GET", "/v1.0/users?$select=id&$expand=manager&$top=999");
  expect(valuesOf(page)).toHaveLength(100);
  expect(page.body["@odata.nextLink"]).toEqual(expect.any(String));
});

test("the beta version shows onPremisesObjectIdentifier when it is selected", async () => {
  const { body } = await send(tenant, "GET", `/beta/users/${ID.cyd}?$select=onPremisesObjectIdentifier`);
  expect(body.onPremisesObjectIdentifier).toBe("c1d00000-0000-4000-8000-000000000001");
});

const keys = [
  { name: "its id in capitals", path: `/v1.0/users/${ID.ada.toUpperCase()}` },
  { name: "its UPN in other letter case", path: "/v1.0/users/aDA@CONTOSO.example" },
  { name: "its UPN in parentheses", path: "/v1.0/users('ada@contoso.example')" },
  { name: "an encoded UPN", path: "/v1.0/users/ada%40contoso.example" },
];
for (const { name, path } of keys) {
  test(`a user is found by ${name}`, async () => {
    expect((await send(tenant, "GET", path)).body.id).toBe(ID.ada);
  });
}

const { ada, ben, cyd, dee, eve, fay } = ID;
const filters = [
  { expression: `onPremisesImmutableId eq '${ANCHOR.ben}'`, expected: [ben] },
  { expression: `onPremisesImmutableId eq '${ANCHOR.ben.toLowerCase()}'`, expected: [ben] },
  { expression: `onPremisesImmutableId in ('${ANCHOR.ben}','${ANCHOR.federated}','x')`, expected: [ben, dee] },
  { expression: "onPremisesImmutableId eq 'nobody'", expected: [] },
  { expression: `id eq '${ID.ada}' or id eq '${ID.ben}'`, expected: [ada, ben] },
  { expression: "userPrincipalName eq 'BEN@contoso.example'", expected: [ben] },
  { expression: "surname eq 'O''Neil'", expected: [ada] },
  { expression: "proxyAddresses/any(p:p eq 'smtp:COUNTESS@contoso.example')", expected: [ada] },
  { expression: "proxyAddresses/any(p: startswith(p,'smtp:count'))", expected: [ada] },
  { expression: "onPremisesSyncEnabled eq true", expected: [cyd] },
  { expression: "startswith(displayName,'b') and accountEnabled eq true", expected: [ben] },
  { expression: "(displayName eq 'Ada' or displayName eq 'Ben') and surname eq 'o''neil'", expected: [ada] },
  { expression: "onPremisesSamAccountName eq 'ADA'", expected: [ada], advancedOnly: true },
  { expression: "onPremisesSyncEnabled ne true", expected: [ada, ben, dee, eve, fay], advancedOnly: true },
  {
    expression: "not startswith(userPrincipalName,'e') and displayName ne 'Ben'",
    expected: [ada, cyd, dee, fay],
    advancedOnly: true,
  },
  {
    expression: `mail in ('${Array.from({ length: 16 }, (_, at) => `m${at}`).join("','")}')`,
    expected: [],
    advancedOnly: true,
  },
];
for (const { expression, expected, advancedOnly } of filters) {
  test(`the filter ${expression} matches ${expected.length} users`, async () => {
    const path = `/v1.0/users?$select=id&$filter=${encode(expression)}${advancedOnly ? "&$count=true" : ""}`;
    const answer = await send(tenant, "GET", path, advancedOnly ? { headers: advanced } : {});
    expect(answer.body.error).toBeUndefined();
    expect(idsOf(answer)).toEqual(expected);
    expect(answer.body["@odata.count"]).toBe(advancedOnly ? expected.length : undefined);
  });
}

test("a filter value of 120 characters and 15 values of in are accepted", async () => {
  const long = "a".repeat(120);
  const values = Array.from({ length: 15 }, (_, at) => `u${at}@contoso.example`).join("','");
  for (const expression of [`mail eq '${long}'`, `mail in ('${values}')`]) {
    expect((await send(tenant, "GET", `/v1.0/users?$filter=${encode(expression)}`)).status).toBe(200);
  }
});

const walks = [
  { name: "pages of 999", query: "$top=999&$select=id", sizes: [999, 999, 502] },
  { name: "pages of the default size", query: "$select=id", sizes: Array<number>(25).fill(100) },
  {
    name: "a filter",
    query: `$top=400&$select=id&$filter=${encode("startswith(displayName,'even')")}`,
    sizes: [400, 400, 400, 50],
  },
];
for (const { name, query, sizes } of walks) {
  test(`2,500 users are walked whole by ${name}, once each`, async () => {
    const users = Array.from({ length: 2500 }, (_, at) => {
      const id = `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`;
      return describeUser({ id, userPrincipalName: `u${at}@contoso.example`, displayName: at % 2 ? "odd" : "even" });
    });
    const crowd = await startContoso({}, describeTenant({ users }));
    const seen: unknown[] = [];
    const pages: number[] = [];
    for (let path: string | null = `/v1.0/users?${query}`; path !== null; ) {
      const answer: RawAnswer = await send(crowd, "GET", path);
      pages.push(valuesOf(answer).length);
      seen.push(...idsOf(answer));
      const link = answer.body["@odata.nextLink"];
      if (link !== undefined) expect(String(link).startsWith(`${crowd.endpoint}/v1.0/users?`)).toBe(true);
      path = link === undefined ? null : String(link).slice(crowd.endpoint.length);
    }
    expect(pages).toEqual(sizes);
    expect(seen).toEqual(
      users.filter(({ displayName }) => !query.includes("even") || displayName === "even").map(({ id }) => id),
    );
  });
}

test("users deleted between two pages hide nobody else", async () => {
  const place = await startContoso();
  const first = await send(place, "GET", "/v1.0/users?$top=2&$select=id");
  place.deleteUser(ID.ada);
  const second = await send(place, "GET", String(first.body["@odata.nextLink"]).slice(place.endpoint.length));
  expect([idsOf(first), idsOf(second)]).toEqual([
    [ada, ben],
    [cyd, dee],
  ]);
});

test("a PATCH is 204 without a body, echoes the ids and can be read at once", async () => {
  const place = await startContoso();
  const headers = { "client-request-id": "11111111-2222-4333-8444-555555555555" };
  const body = { onPremisesImmutableId: ANCHOR.free };
  const answer = await send(place, "PATCH", "/v1.0/users/ada@contoso.example", { body, headers });
  expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: "" });
  expect(answer.headers).toMatchObject({
    "client-request-id": headers["client-request-id"],
    "x-ms-resource-unit": "1",
  });
  expect(answer.headers["request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(Number.isNaN(Date.parse(answer.headers.date ?? ""))).toBe(false);
  const read = await send(place, "GET", `/v1.0/users/${ID.ada}?$select=onPremisesImmutableId`);
  expect(read.body.onPremisesImmutableId).toBe(ANCHOR.free);
});

const writes = [
  { name: "null over an anchor", user: ID.ben, body: { onPremisesImmutableId: null } },
  {
    name: "an anchor that another user holds in other letter case",
    user: ID.ada,
    body: { onPremisesImmutableId: ANCHOR.ben.toLowerCase() },
  },
  {
    name: "a text of 60 characters that is no base64",
    user: ID.ada,
    body: { onPremisesImmutableId: "employee-".padEnd(60, "7") },
  },
  { name: "the anchor it already has", user: ID.ben, body: { onPremisesImmutableId: ANCHOR.ben } },
  { name: "the same anchor on a federated user", user: ID.dee, body: { onPremisesImmutableId: ANCHOR.federated } },
  {
    name: "an anchor on an administrator, by a Global Administrator",
    user: ID.eve,
    body: { onPremisesImmutableId: ANCHOR.free },
    directoryRoles: ["Global Administrator"] as const,
  },
  {
    name: "an anchor on a member of the role group, by a Privileged Authentication Administrator",
    user: ID.fay,
    body: { onPremisesImmutableId: ANCHOR.free },
    directoryRoles: ["Privileged Authentication Administrator"] as const,
  },
  {
    name: "a name of a managed domain for a federated user",
    user: ID.dee,
    body: { userPrincipalName: "dee@contoso.example" },
  },
  { name: "an administrator's job title, which is not sensitive", user: ID.eve, body: { jobTitle: "Captain" } },
];
for (const { name, user, body, directoryRoles = [] } of writes) {
  test(`the tenant accepts ${name}`, async () => {
    const place = await startContoso();
    const token = place.mintToken({ roles: ["User.ReadUpdate.All"], directoryRoles });
    const answer = await send(place, "PATCH", `/v1.0/users/${user}`, { body, token });
    expect({ status: answer.status, error: answer.body.error }).toEqual({ status: 204, error: undefined });
    expect(place.user(user)).toMatchObject(body);
  });
}

test("a deleted user's anchor is free where the tenant's rule says so", async () => {
  const place = await startContoso({ rules: { deletedHoldersBlock: false } });
  const body = { onPremisesImmutableId: ANCHOR.deleted };
  expect((await send(place, "PATCH", `/v1.0/users/${ID.ada}`, { body })).status).toBe(204);
});

test("onPremisesObjectIdentifier is cleared on beta by a Hybrid Identity Administrator", async () => {
  const place = await startContoso();
  const token = place.mintToken({
    roles: ["User-OnPremisesSyncBehavior.ReadWrite.All"],
    directoryRoles: ["Hybrid Identity Administrator"],
  });
  const body = { onPremisesObjectIdentifier: null };
  expect((await send(place, "PATCH", `/beta/users/${ID.cyd}`, { body, token })).status).toBe(204);
  expect(place.user(ID.cyd)?.onPremisesObjectIdentifier).toBeNull();
});

test("a user goes to the recycle bin under a prefixed name, comes back under its own, and can be purged", async () => {
  const place = await startContoso();
  expect((await send(place, "DELETE", `/v1.0/users/${ID.ben}`)).status).toBe(204);
  const path =
    "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,onPremisesImmutableId,deletedDateTime";
  const listed = valuesOf(await send(place, "GET", path));
  expect(listed[1]).toEqual({
    id: ID.ben,
    userPrincipalName: `${ID.ben.replaceAll("-", "")}ben@contoso.example`,
    onPremisesImmutableId: ANCHOR.ben,
    deletedDateTime: expect.any(String),
  });

  const restored = await send(place, "POST", `/v1.0/directory/deletedItems/${ID.ben}/restore`);
  expect({ status: restored.status, upn: restored.body.userPrincipalName }).toEqual({
    status: 200,
    upn: "ben@contoso.example",
  });
  expect(place.user("ben@contoso.example")?.onPremisesImmutableId).toBe(ANCHOR.ben);

  expect((await send(place, "DELETE", `/v1.0/directory/deletedItems/${ID.gil}`)).status).toBe(204);
  expect(place.deletedUsers()).toEqual([]);
  const body = { onPremisesImmutableId: ANCHOR.deleted };
  expect((await send(place, "PATCH", `/v1.0/users/${ID.ada}`, { body })).status).toBe(204);
});

test("a user deleted and restored twice is listed once, live and deleted", async () => {
  const place = await startContoso();
  for (let round = 0; round < 2; round += 1) {
    await send(place, "DELETE", `/v1.0/users/${ID.ben}`);
    const bin = await send(place, "GET", "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id");
    expect(idsOf(bin)).toEqual([ID.gil, ID.ben]);
    await send(place, "POST", `/v1.0/directory/deletedItems/${ID.ben}/restore`);
    expect(idsOf(await send(place, "GET", "/v1.0/users?$select=id"))).toEqual([ada, ben, cyd, dee, eve, fay]);
  }
});

test("a restore drops the addresses a live user has taken only when it is asked to", async () => {
  const taken = "SMTP:ada@contoso.example";
  const world = describeContoso();
  const [gil] = world.deletedUsers;
  if (gil !== undefined) gil.proxyAddresses = [taken, "SMTP:gil@contoso.example"];
  const place = await startContoso({}, world);
  const path = `/v1.0/directory/deletedItems/${ID.gil}/restore`;
  expect((await send(place, "POST", path)).body.error?.details?.[0]?.target).toBe("proxyAddresses");
  expect((await send(place, "POST", path, { body: { autoReconcileProxyConflict: true } })).status).toBe(200);
  expect(place.user(ID.gil)?.proxyAddresses).toEqual(["SMTP:gil@contoso.example"]);
});

test("a restore is refused when a live user has taken the name, and obeys a new one", async () => {
  const place = await startContoso();
  place.changeUser(ID.ada, { userPrincipalName: "gil@contoso.example" });
  const path = `/v1.0/directory/deletedItems/${ID.gil}/restore`;
  expect((await send(place, "POST", path)).body.error?.details?.[1]?.target).toBe(`User_${ID.ada}`);
  const body = { newUserPrincipalName: "gil2@contoso.example" };
  expect((await send(place, "POST", path, { body })).body.userPrincipalName).toBe("gil2@contoso.example");
});

const views = [
  {
    path: "/v1.0/organization",
    roles: ["Organization.Read.All"],
    first: { id: tenant.tenantId, onPremisesSyncEnabled: true },
  },
  {
    path: "/v1.0/domains",
    roles: ["Domain.Read.All"],
    first: { id: "contoso.onmicrosoft.example", authenticationType: "Managed" },
  },
  {
    path: "/v1.0/roleManagement/directory/roleAssignments?$expand=principal",
    roles: ["RoleManagement.Read.Directory"],
    first: { principalId: ID.eve, principal: { id: ID.eve, "@odata.type": "#microsoft.graph.user" } },
  },
  {
    path: "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances",
    roles: ["RoleEligibilitySchedule.Read.Directory"],
    first: { principalId: ID.ada },
  },
  {
    path: `/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=groupId%20eq%20'${ID.admins}'`,
    roles: ["PrivilegedEligibilitySchedule.Read.AzureADGroup"],
    first: { principalId: ID.ben, accessId: "member" },
  },
  {
    path: "/beta/roleManagement/directory/roleDefinitions?$filter=isPrivileged%20eq%20true",
    roles: ["RoleManagement.Read.Directory"],
    first: { displayName: "Global Administrator", isPrivileged: true },
  },
  { path: `/v1.0/groups/${ID.admins}/members?$select=id`, roles: ["GroupMember.Read.All"], first: { id: ID.fay } },
  { path: "/v1.0/groups?$filter=isAssignableToRole%20eq%20true", roles: ["Group.Read.All"], first: { id: ID.admins } },
];
for (const { path, roles, first } of views) {
  test(`${path} shows the world`, async () => {
    const answer = await send(tenant, "GET", path, { token: tenant.mintToken({ roles }) });
    expect(answer.body.error).toBeUndefined();
    expect(valuesOf(answer)[0]).toMatchObject(first);
  });
}

test("sync features and the source of authority are shown to delegated tokens that may see them", async () => {
  const place = await startContoso();
  place.changeUser(ID.ada, { isCloudManaged: true });
  const token = place.mintToken({
    scopes: ["OnPremDirectorySynchronization.Read.All", "User-OnPremisesSyncBehavior.ReadWrite.All"],
  });
  const features = await send(place, "GET", "/v1.0/directory/onPremisesSynchronization", { token });
  expect(valuesOf(features)[0]).toMatchObject({ id: place.tenantId, features: { blockSoftMatchEnabled: false } });
  const behavior = await send(place, "GET", `/v1.0/users/${ID.ada}/onPremisesSyncBehavior?$select=isCloudManaged`, {
    token,
  });
  expect(behavior.body.isCloudManaged).toBe(true);
});

test("a token of the token endpoint opens what its application may", async () => {
  const applications = [{ clientId: "app-1", clientSecret: "correct horse", roles: WRITER }];
  const place = await startContoso({ applications });
  const signIn = (secret: string): Promise<RawAnswer> =>
    send(place, "POST", `/${place.tenantId}/oauth2/v2.0/token`, {
      token: null,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: "app-1",
        client_secret: secret,
        scope: "https://graph.microsoft.com/.default",
      }).toString(),
    });
  const wrong = await signIn("wrong");
  expect({ status: wrong.status, error: wrong.body.error }).toEqual({ status: 401, error: "invalid_client" });
  const token = String((await signIn("correct horse")).body.access_token);
  expect((await send(place, "GET", "/v1.0/users", { token })).status).toBe(200);
});
