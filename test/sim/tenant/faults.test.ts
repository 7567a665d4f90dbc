/** Faults, and the ledger that must tell the truth about each of them. */
import { expect, test } from "vitest";
import type { Fault, FaultAction } from "../../../src/sim/tenant/faults.ts";
import { startSimulatedTenant } from "../../../src/sim/tenant/server.ts";
import { ANCHOR, describeContoso, ID, type RawAnswer, send, startContoso } from "./contoso.ts";

const path = `/v1.0/users/${ID.ada}`;
const body = { onPremisesImmutableId: ANCHOR.free };

const writes: { action: FaultAction; answer: number | "broken"; applied: boolean }[] = [
  { action: { kind: "status", status: 503, applied: false, retryAfter: "7" }, answer: 503, applied: false },
  { action: { kind: "status", status: 504, applied: true }, answer: 504, applied: true },
  { action: { kind: "status", status: 429, applied: false, retryAfter: "-1" }, answer: 429, applied: false },
  { action: { kind: "reset", applied: false }, answer: "broken", applied: false },
  { action: { kind: "reset", applied: true }, answer: "broken", applied: true },
  { action: { kind: "cut-body", applied: false }, answer: "broken", applied: false },
  { action: { kind: "cut-body", applied: true }, answer: "broken", applied: true },
  { action: { kind: "html" }, answer: 200, applied: false },
  { action: { kind: "no-request-id" }, answer: 204, applied: true },
  { action: { kind: "delay", ms: 1 }, answer: 204, applied: true },
];
for (const { action, answer, applied } of writes) {
  test(`${JSON.stringify(action)} ends in ${answer} and the write is ${applied ? "" : "not "}applied`, async () => {
    const tenant = await startContoso();
    tenant.addFault({ match: { method: "PATCH", times: 1 }, action });
    const sent = send(tenant, "PATCH", path, { body });
    if (answer === "broken") await expect(sent).rejects.toThrow();
    else expect((await sent).status).toBe(answer);
    expect(tenant.user(ID.ada)?.onPremisesImmutableId).toBe(applied ? ANCHOR.free : null);
    expect(tenant.ledger.entries).toHaveLength(1);
    expect(tenant.ledger.entries[0]).toMatchObject({ applied, before: null, value: ANCHOR.free });
    if (action.kind === "reset") expect(tenant.ledger.entries[0]?.status).toBeNull();
    expect((await send(tenant, "PATCH", path, { body })).status).toBe(204);
  });
}

test("Retry-After is sent as the fault has it, and no-request-id and html carry none of Graph's ids", async () => {
  const tenant = await startContoso();
  const strike = async (action: FaultAction): Promise<RawAnswer> => {
    tenant.addFault({ match: { times: 1 }, action });
    return send(tenant, "GET", path);
  };
  const throttled = await strike({
    kind: "status",
    status: 429,
    applied: false,
    retryAfter: "Wed, 01 Jan 2020 00:00:00 GMT",
  });
  expect(throttled.headers["retry-after"]).toBe("Wed, 01 Jan 2020 00:00:00 GMT");
  expect((await strike({ kind: "no-request-id" })).headers).not.toHaveProperty("request-id");
  const portal = await strike({ kind: "html" });
  expect(portal.headers).not.toHaveProperty("request-id");
  expect(portal.headers["content-type"]).toMatch(/^text\/html/);
});

test("a late write lands when its time comes, by the rules of that time, and the ledger tells it", async () => {
  const waiting: { action: () => void; waitMs: number }[] = [];
  const schedule = (action: () => void, waitMs: number): (() => void) => {
    waiting.push({ action, waitMs });
    return () => waiting.splice(0);
  };
  const tenant = await startContoso({ schedule });
  tenant.addFault({
    match: { method: "PATCH", times: 2 },
    action: { kind: "apply-late", afterMs: 60_000, answer: 504 },
  });
  expect((await send(tenant, "PATCH", path, { body })).status).toBe(504);
  expect((await send(tenant, "PATCH", `/v1.0/users/${ID.ben}`, { body })).status).toBe(504);
  expect(tenant.user(ID.ada)?.onPremisesImmutableId).toBeNull();
  expect(waiting.map(({ waitMs }) => waitMs)).toEqual([60_000, 60_000]);
  tenant.changeUser(ID.ada, { onPremisesImmutableId: "meanwhile" });
  for (const { action } of waiting) action();
  expect(tenant.user(ID.ada)?.onPremisesImmutableId).toBe(ANCHOR.free);
  expect(tenant.user(ID.ben)?.onPremisesImmutableId).toBe(ANCHOR.ben);
  expect(tenant.ledger.entries).toMatchObject([
    { status: 504, applied: true, before: "meanwhile", landedAtMs: expect.any(Number) },
    { status: 504, applied: false, before: ANCHOR.ben, landedAtMs: expect.any(Number) },
  ]);
  expect(tenant.valueHistory(ID.ada).map(({ value }) => value)).toEqual([null, "meanwhile", ANCHOR.free]);
});

test("a stale read shows another anchor of one user, alone and in lists, and changes nothing", async () => {
  const tenant = await startContoso();
  tenant.addFault({ match: { userId: ID.ben, times: 2 }, action: { kind: "stale-read", value: "old" } });
  const read = async (): Promise<unknown> =>
    (await send(tenant, "GET", `/v1.0/users/${ID.ben}?$select=onPremisesImmutableId`)).body.onPremisesImmutableId;
  const list = await send(tenant, "GET", "/v1.0/users?$select=onPremisesImmutableId&$top=2");
  expect(list.body.value).toEqual([{ onPremisesImmutableId: null }, { onPremisesImmutableId: "old" }]);
  expect([await read(), await read()]).toEqual(["old", ANCHOR.ben]);
});

test("a foreign write comes between the client's read and its PATCH", async () => {
  const tenant = await startContoso();
  tenant.addFault({
    match: { method: "PATCH", userId: ID.ada },
    action: { kind: "foreign-write-before", value: "theirs" },
  });
  expect((await send(tenant, "PATCH", path, { body })).status).toBe(204);
  expect(tenant.ledger.entries[0]).toMatchObject({ before: "theirs", value: ANCHOR.free, applied: true });
  expect(tenant.valueHistory(ID.ada).map(({ value, cause }) => [value, cause])).toEqual([
    [null, "world"],
    ["theirs", "foreign"],
    [ANCHOR.free, "graph"],
  ]);
});

const matches: { name: string; match: Fault["match"]; statuses: number[] }[] = [
  { name: "the second request", match: { nth: 2 }, statuses: [200, 503, 200, 200] },
  { name: "two requests", match: { times: 2 }, statuses: [503, 503, 200, 200] },
  { name: "no request of another path", match: { pathIncludes: "/groups" }, statuses: [200, 200, 200, 200] },
  { name: "no request of another user", match: { userId: ID.ben }, statuses: [200, 200, 200, 200] },
  { name: "no request at probability 0", match: { probability: 0 }, statuses: [200, 200, 200, 200] },
  { name: "all requests at probability 1", match: { probability: 1 }, statuses: [503, 503, 503, 503] },
];
for (const { name, match, statuses } of matches) {
  test(`a fault strikes ${name}`, async () => {
    const tenant = await startContoso();
    tenant.addFault({ match, action: { kind: "status", status: 503, applied: false } });
    const seen: number[] = [];
    for (let at = 0; at < 4; at += 1) seen.push((await send(tenant, "GET", path)).status);
    expect(seen).toEqual(statuses);
  });
}

test("the same seed strikes the same requests", async () => {
  const run = async (seed: number): Promise<number[]> => {
    const tenant = await startContoso({ seed });
    tenant.addFault({ match: { probability: 0.5 }, action: { kind: "status", status: 500, applied: false } });
    const statuses: number[] = [];
    for (let at = 0; at < 20; at += 1) statuses.push((await send(tenant, "GET", path)).status);
    return statuses;
  };
  const [first, again, other] = [await run(3), await run(3), await run(4)];
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
});

test("the ledger keeps null, an absent value and every refused attempt apart", async () => {
  const tenant = await startContoso();
  const headers = { "client-request-id": "c-1" };
  await send(tenant, "PATCH", "/v1.0/users/ben@contoso.example", { body: { onPremisesImmutableId: null }, headers });
  await send(tenant, "PATCH", path, { body: { jobTitle: "Captain" } });
  await send(tenant, "PATCH", path, { body, token: null });
  await send(tenant, "PATCH", path, { body: "{" });
  await send(tenant, "DELETE", `/v1.0/users/${ID.nobody}`);
  await send(tenant, "GET", path);
  const [cleared, titled, unsigned, broken, missing] = tenant.ledger.entries;
  expect(tenant.ledger.entries).toHaveLength(5);
  expect(cleared).toMatchObject({
    sequence: 1,
    kind: "update",
    key: "ben@contoso.example",
    userId: ID.ben,
    value: null,
    before: ANCHOR.ben,
    clientRequestId: "c-1",
    status: 204,
    applied: true,
  });
  expect(titled).not.toHaveProperty("value");
  expect(titled).toMatchObject({ applied: true, body: { jobTitle: "Captain" } });
  expect(unsigned).toMatchObject({ status: 401, applied: false, value: ANCHOR.free });
  expect(broken).toMatchObject({ status: 400, applied: false, body: null });
  expect(missing).toMatchObject({ kind: "delete", status: 404, applied: false, userId: null, key: ID.nobody });
  expect(tenant.ledger.requestCounts()).toEqual({
    "PATCH /users/{key}": 4,
    "DELETE /users/{key}": 1,
    "GET /users/{key}": 1,
  });
});

test("a write left hanging gets no answer until the server ends, and still lands", async () => {
  let land = (): void => expect.unreachable("nothing was scheduled");
  const scheduled = Promise.withResolvers<void>();
  const schedule = (action: () => void): (() => void) => {
    land = action;
    scheduled.resolve();
    return () => undefined;
  };
  const tenant = await startSimulatedTenant(describeContoso(), { schedule });
  tenant.addFault({ match: {}, action: { kind: "apply-late", afterMs: 5000, answer: "hang" } });
  const broken = expect(send(tenant, "PATCH", path, { body })).rejects.toThrow();
  await scheduled.promise;
  land();
  await tenant.close();
  await broken;
  expect(tenant.ledger.entries).toMatchObject([{ status: null, applied: true }]);
});

test("a fault on the batch itself loses all its answers, carried out or not", async () => {
  const requests = [
    { id: "1", method: "PATCH", url: `/users/${ID.ada}`, headers: { "Content-Type": "application/json" }, body },
  ];
  for (const applied of [false, true]) {
    const tenant = await startContoso();
    tenant.addFault({ match: { pathIncludes: "/$batch" }, action: { kind: "status", status: 502, applied } });
    expect((await send(tenant, "POST", "/v1.0/$batch", { body: { requests } })).status).toBe(502);
    expect(tenant.user(ID.ada)?.onPremisesImmutableId).toBe(applied ? ANCHOR.free : null);
  }
});
