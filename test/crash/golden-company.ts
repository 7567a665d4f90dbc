/**
 * The run that is killed at every effect: 20 rows with everything in it that a crash can tear apart.
 *
 * Twelve users hold nothing, one holds an old value, one is matched already. Two hold each other's ID (a swap), three
 * wait for each other (a chain), and one waits for a user outside the batch that is cleared (a holder action).
 */
import { describeTenant, describeUser, type SimulatedTenant } from "../../src/sim/tenant/world.ts";
import { CLOUD_ID, idOf } from "../support/facts.ts";

export const GOLDEN_NAMES = [
  ...["ada", "ben", "cyd", "dee", "eve", "fay", "gus", "hal", "ida", "jon"],
  ...["kim", "lea", "max", "nia", "oli", "pam", "quin", "rae", "sam", "tea"],
] as const;

/** What users hold at the start, beside those that hold nothing. */
const HELD: Readonly<Record<string, string>> = {
  max: idOf("somebody who left"),
  nia: idOf("nia"),
  oli: idOf("pam"),
  pam: idOf("oli"),
  rae: idOf("quin"),
  sam: idOf("rae"),
};
/** The user outside the batch that holds Tea's ID. */
export const HOLDER = "tea2";

/** Rows that a run writes: all but the one that is matched already. */
export const ROWS_TO_WRITE = GOLDEN_NAMES.length - 1;
export const GOLDEN_APPLY = ["--confirm", String(ROWS_TO_WRITE), "--confirm-holders", "1"] as const;

export const GOLDEN_MAPPING = `sAMAccountName,userPrincipalName,onConflict\n${GOLDEN_NAMES.map(
  (name) => `${name},${name}@contoso.example,${name === "tea" ? "clear-holder" : ""}\n`,
).join("")}`;

export function describeGoldenTenant(id: string): SimulatedTenant {
  const person = (name: string, held: string | null) =>
    describeUser({
      id: CLOUD_ID(name),
      userPrincipalName: `${name}@contoso.example`,
      displayName: name,
      onPremisesImmutableId: held,
    });
  const users = GOLDEN_NAMES.map((name) => person(name, HELD[name] ?? null));
  return describeTenant({ id, users: [...users, person(HOLDER, idOf("tea"))] });
}

/** What every user holds when the run is done. */
export const GOLDEN_END: ReadonlyMap<string, string | null> = new Map([
  ...GOLDEN_NAMES.map((name) => [CLOUD_ID(name), idOf(name)] as const),
  [CLOUD_ID(HOLDER), null],
]);
