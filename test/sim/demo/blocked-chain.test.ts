/** A chain of four whose second row is blocked: whoever waits for it is left alone, and is told for whom it waits. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type Company, settle } from "../../../src/sim/company/company.ts";
import { lineFor } from "../../../src/sim/company/company-row.ts";
import { blocked, replace } from "../../../src/sim/company/expectation.ts";
import { circle, inRecycleBin } from "../../../src/sim/company/peculiarity.ts";
import { createEmploy } from "../../../src/sim/company/person.ts";
import { describeUser } from "../../../src/sim/tenant/world.ts";
import { MAPPING, startSurroundings } from "../../crash/surroundings.ts";

const NAMES = ["Ada", "Ben", "Cyd", "Dee"] as const;

/** Ada's ID is free, Ben wants what Ada holds, Cyd what Ben holds, Dee what Cyd holds; a deleted user holds Ben's too. */
function makeChainCompany(): Company {
  const employ = createEmploy(4);
  const people = NAMES.map((name) => employ(name, "Quist"));
  const [, ben] = people;
  if (ben === undefined) throw new RangeError("the chain has no second person");
  for (const [index, person] of people.entries()) {
    person.user.onPremisesImmutableId = people[index + 1]?.immutableId ?? "bm9ib2R5LW5lZWRzLXRoaXM=";
  }
  const duplicate = describeUser({
    id: "d0000000-0000-4000-8000-00000000000b",
    userPrincipalName: "ben.quist2@contoso.example",
    onPremisesImmutableId: ben.immutableId,
  });
  const rows = people.map((person) => lineFor(person, blocked("target-has-other-id"), { replacing: replace() }));
  return settle(4, [{ ...circle(people, rows), deletedUsers: [inRecycleBin(duplicate)] }]);
}

test("with --skip-blocked the rows behind the blocked second row of a chain are left alone, by name", async () => {
  const company = makeChainCompany();
  const surroundings = await startSurroundings(company, { tenantId: randomUUID() });
  try {
    const planned = await surroundings.run("plan", MAPPING, "--replace", "--run", "runs/chain");
    expect(planned, planned.stderr).toMatchObject({ code: 3 });
    const lines = surroundings.readRunCsv("runs/chain", "plan.csv");
    const rowOf = Object.fromEntries(lines.map(({ row, sAMAccountName }) => [sAMAccountName, row]));
    const findings = Object.fromEntries(lines.map((line) => [line.sAMAccountName, `${line.action} ${line.findings}`]));
    expect(findings).toEqual({
      "ada.quist": "replace target-has-other-id",
      "ben.quist": "blocked target-has-other-id id-held-by-deleted-user id-held-in-batch",
      "cyd.quist": "blocked target-has-other-id id-held-in-batch waits-for-blocked-row",
      "dee.quist": "blocked target-has-other-id id-held-in-batch waits-for-blocked-row",
    });
    const names = (waiting: string, waitedFor: string) =>
      new RegExp(`row ${rowOf[waiting]} .*row ${rowOf[waitedFor]} `);
    expect(planned.stdout).toMatch(names("cyd.quist", "ben.quist"));
    expect(planned.stdout).toMatch(names("dee.quist", "cyd.quist"));

    const applied = await surroundings.run("apply", "runs/chain", "--skip-blocked", "--confirm", "1", "--canary", "0");
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    const ada = company.tenant.users.find(({ userPrincipalName }) => userPrincipalName.startsWith("ada."));
    const written = (await surroundings.ledger()).map(({ userId }) => userId);
    expect(written).toEqual([ada?.id]);
    const statuses = surroundings
      .readRunCsv("runs/chain", "results.csv")
      .map((line) => [line.sAMAccountName, line.status]);
    expect(Object.fromEntries(statuses)).toEqual({
      "ada.quist": "verified",
      "ben.quist": "blocked",
      "cyd.quist": "blocked",
      "dee.quist": "blocked",
    });
  } finally {
    await surroundings.close();
  }
});
