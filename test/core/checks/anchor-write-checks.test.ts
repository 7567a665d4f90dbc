/** What the findings about rows that write into AD say: by it an operator finds the account that is in the way. */
import { expect, test } from "vitest";
import { indexAnchorHolders } from "../../../src/core/ad-facts.ts";
import { ANCHOR_WRITE_CHECKS } from "../../../src/core/checks/anchor-write-checks.ts";
import { runChecks } from "../../../src/core/checks/checks.ts";
import { AD_GUID, account, anchorOf, batchOf, bytesOf, cloudUser, mapping } from "../../support/facts.ts";

const SID = "S-1-5-21-1-1-1-1105";
const id = anchorOf("ada", "OLD");
const world = {
  accounts: [account("ada")],
  users: [cloudUser("ada", { immutableId: id })],
  mappings: [mapping(2, "ada", { writeTo: "ad" as const })],
};
/** Ada's account in the domain that she leaves. */
const old = account("ada", { domain: "OLD", objectSid: SID });
const copy = account("cyd", { domain: "OLD", consistencyGuid: bytesOf(AD_GUID("OLDada")) });
const heldBy = (...holders: readonly (typeof old)[]) => ({ ad: { anchorHolders: indexAnchorHolders(holders) } });
const holding = (consistencyGuid: Uint8Array) => ({ accounts: [account("ada", { consistencyGuid })] });

for (const [code, title, changes, details] of [
  [
    "consistency-guid-taken",
    "accounts whose objectGUID it is and that hold a copy of it",
    heldBy(old, copy),
    [`OLD\\ada (${old.dn}) holds it as objectGUID, OLD\\cyd (${copy.dn}) holds it as mS-DS-ConsistencyGuid`],
  ],
  [
    "consistency-guid-taken",
    "an account without a SID, where the user has none either",
    heldBy(account("ada", { domain: "OLD" })),
    [`OLD\\ada (${old.dn}) holds it as objectGUID`],
  ],
  [
    "old-account-remains",
    "accounts of the person by their SID",
    {
      ...heldBy(old, { ...copy, objectSid: `${SID}0` }),
      accounts: [account("ada", { sidHistory: [SID, `${SID}0`] })],
    },
    [`OLD\\ada (${old.dn}) holds it as objectGUID, OLD\\cyd (${copy.dn}) holds it as mS-DS-ConsistencyGuid`],
  ],
  [
    "old-account-remains",
    "an account without a SID, where the user has none either",
    heldBy(account("ada", { domain: "OLD" })),
    [],
  ],
  [
    "consistency-guid-set",
    "a GUID in both spellings",
    holding(bytesOf(AD_GUID("CORPcyd"))),
    [`CORP\\ada holds ${anchorOf("cyd")} (${AD_GUID("CORPcyd")})`],
  ],
  ["consistency-guid-set", "20 bytes", holding(new Uint8Array(20)), ["CORP\\ada holds 20 bytes and no GUID"]],
  ["consistency-guid-set", "no bytes at all", holding(new Uint8Array(0)), []],
] as const) {
  test(`${code} of ${title} says: ${details.join() || "nothing"}`, () => {
    const batch = batchOf({ ...world, ...changes });
    expect(Array.from(ANCHOR_WRITE_CHECKS[code].find(batch), ({ detail }) => detail)).toEqual(details);
  });
}

for (const [title, changes, expected] of [
  ["without a user", { users: [] }, ["target-not-found"]],
  ["without an account", { accounts: [] }, ["source-not-found"]],
] as const) {
  test(`a row that writes into AD ${title} is found for that alone`, () => {
    const codes = runChecks(batchOf({ ...world, ...changes })).map(({ code }) => code);
    expect(codes).toEqual(expected);
  });
}
