/** How many requests a plan takes: the part of the bench that needs no clock. */
import { expect, test } from "vitest";
import { startFaultyRun } from "../reliability/faulty-run.ts";
import { countRequests } from "./plan-requests.ts";

const named = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `user${from + index}`);

const CASES = [
  // Two counts, four pages of users, one of the recycle bin.
  { title: "most of a tenant lists it", people: 3000, users: 3600, ofUsers: 7, managed: 150 },
  // Two counts, the recycle bin, names, IDs, addresses.
  { title: "few of a tenant looks them up", people: 50, users: 5000, ofUsers: 15, managed: 3 },
];

for (const { title, people, users, ofUsers, managed } of CASES) {
  test(`a plan of ${title}: ${people} of ${users} users take at most ${ofUsers} requests`, async () => {
    const others = Object.fromEntries(named(people, users).map((name) => [name, {}]));
    await using run = await startFaultyRun({ people: named(0, people), users: others, inFlight: 16 });
    const { rows } = await run.plan();
    expect(rows).toHaveLength(people);
    const exchanges = run.simulated.ledger.exchangeCounts();
    const counted = countRequests(exchanges);
    expect(counted.users).toBeLessThanOrEqual(ofUsers);
    expect(exchanges["v1.0 $batch of GET /domains"]).toBe(1);
    expect(exchanges["v1.0 $batch of GET /users/{key}/onPremisesSyncBehavior"]).toBeLessThanOrEqual(managed);
  });
}

test("a plan lists a large tenant in parts, and what only beta shows in the same ones", async () => {
  const begun = (from: number, to: number) => named(from, to).map((name, index) => `${"ehm"[index % 3]}${name}`);
  const others = Object.fromEntries(begun(1650, 4100).map((name) => [name, {}]));
  await using run = await startFaultyRun({ people: begun(0, 1650), users: others, inFlight: 16 });
  const { rows } = await run.plan();
  expect(rows.filter(({ action }) => action === "set")).toHaveLength(1650);
  const exchanges = run.simulated.ledger.exchangeCounts();
  // Five pages after each other, or twice two for each part.
  expect([exchanges["v1.0 GET /users"], exchanges["beta GET /users"]]).toEqual([6, 6]);
});

test("who is managed in the cloud is asked while the tenant is still being listed", async () => {
  await using run = await startFaultyRun({ people: named(0, 2500), inFlight: 16 });
  const seen: string[] = [];
  const { tenant } = run.world;
  const world = {
    ...tenant,
    async *listUsers(signal: AbortSignal) {
      for await (const page of tenant.listUsers(signal)) {
        yield page;
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`page, ${run.simulated.ledger.requestCounts()["GET /users/{key}/onPremisesSyncBehavior"] ?? 0}`);
      }
    },
  };
  Object.assign(run.world, { tenant: world });
  await run.plan();
  expect(seen).toHaveLength(3);
  const before = Number(seen.at(-1)?.split(", ")[1]);
  expect(before).toBeGreaterThan(0);
});
