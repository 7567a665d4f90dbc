import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { Governor, PauseTooLong } from "../../../src/adapters/graph/governor.ts";
import { createFixedChance, createJumpingClock } from "./jumping-clock.ts";
import { ADA, graphError, NEVER, openRawTenant, sendJson, userJson } from "./raw-server.ts";

const LIMITS = { writes: 3000, windowSeconds: 150, inFlight: 16 };

function createGovernor(limits = LIMITS) {
  const clock = createJumpingClock();
  const notes: string[] = [];
  return { clock, notes, governor: new Governor(limits, clock, createFixedChance(), (text) => notes.push(text)) };
}

test("writes go out in a full burst and then at the rate of the refill", async () => {
  const { clock, governor } = createGovernor();
  const sentAtMs: number[] = [];
  for (let count = 0; count < 10_000; count += 1) {
    const turn = await governor.enter("write", 1, NEVER);
    sentAtMs.push(clock.monotonicMs());
    turn.leave();
  }
  expect(sentAtMs[2991]).toBe(0);
  expect(sentAtMs[3011]).toBe(1000);
  expect(sentAtMs.at(-1)).toBe(350_400);
});

test.each([
  { users: null, grants: 3500, tenant: "whose users nobody has counted" },
  { users: 49, grants: 3500, tenant: "of 49 users" },
  { users: 50, grants: 5000, tenant: "of 50 users" },
  { users: 500, grants: 5000, tenant: "of 500 users" },
  { users: 501, grants: 8000, tenant: "of 501 users" },
])("a tenant $tenant is read at $grants units in 10 s", async ({ users, grants }) => {
  const { clock, governor } = createGovernor();
  (await governor.enter("read", 1000, NEVER)).leave();
  if (users !== null) governor.tenantHas(users);
  (await governor.enter("read", grants - 1000, NEVER)).leave();
  expect(clock.monotonicMs()).toBe(0);
  (await governor.enter("read", grants, NEVER)).leave();
  expect(clock.monotonicMs()).toBe(10_000);
});

test("a pause holds requests that had their turn coming, and the longest pause counts", async () => {
  const { clock, governor, notes } = createGovernor();
  const [first, second] = [await governor.enter("read", 1, NEVER), await governor.enter("read", 1, NEVER)];
  governor.throttled(first, "read", 30_000);
  governor.throttled(second, "read", 10_000);
  first.leave();
  second.leave();
  (await governor.enter("write", 1, NEVER)).leave();
  expect(clock.monotonicMs()).toBe(30_000);
  expect(notes).toEqual([
    "The tenant asks for a pause of 30 s, until 01:00:30 UTC; all requests are held.",
    "The pause is over; going on.",
  ]);
});

test("a pause of 15 minutes or more is not waited for", async () => {
  const { clock, governor } = createGovernor();
  const turn = await governor.enter("write", 1, NEVER);
  governor.throttled(turn, "write", 15 * 60_000);
  turn.leave();
  await expect(governor.enter("read", 1, NEVER)).rejects.toThrow(PauseTooLong);
  expect(clock.waits).toEqual([]);
});

test("what is left of a pause that was told as too long is not waited for either", async () => {
  const { clock, governor } = createGovernor();
  const turn = await governor.enter("write", 1, NEVER);
  governor.throttled(turn, "write", 15 * 60_000);
  turn.leave();
  await clock.sleep(10, NEVER);
  await expect(governor.enter("read", 1, NEVER)).rejects.toThrow(PauseTooLong);
  expect(clock.waits).toEqual([10]);
  await clock.sleep(15 * 60_000, NEVER);
  (await governor.enter("read", 1, NEVER)).leave();
});

test("a pause that is not told grows from event to event", async () => {
  const { governor } = createGovernor();
  const waits: number[] = [];
  for (let event = 0; event < 7; event += 1) {
    const turn = await governor.enter("read", 1, NEVER);
    waits.push(governor.throttled(turn, "read", null));
    turn.leave();
  }
  expect(waits).toEqual([1500, 2500, 4500, 8500, 16_500, 30_500, 30_500]);
});

test("concurrency starts at 4, grows to the limit and is halved once by requests that were under way together", async () => {
  const { governor } = createGovernor();
  expect(governor.concurrency).toBe(4);
  for (let count = 0; count < 500; count += 1) {
    const turn = await governor.enter("read", 1, NEVER);
    governor.succeeded("read");
    turn.leave();
  }
  expect(governor.concurrency).toBe(16);
  const turns = await Promise.all(Array.from({ length: 16 }, () => governor.enter("read", 1, NEVER)));
  for (const turn of turns) governor.throttled(turn, "read", 0);
  for (const turn of turns) turn.leave();
  expect(governor.concurrency).toBe(8);
});

test("no more requests are under way at once than the concurrency allows", async () => {
  const { governor } = createGovernor({ ...LIMITS, inFlight: 2 });
  const [first] = [await governor.enter("read", 1, NEVER), await governor.enter("read", 1, NEVER)];
  let entered = false;
  const third = governor.enter("read", 1, NEVER).then((turn) => {
    entered = true;
    return turn;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toBe(false);
  first.leave();
  first.leave(); // Left twice counts once.
  (await third).leave();
  const stop = new AbortController();
  await governor.enter("read", 1, NEVER);
  const stopped = governor.enter("read", 1, stop.signal);
  stop.abort(new Error("stopped"));
  await expect(stopped).rejects.toThrow("stopped");
});

test("a request that waited for its place while a pause began waits for the pause too", async () => {
  const { clock, governor } = createGovernor({ ...LIMITS, inFlight: 1 });
  const first = await governor.enter("read", 1, NEVER);
  const second = governor.enter("read", 1, NEVER);
  await new Promise((resolve) => setImmediate(resolve));
  governor.throttled(first, "read", 30_000);
  first.leave();
  (await second).leave();
  expect(clock.waits).toEqual([30_000]);
});

test("one 429 holds every other request until its pause is over", async () => {
  await using raw = await openRawTenant((response, request, count) => {
    if (count === 1) sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "20" });
    else if (request.method === "PATCH") sendJson(response, 204, null);
    else sendJson(response, 200, userJson(ADA, "ada@contoso.example"));
  });
  const first = raw.tenant.writeValue({ objectId: ADA, after: "x" }, "call-1", NEVER);
  expect((await first).meaning).toBe("accepted");
  await Promise.all(Array.from({ length: 10 }, () => raw.tenant.readValue(ADA, NEVER)));
  expect(raw.seen).toHaveLength(12);
  expect(raw.seen.slice(1).every(({ atMs }) => atMs >= 20_000)).toBe(true);
});

test("a write whose pause outlasts the read it rests on is not sent again", async () => {
  await using raw = await openRawTenant((response) =>
    sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "60" }),
  );
  const answer = await raw.tenant.writeValue({ objectId: ADA, after: "x", freshForMs: 30_000 }, "call-1", NEVER);
  expect(answer.meaning).toBe("too-late");
  expect(raw.seen).toHaveLength(1);
});

test("requests that wait while a pause begins wait for its end", async () => {
  const together: ServerResponse[] = [];
  await using raw = await openRawTenant((response, _request, count) => {
    if (count > 4) return sendJson(response, 200, userJson(ADA, "ada@contoso.example"));
    together.push(response);
    if (count < 4) return;
    for (const each of together) sendJson(each, 503, graphError("ServiceUnavailable"), { "retry-after": "20" });
  });
  await Promise.all(Array.from({ length: 30 }, () => raw.tenant.readValue(ADA, NEVER)));
  expect(raw.seen.slice(0, 4).map(({ atMs }) => atMs)).toEqual([0, 0, 0, 0]);
  expect(raw.seen.slice(4).every(({ atMs }) => atMs >= 20_000)).toBe(true);
});

test("a service that throttles for ever ends the read instead of being hammered", async () => {
  await using raw = await openRawTenant((response) =>
    sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "1" }),
  );
  await expect(raw.tenant.readValue(ADA, NEVER)).rejects.toMatchObject({ code: "tenant" });
  const writes = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      raw.tenant.writeValue({ objectId: ADA, after: "x" }, `call-${index}`, NEVER),
    ),
  );
  expect(writes.every(({ meaning }) => meaning === "not-sent")).toBe(true);
  expect(raw.seen.length).toBeLessThan(120);
});

const HOUR_MS = 3_600_000;
const httpDate = (ms: number) => new Date(ms).toUTCString();

for (const [title, serverAheadMs, waitMs] of [
  ["two hours ahead of ours", 2 * HOUR_MS, 120_000],
  ["two hours behind ours", -2 * HOUR_MS, 120_000],
  ["as ours", 0, 120_000],
] as const) {
  test(`C02: a Retry-After that is a date counts from the answer's own Date: a server clock ${title}`, async () => {
    await using raw = await openRawTenant((response, _request, count) => {
      if (count > 1) return sendJson(response, 200, userJson(ADA, "ada@contoso.example"));
      const serverMs = raw.clock.now().getTime() + serverAheadMs;
      const headers = { date: httpDate(serverMs), "retry-after": httpDate(serverMs + waitMs) };
      sendJson(response, 429, graphError("TooManyRequests"), headers);
    });
    await raw.tenant.readValue(ADA, NEVER);
    expect(raw.seen.map(({ atMs }) => atMs)).toEqual([0, waitMs]);
  });
}

for (const [title, byMs] of [
  ["an hour forward", HOUR_MS],
  ["an hour back", -HOUR_MS],
  ["a year forward", 365 * 24 * HOUR_MS],
] as const) {
  test(`D21: a pause lasts as long as the tenant asks for when the wall clock is set ${title} in it`, async () => {
    await using raw = await openRawTenant((response, _request, count) => {
      if (count > 1) return sendJson(response, 200, userJson(ADA, "ada@contoso.example"));
      raw.clock.setWallClock(byMs);
      sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "20" });
    });
    await raw.tenant.readValue(ADA, NEVER);
    expect(raw.seen.map(({ atMs }) => atMs)).toEqual([0, 20_000]);
  });
}

test.each([
  ["is not sent after a sleep that only the wall clock has seen", HOUR_MS, "too-late", 1],
  ["is sent all the same when the wall clock was set back", -HOUR_MS, "accepted", 2],
] as const)("D15: a write that waits for its turn %s", async (_title, byMs, meaning, requests) => {
  await using raw = await openRawTenant((response, _request, count) => {
    if (count > 1) return sendJson(response, 204, null);
    raw.clock.setWallClock(byMs);
    sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "20" });
  });
  const answer = await raw.tenant.writeValue({ objectId: ADA, after: "x", freshForMs: 30_000 }, "call-1", NEVER);
  expect([answer.meaning, raw.seen.length]).toEqual([meaning, requests]);
});
