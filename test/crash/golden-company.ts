/**
 * The run that is killed at every effect: 22 rows with everything in it that a crash can tear apart.
 *
 * Twelve users hold nothing, one holds an old value, one is matched already. Two hold each other's ID (a swap), three
 * wait for each other (a chain), and one waits for a user outside the batch that is cleared (a holder action). Two more
 * move between domains: their IDs are written into AD, over an old value for one of them.
 */

import type { SimulatedEntry } from "../../src/sim/directory/world.ts";
import { describeTenant, describeUser, type SimulatedTenant } from "../../src/sim/tenant/world.ts";
import { AD_GUID, CLOUD_ID, idOf } from "../support/facts.ts";
import { describeEntry } from "../support/small-company.ts";

export const GOLDEN_NAMES = [
  ...["ada", "ben", "cyd", "dee", "eve", "fay", "gus", "hal", "ida", "jon"],
  ...["kim", "lea", "max", "nia", "oli", "pam", "quin", "rae", "sam", "tea"],
] as const;

/** Rows that write into AD: their users are synced from another domain. */
export const MOVING_NAMES = ["uma", "wyn"] as const;
/** What the accounts of {@link MOVING_NAMES} hold at the start. */
const HELD_IN_AD: Readonly<Record<string, string>> = { wyn: idOf("a value that somebody has put there") };

/** What the moving person's cloud user holds, before the run and after it. */
export const movingId = (name: string): string => idOf(`${name} in the old domain`);

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
export const ROWS_TO_WRITE = GOLDEN_NAMES.length - 1 + MOVING_NAMES.length;
export const GOLDEN_APPLY = ["--confirm", String(ROWS_TO_WRITE), "--confirm-holders", "1"] as const;

export const GOLDEN_MAPPING = `sAMAccountName,userPrincipalName,onConflict,writeTo\n${[
  ...GOLDEN_NAMES.map((name) => `${name},${name}@contoso.example,${name === "tea" ? "clear-holder" : ""},\n`),
  ...MOVING_NAMES.map((name) => `${name},${name}@contoso.example,,ad\n`),
].join("")}`;

export function describeGoldenTenant(id: string): SimulatedTenant {
  const person = (name: string, held: string | null) =>
    describeUser({
      id: CLOUD_ID(name),
      userPrincipalName: `${name}@contoso.example`,
      displayName: name,
      onPremisesImmutableId: held,
    });
  const users = GOLDEN_NAMES.map((name) => person(name, HELD[name] ?? null));
  const moving = MOVING_NAMES.map((name) => ({ ...person(name, movingId(name)), onPremisesSyncEnabled: true }));
  return describeTenant({ id, users: [...users, person(HOLDER, idOf("tea")), ...moving] });
}

/** Every account of the domain, as it is at the start. */
export function describeGoldenEntries(): SimulatedEntry[] {
  return [...GOLDEN_NAMES, ...MOVING_NAMES].map((name) => {
    const entry = describeEntry(name);
    const held = HELD_IN_AD[name];
    return held === undefined ? entry : { ...entry, binary: { ...entry.binary, "mS-DS-ConsistencyGuid": [held] } };
  });
}

/** What every account that is written holds at the start, by objectGUID. */
export const GOLDEN_ANCHORS: ReadonlyMap<string, string | null> = new Map(
  MOVING_NAMES.map((name) => [AD_GUID(name), HELD_IN_AD[name] ?? null]),
);

/** What every user, and every account that is written, holds when the run is done. */
export const GOLDEN_END: ReadonlyMap<string, string | null> = new Map([
  ...GOLDEN_NAMES.map((name) => [CLOUD_ID(name), idOf(name)] as const),
  [CLOUD_ID(HOLDER), null],
  ...MOVING_NAMES.flatMap((name) => [
    [CLOUD_ID(name), movingId(name)] as const,
    [AD_GUID(name), movingId(name)] as const,
  ]),
]);
