/** Everything the tenant refuses, as raw HTTP: what was sent, and the status and code that must come back. */
import { expect, test } from "vitest";
import { ANCHOR, ID, send, startContoso, WRITER } from "./contoso.ts";

const tenant = await startContoso();
const strict = await startContoso({ rules: { acceptsNullAnchor: false, formerlySyncedWritable: false } });
strict.changeUser(ID.ben, { onPremisesSyncEnabled: false });

const advanced = { ConsistencyLevel: "eventual" };
const encode = encodeURIComponent;
const filter = (expression: string): string => `/v1.0/users?$filter=${encode(expression)}`;
const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `u${at}@contoso.example`);
const anchor = (value: unknown): object => ({ onPremisesImmutableId: value });
const reader = tenant.mintToken({ roles: ["User.Read.All"] });

interface Case {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly token?: string | null;
  readonly on?: typeof tenant;
  readonly status: number;
  readonly code: string;
  readonly message?: string | RegExp;
}

const cases: Case[] = [
  // Tokens
  {
    name: "a request without a token",
    path: "/v1.0/users",
    token: null,
    status: 401,
    code: "InvalidAuthenticationToken",
  },
  {
    name: "an expired token",
    path: "/v1.0/users",
    token: tenant.mintToken({ roles: WRITER, lifetimeSeconds: -1 }),
    status: 401,
    code: "InvalidAuthenticationToken",
    message: /expired/,
  },
  {
    name: "a token of another server",
    path: "/v1.0/users",
    token: strict.mintToken({ roles: WRITER }),
    status: 401,
    code: "InvalidAuthenticationToken",
  },
  {
    name: "a token for another audience",
    path: "/v1.0/users",
    token: tenant.mintToken({ roles: WRITER, audience: "https://vault.example" }),
    status: 401,
    code: "InvalidAuthenticationToken",
  },
  {
    name: "a token of another tenant",
    path: "/v1.0/users",
    token: tenant.mintToken({ roles: WRITER, tenantId: ID.nobody }),
    status: 401,
    code: "InvalidAuthenticationToken",
  },
  {
    name: "a token that is no JWT",
    path: "/v1.0/users",
    token: "abc",
    status: 401,
    code: "InvalidAuthenticationToken",
  },
  // Permissions
  {
    name: "listing users without a permission",
    path: "/v1.0/users",
    token: tenant.mintToken({ roles: [] }),
    status: 403,
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
  },
  {
    name: "the anchor to User.ReadBasic.All",
    path: `/v1.0/users/${ID.ben}?$select=onPremisesImmutableId`,
    token: tenant.mintToken({ roles: ["User.ReadBasic.All"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "a filter on the anchor to User.ReadBasic.All",
    path: `/v1.0/users?$select=id&$filter=${encode("onPremisesImmutableId eq 'x'")}`,
    token: tenant.mintToken({ roles: ["User.ReadBasic.All"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "a PATCH by a reader",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: anchor(ANCHOR.free),
    token: reader,
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "a purge with User.ReadWrite.All alone",
    method: "DELETE",
    path: `/v1.0/directory/deletedItems/${ID.gil}`,
    token: tenant.mintToken({ roles: ["User.ReadWrite.All"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "a restore by a reader",
    method: "POST",
    path: `/v1.0/directory/deletedItems/${ID.gil}/restore`,
    token: reader,
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "domains to a reader of users",
    path: "/v1.0/domains",
    token: reader,
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "the organization to an app that reads users",
    path: "/v1.0/organization",
    token: reader,
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "sync features to an app-only token",
    path: "/v1.0/directory/onPremisesSynchronization",
    token: tenant.mintToken({ roles: ["OnPremDirectorySynchronization.Read.All"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "eligibilities to Directory.Read.All",
    path: "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances",
    token: tenant.mintToken({ roles: ["Directory.Read.All"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "the right to join groups to whoever reads roles",
    path: `/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=groupId%20eq%20'${ID.admins}'`,
    token: tenant.mintToken({ roles: ["RoleEligibilitySchedule.Read.Directory", "Directory.Read.All"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "the right to join groups without a filter",
    path: "/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
    token: tenant.mintToken({ roles: ["PrivilegedEligibilitySchedule.Read.AzureADGroup"] }),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  // Names
  {
    name: "an unknown property in $select",
    path: "/v1.0/users?$select=id,immutableId",
    status: 400,
    code: "BadRequest",
    message: /Could not find a property named 'immutableId' on type 'microsoft.graph.user'\./,
  },
  {
    name: "onPremisesObjectIdentifier in $select of v1.0",
    path: "/v1.0/users?$select=onPremisesObjectIdentifier",
    status: 400,
    code: "BadRequest",
    message: /Could not find a property named 'onPremisesObjectIdentifier'/,
  },
  {
    name: "an unknown property in $filter",
    path: filter("immutableId eq 'x'"),
    status: 400,
    code: "BadRequest",
    message: /Could not find a property named 'immutableId'/,
  },
  {
    name: "isPrivileged on v1.0",
    path: "/v1.0/roleManagement/directory/roleDefinitions?$filter=isPrivileged%20eq%20true",
    token: tenant.mintToken({ roles: ["RoleManagement.Read.Directory"] }),
    status: 400,
    code: "BadRequest",
    message: /isPrivileged/,
  },
  {
    name: "an unknown path",
    path: "/v1.0/userz",
    status: 400,
    code: "BadRequest",
    message: "Resource not found for the segment 'userz'.",
  },
  { name: "an unknown version", path: "/v2.0/users", status: 400, code: "BadRequest" },
  {
    name: "a method that the path does not have",
    method: "DELETE",
    path: "/v1.0/users",
    status: 405,
    code: "Request_BadRequest",
  },
  // Filters
  {
    name: "ne without advanced query",
    path: filter("onPremisesImmutableId ne 'x'"),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "ne with the header but without $count",
    path: filter("mail ne 'x'"),
    headers: advanced,
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "ne with $count but without the header",
    path: `${filter("mail ne 'x'")}&$count=true`,
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "not without advanced query",
    path: filter("not startswith(mail,'x')"),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "eq null on the anchor",
    path: filter("onPremisesImmutableId eq null"),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "eq null on the anchor even when advanced",
    path: `${filter("onPremisesImmutableId eq null")}&$count=true`,
    headers: advanced,
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "startswith on the anchor",
    path: filter("startswith(onPremisesImmutableId,'x')"),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "ge on the anchor",
    path: filter("onPremisesImmutableId ge 'x'"),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "onPremisesSyncEnabled eq null by default",
    path: filter("onPremisesSyncEnabled eq null"),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "onPremisesSamAccountName by default",
    path: filter("onPremisesSamAccountName eq 'ada'"),
    status: 400,
    code: "Request_UnsupportedQuery",
    message:
      "Unsupported or invalid query filter clause specified for property 'onPremisesSamAccountName' of resource 'User'.",
  },
  {
    name: "onPremisesDistinguishedName by default",
    path: filter("onPremisesDistinguishedName eq 'CN=Ada'"),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "proxyAddresses with a plain eq",
    path: filter("proxyAddresses eq 'smtp:ada@contoso.example'"),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "16 values of in",
    path: filter(`userPrincipalName in ('${many(16).join("','")}')`),
    status: 400,
    code: "Request_UnsupportedQuery",
    message:
      "Too many child clauses specified in search filter expression containing 'OR' operators: 16. Max allowed: 15.",
  },
  {
    name: "18 alternatives of or",
    path: filter(
      many(18)
        .map((upn) => `userPrincipalName eq '${upn}'`)
        .join(" or "),
    ),
    status: 400,
    code: "Request_UnsupportedQuery",
    message:
      "Too many child clauses specified in search filter expression containing 'OR' operators: 18. Max allowed: 15.",
  },
  {
    name: "16 alternatives inside an and",
    path: filter(
      `accountEnabled eq true and (${many(16)
        .map((upn) => `mail eq '${upn}'`)
        .join(" or ")})`,
    ),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "a filter value of 121 characters",
    path: filter(`mail eq '${"a".repeat(121)}'`),
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "an advanced URL over 2,048 characters",
    path: `${filter(`mail in ('${many(90).join("','")}')`)}&$count=true`,
    headers: advanced,
    status: 400,
    code: "Request_UnsupportedQuery",
  },
  {
    name: "an apostrophe that is not doubled",
    path: filter("surname eq 'O'Neil'"),
    status: 400,
    code: "BadRequest",
    message: /Syntax error/,
  },
  {
    name: "a filter that breaks off",
    path: filter("mail eq"),
    status: 400,
    code: "BadRequest",
    message: /Syntax error/,
  },
  {
    name: "a bad percent escape in the query",
    path: "/v1.0/users?$filter=mail%20eq%20'%ZZ'",
    status: 400,
    code: "BadRequest",
  },
  {
    name: "a bad percent escape in the path",
    path: "/v1.0/users/ada%C3@contoso.example",
    status: 400,
    code: "BadRequest",
  },
  // Options
  {
    name: "$top=1000",
    path: "/v1.0/users?$top=1000",
    status: 400,
    code: "Request_UnsupportedQuery",
    message: /between 1 and 999/,
  },
  { name: "$top=0", path: "/v1.0/users?$top=0", status: 400, code: "Request_UnsupportedQuery" },
  {
    name: "$skip",
    path: "/v1.0/users?$skip=10",
    status: 400,
    code: "Request_BadRequest",
    message: "'$skip' is not supported by the service.",
  },
  { name: "a repeated option", path: "/v1.0/users?$top=1&$top=2", status: 400, code: "BadRequest" },
  { name: "a made-up $skiptoken", path: "/v1.0/users?$skiptoken=abc", status: 400, code: "Directory_ExpiredPageToken" },
  {
    name: "the recycle bin without its cast",
    path: "/v1.0/directory/deletedItems",
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "a UPN that starts with $ as a path segment",
    path: "/v1.0/users/$x@contoso.example",
    status: 400,
    code: "BadRequest",
  },
  // Keys
  {
    name: "a user that is not there",
    path: `/v1.0/users/${ID.nobody}`,
    status: 404,
    code: "Request_ResourceNotFound",
    message: `Resource '${ID.nobody}' does not exist or one of its queried reference-property objects are not present.`,
  },
  { name: "a deleted user under /users", path: `/v1.0/users/${ID.gil}`, status: 404, code: "Request_ResourceNotFound" },
  {
    name: "a live user in the recycle bin",
    path: `/v1.0/directory/deletedItems/${ID.ada}`,
    status: 404,
    code: "Request_ResourceNotFound",
  },
  {
    name: "a PATCH of nobody",
    method: "PATCH",
    path: `/v1.0/users/${ID.nobody}`,
    body: anchor("x"),
    status: 404,
    code: "Request_ResourceNotFound",
  },
  // Writes
  {
    name: "a body that is not JSON",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: "{",
    status: 400,
    code: "BadRequest",
  },
  {
    name: "a body that is a list",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: "[]",
    status: 400,
    code: "BadRequest",
  },
  {
    name: "an empty change",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: {},
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "a body of another content type",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: anchor("x"),
    headers: { "content-type": "text/plain" },
    status: 415,
    code: "UnsupportedMediaType",
  },
  {
    name: "an unknown property in the body",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: { immutableId: "x" },
    status: 400,
    code: "Request_BadRequest",
    message: /immutableId/,
  },
  {
    name: "a misspelled letter case in the body",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: { onpremisesimmutableid: "x" },
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "a read-only property in the body",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: { onPremisesSyncEnabled: true },
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "onPremisesSamAccountName on v1.0",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: { onPremisesSamAccountName: "x" },
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "an empty anchor",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: anchor(""),
    status: 400,
    code: "Request_BadRequest",
    message: "Invalid value specified for property 'onPremisesImmutableId' of resource 'User'.",
  },
  {
    name: "an anchor with $",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: anchor("a$b"),
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "an anchor with _",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: anchor("a_b"),
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "an anchor with a space",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: anchor("a b"),
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "an anchor that is a number",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: anchor(7),
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "a synced user's anchor",
    method: "PATCH",
    path: `/v1.0/users/${ID.cyd}`,
    body: anchor(ANCHOR.free),
    status: 400,
    code: "Request_BadRequest",
    message:
      "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
  },
  {
    name: "another anchor for a federated user",
    method: "PATCH",
    path: `/v1.0/users/${ID.dee}`,
    body: anchor(ANCHOR.free),
    status: 400,
    code: "Request_BadRequest",
    message: /FederatedUser.SourceAnchor/,
  },
  {
    name: "no anchor for a federated user",
    method: "PATCH",
    path: `/v1.0/users/${ID.dee}`,
    body: anchor(null),
    status: 400,
    code: "Request_BadRequest",
    message: /FederatedUser.SourceAnchor/,
  },
  {
    name: "an administrator's anchor to an app without a role",
    method: "PATCH",
    path: `/v1.0/users/${ID.eve}`,
    body: anchor(ANCHOR.free),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "an administrator's anchor to a User Administrator",
    method: "PATCH",
    path: `/v1.0/users/${ID.eve}`,
    body: anchor(ANCHOR.free),
    token: tenant.mintToken({ roles: WRITER, directoryRoles: ["User Administrator"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "an administrator's anchor to a delegated token without Directory.AccessAsUser.All",
    method: "PATCH",
    path: `/v1.0/users/${ID.eve}`,
    body: anchor(ANCHOR.free),
    token: tenant.mintToken({ scopes: WRITER, directoryRoles: ["Global Administrator"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "the anchor of a member of a role-assignable group",
    method: "PATCH",
    path: `/v1.0/users/${ID.fay}`,
    body: anchor(ANCHOR.free),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "deleting an administrator",
    method: "DELETE",
    path: `/v1.0/users/${ID.eve}`,
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "deleting a synced user",
    method: "DELETE",
    path: `/v1.0/users/${ID.cyd}`,
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "a UPN of a domain that is not the tenant's",
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: { userPrincipalName: "ada@other.example" },
    status: 400,
    code: "Request_BadRequest",
    message: /verified domain/,
  },
  {
    name: "clearing onPremisesObjectIdentifier without its permission",
    method: "PATCH",
    path: `/beta/users/${ID.cyd}`,
    body: { onPremisesObjectIdentifier: null },
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "clearing onPremisesObjectIdentifier without a directory role",
    method: "PATCH",
    path: `/beta/users/${ID.cyd}`,
    body: { onPremisesObjectIdentifier: null },
    token: tenant.mintToken({ roles: ["User-OnPremisesSyncBehavior.ReadWrite.All"] }),
    status: 403,
    code: "Authorization_RequestDenied",
  },
  {
    name: "setting onPremisesObjectIdentifier to a value",
    method: "PATCH",
    path: `/beta/users/${ID.ada}`,
    body: { onPremisesObjectIdentifier: ID.ada },
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "null for an anchor where the tenant does not take it",
    on: strict,
    method: "PATCH",
    path: `/v1.0/users/${ID.ada}`,
    body: anchor(null),
    token: strict.mintToken({ roles: WRITER }),
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "a formerly synced user where the tenant does not take it",
    on: strict,
    method: "PATCH",
    path: `/v1.0/users/${ID.ben}`,
    body: anchor(ANCHOR.free),
    token: strict.mintToken({ roles: WRITER }),
    status: 400,
    code: "Request_BadRequest",
  },
  {
    name: "counting users without ConsistencyLevel: eventual",
    path: "/v1.0/users/$count",
    status: 400,
    code: "Request_BadRequest",
    message: /\$count/,
  },
];

for (const { name, method = "GET", path, on = tenant, status, code, message, ...options } of cases) {
  test(`the tenant refuses ${name}`, async () => {
    const before = [on.users(), on.deletedUsers()];
    const answer = await send(on, method, path, options);
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status, code });
    if (typeof message === "string") expect(answer.body.error?.message).toBe(message);
    if (message instanceof RegExp) expect(answer.body.error?.message).toMatch(message);
    expect(answer.body.error?.innerError).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      "request-id": answer.headers["request-id"],
      "client-request-id": answer.headers["client-request-id"],
    });
    expect([on.users(), on.deletedUsers()]).toEqual(before);
  });
}

test("a 401 says where to sign in", async () => {
  const { headers } = await send(tenant, "GET", "/v1.0/users", { token: null });
  expect(headers["www-authenticate"]).toMatch(/^Bearer realm="", authorization_uri="/);
});

const takenBy = [
  { name: "a live user", property: "onPremisesImmutableId", value: ANCHOR.ben, holder: ID.ben },
  { name: "a deleted user", property: "onPremisesImmutableId", value: ANCHOR.deleted, holder: ID.gil },
  {
    name: "another user in other letter case",
    property: "userPrincipalName",
    value: "BEN@contoso.example",
    holder: ID.ben,
  },
];

for (const { name, property, value, holder } of takenBy) {
  test(`a ${property} held by ${name} is refused with the holder's id`, async () => {
    const answer = await send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, { body: { [property]: value } });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      code: "Request_BadRequest",
      message: `Another object with the same value for property ${property} already exists.`,
      details: [
        { code: "ObjectConflict", target: property },
        { code: "ConflictingObjects", target: `User_${holder}` },
      ],
    });
  });
}

test("a filter with an unencoded + in a base64 value matches nobody", async () => {
  const raw = await send(
    tenant,
    "GET",
    `/v1.0/directory/deletedItems/microsoft.graph.user?$filter=onPremisesImmutableId%20eq%20'${ANCHOR.deleted}'`,
  );
  expect(raw.body.value).toEqual([]);
  const encoded = await send(
    tenant,
    "GET",
    `/v1.0/directory/deletedItems/microsoft.graph.user?$filter=onPremisesImmutableId%20eq%20'${encode(ANCHOR.deleted)}'`,
  );
  expect(encoded.body.value).toHaveLength(1);
});
