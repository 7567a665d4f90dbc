/** What a domain controller has seen, in the shape of what a tenant has: one judge for both sides. */
import type { LedgerEntry } from "../../src/sim/directory/ledger.ts";
import type { SeenWrite } from "./ledger-oracle.ts";

type Modification = Extract<LedgerEntry, { kind: "modify" }>;

/** @throws {Error} It names no account by its objectGUID, or is no single value of mS-DS-ConsistencyGuid. */
export function fromModification({ sequence, dn, changes, code }: Modification): SeenWrite {
  const [, userId] = /^<GUID=([0-9a-f-]{36})>$/.exec(dn) ?? [];
  const isForeign = changes.some(
    ({ attribute, values }) => attribute !== "mS-DS-ConsistencyGuid" || values.length !== 1,
  );
  if (userId === undefined || isForeign) throw new Error(`a write that nobody makes: ${dn} ${JSON.stringify(changes)}`);
  const value = changes.find(({ change }) => change === "add")?.values[0] ?? null;
  return { sequence, key: userId, userId, value, applied: code === 0, clientRequestId: null };
}
