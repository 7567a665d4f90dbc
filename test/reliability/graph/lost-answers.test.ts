/** Writes whose answer is lost: settled by reading, never by sending again at once. */
import { expect, test } from "vitest";
import type { FaultAction } from "../../../src/sim/tenant/faults.ts";
import { anchorOf } from "../../support/facts.ts";
import { startFaultyRun } from "../faulty-run.ts";

const PEOPLE = ["ada", "ben", "cyd"];

const answers = (applied: boolean): { name: string; action: FaultAction }[] => [
  ...[408, 409, 423, 500, 502, 503, 504, 599].map((status) => ({
    name: `a ${status}`,
    action: { kind: "status", status, applied } as const,
  })),
  { name: "a reset connection", action: { kind: "reset", applied } },
  { name: "half a body", action: { kind: "cut-body", applied } },
  // A write that lands in a million years is one that never does.
  { name: "no answer in time", action: { kind: "apply-late", afterMs: applied ? 0 : 3e16, answer: "hang" } },
];

for (const applied of [false, true]) {
  for (const { name, action } of answers(applied)) {
    const status = action.kind === "status";
    const id = applied ? (status ? "C07" : "C09") : status ? "C06" : "C08";
    const fate = applied ? "was applied is not sent again" : "was not applied is read twice, then sent again";
    test(`${id}: a write that got ${name} and ${fate}`, async () => {
      await using run = await startFaultyRun({ people: PEOPLE });
      await run.plan();
      run.strike({ match: { method: "PATCH", nth: 4 }, action });
      await run.apply();
      await run.finish();
      expect(run.statuses()).toEqual(["2.1 verified", "3.1 verified", "4.1 verified"]);
      expect(PEOPLE.map(run.valueOf)).toEqual(PEOPLE.map((person) => anchorOf(person)));
      // Ada alone is the canary: written, set back, set again. The fourth write is the first of the others.
      expect(run.simulated.ledger.entries).toHaveLength(applied ? 5 : 6);
      expect(run.judge()).toEqual([]);
      await run.rollBack();
      expect(run.judge()).toEqual([]);
      expect(run.changedSinceStart()).toEqual([]);
    });
  }
}
