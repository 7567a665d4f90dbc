/** What doctor says of a few accounts that were read. */
import { expect, test } from "vitest";
import { describeDirectory, type SampleFacts } from "../../../src/core/diagnosis/directory-lines.ts";
import { notChecked } from "../../../src/core/diagnosis/fact.ts";

const NOW = new Date("2026-11-22T02:00:00Z");

const lineOf = (sample: SampleFacts) =>
  describeDirectory(
    {
      ...({ kind: "live", name: "CORP", servers: [], catalog: null } as const),
      ...{ bind: notChecked("of no matter here"), identity: notChecked("of no matter here") },
      sample: { state: "found", found: sample },
    },
    NOW,
  ).find(({ check }) => check === "sample-search");

for (const [sample, state, says] of [
  [{ accounts: 0, withControl: 0, writable: 0 }, "warning", /holds no user account/],
  [{ accounts: 5, withControl: 3, writable: 5 }, "warning", /2 did not show userAccountControl/],
  [{ accounts: 5, withControl: 5, writable: 5 }, "ok", /mS-DS-ConsistencyGuid may be written, which only/],
  [{ accounts: 5, withControl: 5, writable: 2 }, "ok", /may be written on 2 of them, which only/],
  [{ accounts: 5, withControl: 5, writable: 0 }, "ok", /may be written on none of them, which only/],
] as const) {
  const { accounts, withControl, writable } = sample;
  test(`${accounts} accounts, ${withControl} with userAccountControl and ${writable} that may be written, are ${state}`, () => {
    expect(lineOf(sample)).toMatchObject({ state, says: expect.stringMatching(says) });
  });
}
