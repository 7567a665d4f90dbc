import { expect, test } from "vitest";
import { listComingManagers } from "../../src/core/takeover-managers.ts";
import { account, cloudUser } from "../support/facts.ts";

const lead = account("lead");
const led = (manager: string) => account("ada", { profile: { manager } });
const pairOf = (who: typeof lead, name = who.accountName) => ({ account: who, target: cloudUser(name) });
const ADA = cloudUser("ada").id;
const LEAD = { id: cloudUser("lead").id, userPrincipalName: cloudUser("lead").userPrincipalName };

for (const [title, pairs, expected] of [
  ["whose account and user are in the batch", [pairOf(led(lead.dn)), pairOf(lead)], LEAD],
  ["whose DN is spelt in another case", [pairOf(led(lead.dn.toUpperCase())), pairOf(lead)], LEAD],
  ["whose account is in no row", [pairOf(led(lead.dn))], undefined],
  ["whose row has no user", [pairOf(led(lead.dn)), { account: lead, target: null }], undefined],
  ["of somebody whose row has no user", [{ account: led(lead.dn), target: null }, pairOf(lead)], undefined],
  [
    "of somebody beside whom a row has no account",
    [{ account: null, target: cloudUser("ben") }, pairOf(led(lead.dn)), pairOf(lead)],
    LEAD,
  ],
  ["that AD does not name", [pairOf(account("ada")), pairOf(lead)], undefined],
] as const) {
  test(`a manager ${title} is ${expected === undefined ? "told of nobody" : "the user of that row, of one alone"}`, () => {
    expect([...listComingManagers(pairs)]).toEqual(expected === undefined ? [] : [[ADA, expected]]);
  });
}
