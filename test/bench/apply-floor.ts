/** apply of 10,000 users against the documented quota: how near it comes to the floor. */
import { applyCompany, floorSeconds, noteFactor } from "./apply-company.ts";
import { compare, type Figure, limit, note } from "./figure.ts";
import type { BenchSize } from "./size.ts";

export async function benchApplyFloor({ rows, factor }: BenchSize): Promise<readonly Figure[]> {
  const name = "apply-floor";
  const applied = await applyCompany({ people: rows }, factor);
  const { figures, mainWrites, mainStartMs, lastVerifiedMs, canaryStartMs, checkMs, applies, cpuMs } = applied;
  const floor = floorSeconds(mainWrites);
  const ours = (lastVerifiedMs - mainStartMs) / 1000;
  const throttled = figures.writes.filter(({ status }) => status === 429).length;
  const beside = { case: name, unit: "s", comparison: floor, comparedWith: "floor" };
  return [
    compare(
      { ...beside, what: `${mainWrites} writes, first PATCH of the main wave to last verified row`, ours },
      { ratio: "comparison/ours", atLeast: 0.97 },
    ),
    limit({ case: name, what: "answers 429", unit: "%", ours: (100 * throttled) / figures.writes.length }, 0.1),
    compare(
      { ...beside, what: "check before it and canary", ours: (checkMs + mainStartMs - canaryStartMs) / 1000 },
      { ratio: "ours/comparison", atMost: 0.1 },
    ),
    note({ case: name, what: "of this the check", unit: "s", ours: checkMs / 1000 }),
    note({ case: name, what: "applies", unit: "", ours: applies }),
    note({ case: name, what: "CPU time per row, check included", unit: "ms", ours: cpuMs / rows }),
    noteFactor(name, factor),
  ];
}
