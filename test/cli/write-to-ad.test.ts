/** The way into AD as an operator goes it: plan, apply, verify and a rollback from the results file alone. */
import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { readCsv } from "../../src/sim/demo/read-csv.ts";
import { describeUser } from "../../src/sim/tenant/world.ts";
import { AD_GUID, CLOUD_ID, idOf } from "../support/facts.ts";
import { describeEntry, type SmallCompany, startCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeAll(async () => {
  company = await startSmallCompany();
});
afterAll(() => company.close());

const linesOf = (...path: readonly string[]) => readCsv(readFileSync(company.path(...path), "utf8"));

test("IDs are written into AD, seen by verify, and taken back from results.csv alone", async () => {
  // Ada's user holds no ID, Dee's and Eve's hold the ones of each other's accounts, Fay's that of her own.
  const mapping = company.writeMapping(["ada", "dee", "fay"]);
  const planned = await company.run(["plan", mapping, "--write-to", "ad", "--run", "runs/night", "--json"]);
  expect(planned, planned.stderr).toMatchObject({ code: EXIT_CODES.blocked });
  const { blockedRows, toSet, rowsToWrite } = JSON.parse(planned.stdout);
  expect(blockedRows.map(({ findings }: { findings: string[] }) => findings)).toEqual([
    ["cloud-id-missing"],
    ["consistency-guid-taken", "account-already-synced"],
  ]);
  expect(blockedRows[1].reason).toMatch(/CORP\\eve \(CN=eve,.*\) holds it as objectGUID/);
  expect([toSet, rowsToWrite]).toEqual([1, 1]);
  expect(linesOf("runs", "night", "plan.csv").map(({ side, action }) => `${side} ${action}`)).toEqual([
    "ad blocked",
    "ad blocked",
    "ad set-consistency-guid",
  ]);

  const applied = await company.run(["apply", "runs/night", "--confirm", "1", "--skip-blocked"]);
  expect(applied, applied.stderr).toMatchObject({ code: EXIT_CODES.done });
  expect(linesOf("runs", "night", "results.csv")[2]).toMatchObject({
    ...{
      side: "ad",
      action: "set-consistency-guid",
      objectId: AD_GUID("fay"),
      userPrincipalName: "fay@contoso.example",
    },
    ...{ previousWas: "unset", immutableId: idOf("fay"), otherSideValue: idOf("fay"), status: "verified" },
    requestId: "dc1.corp.contoso.example",
  });
  const verified = await company.run(["verify", "runs/night", "--json"]);
  expect([verified.code, JSON.parse(verified.stdout).counts.holds]).toEqual([EXIT_CODES.done, 1]);
  expect(company.applied()).toEqual([]);

  company.write("results.csv", readFileSync(company.path("runs", "night", "results.csv"), "utf8"));
  rmSync(company.path("runs", "night"), { recursive: true });
  const back = await company.run(["rollback", "results.csv", "--run", "runs/back", "--confirm", "1"]);
  expect(back, back.stderr).toMatchObject({ code: EXIT_CODES.done });
  const seen = await company.run(["verify", "runs/back", "--json"]);
  expect([seen.code, JSON.parse(seen.stdout).counts.holds]).toEqual([EXIT_CODES.done, 1]);
  const anew = await company.run(["plan", mapping, "--write-to", "ad", "--run", "runs/anew", "--json"]);
  expect(JSON.parse(anew.stdout).toSet).toBe(1);
});

test("a cell and an option that name no side are refused, with those that there are", async () => {
  const option = await company.run(["plan", "people.csv", "--write-to", "tenant"]);
  expect([option.code, option.stderr]).toEqual([EXIT_CODES.usage, expect.stringContaining("Choose one of cloud, ad.")]);
  const file = company.write(
    "sides.csv",
    "sAMAccountName,userPrincipalName,writeTo\nada,ada@contoso.example,on-premises\n",
  );
  const cell = await company.run(["plan", file]);
  expect([cell.code, cell.stderr]).toEqual([EXIT_CODES.usage, expect.stringContaining("write cloud or ad")]);
});

/** A cloud user that is synced from the old domain, with the ID that stands for the old account. */
const movingUser = (name: string, changes: Partial<Parameters<typeof describeUser>[0]> = {}) =>
  describeUser({
    ...{ id: CLOUD_ID(name), userPrincipalName: `${name}@contoso.example`, displayName: name },
    ...{ onPremisesImmutableId: idOf(`${name} in the old domain`), onPremisesSyncEnabled: true },
    ...changes,
  });
const TAKEN_IN = Array.from({ length: 10 }, (_, index) => `taken${index}`);
/** Whom sync has made of the new account of a person. */
const twinOf = (name: string) =>
  describeUser({
    ...{ id: CLOUD_ID(`twin of ${name}`), userPrincipalName: `${name}1234@contoso.example`, displayName: name },
    ...{ onPremisesImmutableId: idOf(name), onPremisesSyncEnabled: true },
  });

describe.each([
  ["the tenant keeps identifiers", false],
  ["the tenant lets sync overwrite identifiers", true],
])("people who move between domains, where %s", (_title, allowed) => {
  const names = ["odd", ...TAKEN_IN, "same", "other", "none"];
  const held = (value: string) => ({ onPremisesObjectIdentifier: value });
  let moving: SmallCompany;
  beforeAll(async () => {
    moving = await startCompany({
      entries: names.map(describeEntry),
      users: [
        movingUser("odd", { onPremisesImmutableId: Buffer.from("fifteen bytes..").toString("base64") }),
        ...TAKEN_IN.flatMap((name) => [movingUser(name), twinOf(name)]),
        movingUser("same", held(AD_GUID("same"))),
        movingUser("other", held(AD_GUID("other in the old domain"))),
        movingUser("none"),
      ],
      roles: { syncFeatures: { allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled: allowed } },
    });
  });
  afterAll(() => moving.close());

  test("each is blocked for what stands in the way, counted, and the others are written and nobody else", async () => {
    const mapping = moving.writeMapping(names);
    const planned = await moving.run(["plan", mapping, "--write-to", "ad", "--run", "runs/night", "--json"]);
    expect(planned, planned.stderr).toMatchObject({ code: EXIT_CODES.blocked });
    const { blockedRows, rowsToWrite } = JSON.parse(planned.stdout);
    const blockedBy = Object.fromEntries(
      blockedRows.map(({ account, findings }: { account: string; findings: string[] }) => [account, findings]),
    );
    expect(blockedBy).toEqual({
      odd: ["cloud-id-not-a-guid"],
      ...Object.fromEntries(TAKEN_IN.map((name) => [name, expect.arrayContaining(["account-already-synced"])])),
      ...(allowed ? {} : { other: ["target-object-identifier-set"] }),
    });
    const writable = allowed ? ["same", "other", "none"] : ["same", "none"];
    expect(rowsToWrite).toBe(writable.length);

    const apply = ["apply", "runs/night", "--confirm", String(writable.length), "--skip-blocked"];
    const applied = await moving.run(apply);
    expect(applied, applied.stderr).toMatchObject({ code: EXIT_CODES.done });
    const lines = readCsv(readFileSync(moving.path("runs", "night", "results.csv"), "utf8"));
    expect(
      lines.filter(({ status }) => status === "verified").map(({ objectId, immutableId }) => [objectId, immutableId]),
    ).toEqual(writable.map((name) => [AD_GUID(name), idOf(`${name} in the old domain`)]));
    expect(moving.applied()).toEqual([]);
  });
});
