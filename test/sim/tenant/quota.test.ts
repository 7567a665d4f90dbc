import { expect, test } from "vitest";
import { quotaOfTenant } from "../../../src/sim/tenant/quota.ts";
import { ID, type RawAnswer, send, startContoso, WRITER } from "./contoso.ts";

const body = { jobTitle: "Captain" };
const app = "2f6f2a3e-5a0c-4a53-8f3b-0b7f9d0f6a11";

test("writes run dry at the limit, say how long to wait, and flow again after it", async () => {
  let nowMs = 0;
  const tenant = await startContoso({ now: () => nowMs, quota: { writesPerWindow: 3, writeWindowSeconds: 30 } });
  const write = (): Promise<RawAnswer> => send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, { body });
  expect([(await write()).status, (await write()).status, (await write()).status]).toEqual([204, 204, 204]);
  const refused = await write();
  expect(refused.status).toBe(429);
  expect(refused.body.error?.code).toBe("TooManyRequests");
  expect(refused.headers).toMatchObject({
    "retry-after": "10",
    "x-ms-throttle-scope": `Tenant_Application/Write/${app}/${tenant.tenantId}`,
    "x-ms-throttle-information": "WriteLimitExceeded",
  });
  nowMs += 9_900;
  expect((await write()).status).toBe(429);
  nowMs += 100;
  expect((await write()).status).toBe(204);
  expect(tenant.ledger.entries.map(({ status, applied }) => [status, applied])).toEqual([
    [204, true],
    [204, true],
    [204, true],
    [429, false],
    [429, false],
    [204, true],
  ]);
});

test("another application has a quota of its own", async () => {
  const tenant = await startContoso({ now: () => 0, quota: { writesPerWindow: 1 } });
  const write = (appId: string): Promise<RawAnswer> =>
    send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, { body, token: tenant.mintToken({ roles: WRITER, appId }) });
  expect([(await write("a")).status, (await write("a")).status, (await write("b")).status]).toEqual([204, 429, 204]);
});

const costs = [
  { path: "/v1.0/users", units: "2" },
  { path: "/v1.0/users?$select=id&$top=999", units: "1" },
  { path: "/v1.0/users?$top=5", units: "1" },
  { path: `/v1.0/users/${ID.ada}`, units: "1" },
];
for (const { path, units } of costs) {
  test(`GET ${path} costs ${units} resource units`, async () => {
    const tenant = await startContoso({ now: () => 0, quota: { resourceUnitsPerWindow: Number(units) } });
    const first = await send(tenant, "GET", path);
    expect([first.status, first.headers["x-ms-resource-unit"]]).toEqual([200, units]);
    const second = await send(tenant, "GET", path);
    expect([second.status, second.headers["x-ms-throttle-information"]]).toEqual([429, "ResourceUnitLimitExceeded"]);
  });
}

test.each([
  { users: 49, units: 3500 },
  { users: 50, units: 5000 },
  { users: 500, units: 5000 },
  { users: 501, units: 8000 },
])("a tenant of $users users grants $units resource units in 10 s", ({ users, units }) => {
  expect(quotaOfTenant(users)).toMatchObject({ resourceUnitsPerWindow: units, resourceUnitWindowSeconds: 10 });
});

test("a refused read gives its resource units back", async () => {
  const tenant = await startContoso({ now: () => 0, quota: { resourceUnitsPerWindow: 2 } });
  for (let at = 0; at < 5; at += 1) {
    expect((await send(tenant, "GET", "/v1.0/users?$select=nothing")).status).toBe(400);
  }
  expect((await send(tenant, "GET", "/v1.0/users?$select=id")).status).toBe(200);
});

test("a faster clock shortens the wait it asks for", async () => {
  const tenant = await startContoso({
    now: () => 0,
    timeScale: 100,
    quota: { writesPerWindow: 1, writeWindowSeconds: 150 },
  });
  await send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, { body });
  expect((await send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, { body })).headers["retry-after"]).toBe("1.500");
});

test("an answer near the limit says how near", async () => {
  const tenant = await startContoso({ now: () => 0, quota: { writesPerWindow: 5 } });
  const shares: unknown[] = [];
  for (let at = 0; at < 5; at += 1) {
    const { headers } = await send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, { body });
    shares.push(headers["x-ms-throttle-limit-percentage"]);
  }
  expect(shares).toEqual([undefined, undefined, undefined, undefined, "1.00"]);
});
