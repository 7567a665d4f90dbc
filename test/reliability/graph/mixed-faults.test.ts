/**
 * C37: thousands of rows under every fault at once, applied until nothing moves and then rolled back; the tenant's own
 * ledger is the judge.
 *
 * The long version is `npm run reliability:faults`: 10,000 rows and 20 seeds. HARDMATCH_FAULT_ROWS and
 * HARDMATCH_FAULT_SEEDS say other numbers.
 */
import { expect, test } from "vitest";
import { anchorOf } from "../../support/facts.ts";
import { startFaultyRun } from "../faulty-run.ts";
import { mixFaults } from "../mixed-faults.ts";

const ROWS = Number(process.env.HARDMATCH_FAULT_ROWS ?? 300);
const SEEDS = Number(process.env.HARDMATCH_FAULT_SEEDS ?? 3);
const SHARE = 0.03;
const MINUTES = 60_000;

/** Nine in ten simple rows; the others chains of four and swaps. */
function holdingOf(people: readonly string[]): Record<string, string> {
  const holds: Record<string, string> = {};
  for (let index = 0; index + 4 <= people.length / 10; index += 4) {
    const [first = "", second = "", third = "", fourth = ""] = people.slice(index, index + 4);
    if (index % 8 === 0) Object.assign(holds, { [second]: first, [third]: second, [fourth]: third });
    else Object.assign(holds, { [first]: second, [second]: first, [third]: fourth, [fourth]: third });
  }
  return holds;
}

for (let seed = 1; seed <= SEEDS; seed += 1) {
  test(`C37: ${ROWS} rows under 3 % mixed faults end right and are restored, seed ${seed}`, {
    timeout: 30 * MINUTES,
  }, async () => {
    const people = Array.from({ length: ROWS }, (_, index) => `user${index}`);
    await using run = await startFaultyRun({
      people,
      holds: holdingOf(people),
      canary: 5,
      inFlight: 16,
      tenant: { seed },
    });
    await run.plan();
    for (const fault of mixFaults(SHARE)) run.strike(fault);
    await run.apply();
    await run.finish();
    await run.clock.wait(400_000);
    const wrong = people.filter((name) => run.valueOf(name) !== anchorOf(name));
    const unnamed = run.outcomes().filter(({ status }) => status !== "verified");
    expect({ wrong, unnamed, judge: run.judge() }).toEqual({ wrong: [], unnamed: [], judge: [] });
    const struck = run.simulated.strikes();
    const writes = run.simulated.ledger.entries.length;
    await run.rollBack();
    await run.clock.wait(400_000);
    expect({ judge: run.judge(), left: run.changedSinceStart().length }).toEqual({ judge: [], left: 0 });
    const count = struck.reduce((sum, { struck: times }) => sum + times, 0);
    console.log(`C37 seed ${seed}: ${ROWS} rows, ${writes} writes, ${count} faults, 0 rows lost, start state restored`);
  });
}
