/** The usual loop by itself, reading and writing, one user after the other and eight at once. */
import { startCompany } from "./company.ts";
import { type Figure, note } from "./figure.ts";
import { LOOP_SAMPLE, runLoop } from "./usual-loop.ts";

const LANES = [1, 8];

export async function benchUsualLoop(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const part of ["reading", "whole"] as const) {
    for (const lanes of LANES) {
      await using company = await startCompany({ people: LOOP_SAMPLE, rows: LOOP_SAMPLE });
      const elapsedMs = await runLoop(company, { sample: company.sample, lanes, part });
      const how = lanes === 1 ? "one after the other" : `${lanes} in flight`;
      figures.push(
        note({ case: "usual-loop", what: `${part}, ${how}`, unit: "ms a user", ours: elapsedMs / LOOP_SAMPLE }),
      );
    }
  }
  return figures;
}
