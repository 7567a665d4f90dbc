import { expect, test } from "vitest";
import { startSimulatedTenant } from "../../../src/sim/tenant/server.ts";
import { describeContoso, ID, send, startContoso } from "./contoso.ts";

function waitOnInjectedClock() {
  const waits: number[] = [];
  let nowMs = 0;
  const schedule = (action: () => void, waitMs: number): (() => void) => {
    waits.push(waitMs);
    nowMs += waitMs;
    action();
    return () => undefined;
  };
  return { waits, clock: { now: () => nowMs, schedule } };
}

test("latency and the cost of a long page are waited for on the injected clock", async () => {
  const { waits, clock } = waitOnInjectedClock();
  const tenant = await startContoso({ ...clock, latencyMs: 100, perUserMs: 2 });
  await send(tenant, "GET", "/v1.0/users?$top=3");
  expect(waits).toEqual([50, 50 + 3 * 2]);
});

test.each([
  { delayMs: 30, rest: [26] },
  { delayMs: 90, rest: [] },
])("$delayMs ms that pass while a request is judged are part of its latency", async ({ delayMs, rest }) => {
  const { waits, clock } = waitOnInjectedClock();
  const tenant = await startContoso({ ...clock, latencyMs: 100, perUserMs: 2 });
  tenant.addFault({ match: {}, action: { kind: "delay", ms: delayMs } });
  await send(tenant, "GET", "/v1.0/users?$top=3");
  expect(waits).toEqual([50, delayMs, ...rest]);
});

test("the Date header follows the wall clock, off by as much as it is told", async () => {
  const wallStartMs = Date.parse("2026-11-02T08:00:00Z");
  const tenant = await startContoso({ now: () => 0, wallStartMs, dateOffsetMs: 7_200_000 });
  const { headers } = await send(tenant, "GET", `/v1.0/users/${ID.ada}`);
  expect(headers.date).toBe("Mon, 02 Nov 2026 10:00:00 GMT");
});

test("a token ends when the wall clock says so", async () => {
  let nowMs = 0;
  const tenant = await startContoso({ now: () => nowMs });
  const token = tenant.mintToken({ roles: ["User.Read.All"], lifetimeSeconds: 60 });
  nowMs += 58_000;
  expect((await send(tenant, "GET", "/v1.0/users", { token })).status).toBe(200);
  nowMs += 2_000;
  expect((await send(tenant, "GET", "/v1.0/users", { token })).status).toBe(401);
});

test("a body over 4 MB is refused", async () => {
  const tenant = await startContoso();
  const body = JSON.stringify({ jobTitle: "x".repeat(4 * 1024 * 1024) });
  expect((await send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, { body })).status).toBe(413);
});

test("the world that was handed in stays as it was", async () => {
  const world = describeContoso();
  const tenant = await startContoso({}, world);
  await send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, { body: { jobTitle: "Captain" } });
  expect(world).toEqual(describeContoso());
});

const contradictions = [
  { name: "two users with one id", change: { id: ID.ben } },
  { name: "two users with one name", change: { userPrincipalName: "BEN@contoso.example" } },
];
for (const { name, change } of contradictions) {
  test(`a world that holds ${name} does not start`, async () => {
    const world = describeContoso();
    const users = world.users.map((user) => (user.id === ID.ada ? { ...user, ...change } : user));
    await expect(startSimulatedTenant({ ...world, users })).rejects.toThrow(/The world holds two users/);
  });
}
