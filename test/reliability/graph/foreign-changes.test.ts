/** Somebody else changes users meanwhile: what they changed is left alone, and said. */
import { expect, test } from "vitest";
import { anchorOf, CLOUD_ID } from "../../support/facts.ts";
import { type FaultyRun, startFaultyRun } from "../faulty-run.ts";

const PEOPLE = ["ada", "ben", "cyd"];
const ben = CLOUD_ID("ben");
const others = (status: string) => ["2.1 verified", `3.1 ${status}`, "4.1 verified"];

/** Does something when the n-th write has reached the tenant. */
function afterWrite(run: FaultyRun, n: number, act: () => void): void {
  const { writeValue } = run.world.tenant;
  let count = 0;
  run.world.tenant.writeValue = async (...call) => {
    const answer = await writeValue(...call);
    count += 1;
    if (count === n) act();
    return answer;
  };
}

test("C16: a foreign write after our own is found when the row is read back, and is not overwritten", async () => {
  await using run = await startFaultyRun({ people: PEOPLE, inFlight: 1 });
  await run.plan();
  afterWrite(run, 4, () => run.simulated.changeUser(ben, { onPremisesImmutableId: "theirs" }));
  await run.apply();
  await run.finish();
  expect(run.outcomes().map(({ row, status }) => `${row} ${status}`)).toContain("3 drift");
  expect([run.valueOf("ben"), run.valuesSent("ben"), run.judge()]).toEqual(["theirs", [anchorOf("ben")], []]);
  await run.rollBack();
  expect(run.valueOf("ben")).toBe("theirs");
});

test("C16: a foreign write between the last read and the write is lost: the documented race, seen in the ledger", async () => {
  await using run = await startFaultyRun({ people: PEOPLE });
  await run.plan();
  run.strike({
    match: { method: "PATCH", userId: ben, nth: 1 },
    action: { kind: "foreign-write-before", value: "theirs" },
  });
  await run.apply();
  expect(run.statuses()).toEqual(others("verified"));
  expect(run.simulated.ledger.attemptsOn(ben)).toMatchObject([{ before: "theirs", applied: true }]);
});

for (const [id, name, act] of [
  ["C17", "given another ID", (run: FaultyRun) => run.simulated.changeUser(ben, { onPremisesImmutableId: "theirs" })],
  ["C19", "deleted", (run: FaultyRun) => run.simulated.deleteUser(ben)],
  ["C19", "renamed", (run: FaultyRun) => run.simulated.changeUser(ben, { userPrincipalName: "ben2@contoso.example" })],
  [
    "C19",
    "renamed, and the old name given to another person",
    (run: FaultyRun) => {
      run.simulated.changeUser(ben, { userPrincipalName: "ben2@contoso.example" });
      run.simulated.changeUser(CLOUD_ID("dee"), { userPrincipalName: "ben@contoso.example" });
    },
  ],
  ["C20", "taken over by sync", (run: FaultyRun) => run.simulated.changeUser(ben, { onPremisesSyncEnabled: true })],
] as const) {
  for (const when of ["before the apply", "during it, before its own read"] as const) {
    test(`${id}: a user that was ${name} since the plan, ${when}, is never written`, async () => {
      await using run = await startFaultyRun({ people: PEOPLE, users: { dee: {} }, inFlight: 1 });
      await run.plan();
      if (when === "before the apply") act(run);
      // The canary's first write is Ada's, long before Ben's turn.
      else afterWrite(run, 1, () => act(run));
      await run.apply();
      expect(run.statuses()).toEqual(others("drift"));
      const reached = run.simulated.ledger.entries.map(({ userId }) => userId);
      expect([reached.includes(ben), reached.includes(CLOUD_ID("dee"))]).toEqual([false, false]);
      expect(run.judge()).toEqual([]);
    });
  }
}

test("C18: a value that somebody changed after the run is not rolled back, and holds up no other row", async () => {
  await using run = await startFaultyRun({ people: PEOPLE });
  await run.plan();
  await run.apply();
  run.simulated.changeUser(ben, { onPremisesImmutableId: "theirs" });
  await run.rollBack();
  expect([run.valueOf("ada"), run.valueOf("ben"), run.valueOf("cyd")]).toEqual([null, "theirs", null]);
  expect(run.statuses()).toEqual(others("drift"));
  expect(run.judge()).toEqual([]);
});

test("C20: rows that sync took over after the run are named first and left, the others go back", async () => {
  await using run = await startFaultyRun({ people: PEOPLE });
  await run.plan();
  await run.apply();
  run.simulated.changeUser(ben, { onPremisesSyncEnabled: true });
  await run.rollBack();
  expect([run.valueOf("ada"), run.valueOf("ben"), run.valueOf("cyd")]).toEqual([null, anchorOf("ben"), null]);
  expect(run.statuses()).toEqual(others("taken-over"));
});

test("C34: unset and a long foreign text are kept apart, and rollback restores each exactly", async () => {
  const foreign = "x".repeat(60);
  await using run = await startFaultyRun({ people: PEOPLE, holds: { ben: `=${foreign}` } });
  await run.plan();
  await run.apply();
  await run.rollBack();
  expect([run.valueOf("ada"), run.valueOf("ben"), run.judge()]).toEqual([null, foreign, []]);
  expect(run.valuesSent("ada").at(-1)).toBeNull();
});

test("C34: an empty text cannot be written back, so its row fails by name and is never restored as unset", async () => {
  await using run = await startFaultyRun({ people: PEOPLE, holds: { ben: "=" } });
  await run.plan();
  await run.apply();
  await run.rollBack();
  expect(run.valuesSent("ben")).toEqual([anchorOf("ben"), ""]);
  expect(run.outcomes().map(({ row, status }) => `${row} ${status}`)).toContain("3 failed");
  expect(run.valueOf("ben")).toBe(anchorOf("ben"));
});

test("C35: a value that is there already is no write, and rollback leaves it alone", async () => {
  await using run = await startFaultyRun({ people: PEOPLE, holds: { ben: "ben" } });
  await run.plan();
  await run.apply();
  expect(run.statuses()).toEqual(others("already"));
  await run.rollBack();
  expect([run.valuesSent("ben"), run.valueOf("ben"), run.changedSinceStart()]).toEqual([[], anchorOf("ben"), []]);
});

test("C38: two hosts with overlapping plans leave each row right or as drift, and never write in turns", async () => {
  await using first = await startFaultyRun({ people: PEOPLE, canary: 0 });
  await using second = await startFaultyRun({
    people: PEOPLE,
    canary: 0,
    beside: first,
    accounts: { ben: { consistencyGuid: null, objectGuid: CLOUD_ID("another account of Ben") } },
  });
  await Promise.all([first.plan(), second.plan()]);
  await Promise.all([first.apply(), second.apply()]);
  const known = new Set(["verified", "already", "drift", "accepted"]);
  for (const { status } of [...first.outcomes(), ...second.outcomes()]) expect(known).toContain(status);
  for (const name of PEOPLE) expect(first.valuesSent(name).length).toBeLessThanOrEqual(2);
  expect([first.valueOf("ada"), first.valueOf("cyd")]).toEqual([anchorOf("ada"), anchorOf("cyd")]);
  const claims = [first, second].flatMap((run) =>
    run.outcomes().filter(({ row, status }) => row === 3 && status === "verified"),
  );
  for (const { change } of claims.slice(-1)) expect(first.valueOf("ben")).toBe(change?.after);
});
