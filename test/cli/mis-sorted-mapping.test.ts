/**
 * A column of the mapping that was moved without the others: the accident that every technical check lets through.
 * Five hundred people as two systems know them, with nicknames, married names, accents, shared surnames and twenty
 * people without a name on one side.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { guidToBytes } from "../../src/core/guid.ts";
import type { IdentityPair } from "../../src/core/identity-index.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import type { SimulatedEntry } from "../../src/sim/directory/world.ts";
import { describeUser, type SimulatedUser } from "../../src/sim/tenant/world.ts";
import { makeCompany, shiftUsers } from "../core/identity-company.ts";
import { type SmallCompany, startCompany } from "../support/small-company.ts";

const SEED = Number(process.env.HARDMATCH_SEED ?? Date.now() % 100_000);
const people = makeCompany({ seed: SEED });
let company: SmallCompany;

beforeAll(async () => {
  company = await startCompany({
    entries: people.flatMap(({ account }) => (account === null ? [] : [describeAccount(account)])),
    users: people.flatMap(({ user }) => (user === null ? [] : [describeCloudUser(user)])),
  });
});
afterAll(() => company.close());

/** Writes the mapping and plans it. */
async function plan(pairs: readonly IdentityPair[], run: string, ...words: readonly string[]) {
  const lines = pairs.map(({ account, user }) => `${account?.accountName},${user?.userPrincipalName}\n`);
  company.write("mappings/people.csv", `sAMAccountName,userPrincipalName\n${lines.join("")}`);
  return await company.run(["plan", "mappings/people.csv", "--run", run, ...words]);
}

describe(`a mapping of 500 rows (HARDMATCH_SEED=${SEED})`, () => {
  test("is planned whole as it should be, and says which people have nothing to compare", async () => {
    const { code, stdout } = await plan(people, "runs/clean", "--json");
    const document = JSON.parse(stdout);
    expect([code, document.rowsToWrite, document.blockedBatch]).toEqual([0, 500, false]);
    const found = Object.fromEntries(
      document.codes.map((each: { code: string; rows: number }) => [each.code, each.rows]),
    );
    expect(found["identity-not-comparable"]).toBe(10);
    expect(found["identity-disagrees"] ?? 0).toBeLessThanOrEqual(2);
  });

  test("A21: is refused when its column of users is moved by one row, and the shift is named", async () => {
    const shifted = shiftUsers(people, 1);
    const { code, stdout } = await plan(shifted, "runs/shifted");
    expect(code).toBe(3);
    expect(stdout).toMatch(/identity-disagrees .*the whole batch/);
    expect(stdout).toContain("they would agree if the column userPrincipalName were moved up by 1 row");
    expect(stdout).toContain("The whole batch is blocked: mend what is named and plan again.");
    expect(stdout).not.toContain("hardmatch apply");

    const applied = await company.run(["apply", "runs/shifted", "--confirm", "500", "--skip-blocked"]);
    expect([applied.code, applied.stderr]).toEqual([3, expect.stringContaining("identity-disagrees")]);
    expect(company.applied()).toEqual([]);
  });

  test("whose people really differ is accepted by their exact number, and by no other", async () => {
    const shifted = shiftUsers(people, 1);
    const refused = JSON.parse((await plan(shifted, "runs/refused", "--json")).stdout);
    const rows = refused.codes.find((each: { code: string; severity: string }) => {
      return each.code === "identity-disagrees" && each.severity === "warn";
    }).rows as number;
    expect(rows).toBeGreaterThan(200);
    const other = await plan(shifted, "runs/other", "--accept-identity-mismatch", String(rows - 1));
    expect(other.code).toBe(3);
    const accepted = await plan(shifted, "runs/accepted", "--accept-identity-mismatch", String(rows));
    expect(accepted.code, accepted.stdout).toBe(0);
    expect(accepted.stdout).toContain(`${rows} of `);
    expect(accepted.stdout).toContain("hardmatch apply runs/accepted --confirm 500");
  });
});

function describeAccount(account: AdAccount): SimulatedEntry {
  const texts: Readonly<Record<string, string | readonly string[] | null>> = {
    sAMAccountName: account.accountName,
    userPrincipalName: account.userPrincipalName,
    displayName: account.displayName,
    givenName: account.givenName,
    sn: account.surname,
    mail: account.mail,
    proxyAddresses: account.proxyAddresses,
    employeeID: account.employeeId,
    userAccountControl: "512",
  };
  const attributes = Object.entries(texts).flatMap(([name, value]) => {
    const values = value === null ? [] : [value].flat();
    return values.length === 0 ? [] : [[name, values] as const];
  });
  return {
    dn: account.dn,
    objectClass: ["user"],
    attributes: Object.fromEntries(attributes),
    binary: { objectGUID: [Buffer.from(guidToBytes(account.objectGuid)).toString("base64")] },
  };
}

function describeCloudUser(user: CloudUser): SimulatedUser {
  const { id, userPrincipalName, displayName, givenName, surname, mail, proxyAddresses, employeeId } = user;
  return describeUser({
    id,
    userPrincipalName,
    displayName: displayName ?? userPrincipalName,
    givenName,
    surname,
    mail,
    proxyAddresses: [...proxyAddresses],
    employeeId,
  });
}
