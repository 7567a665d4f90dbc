/** apply while 3 % of the requests meet a fault of any kind: throttling, lost answers, late writes, cut bodies. */
import { applyCompany, floorSeconds, noteFactor } from "./apply-company.ts";
import { compare, type Figure, limit, note } from "./figure.ts";
import type { BenchSize } from "./size.ts";

export async function benchApplyFaults({ rows, factor }: BenchSize): Promise<readonly Figure[]> {
  const name = "apply-faults";
  const applied = await applyCompany({ people: rows, faultShare: 0.03 }, factor);
  const { figures, mainStartMs, lastVerifiedMs, verified, applies, checkMs } = applied;
  return [
    compare(
      {
        case: name,
        what: "3 % mixed faults, first PATCH of the main wave to last verified row",
        unit: "s",
        ours: (lastVerifiedMs - mainStartMs) / 1000,
        comparison: floorSeconds(rows),
        comparedWith: "floor",
      },
      { ratio: "ours/comparison", atMost: 1.3 },
    ),
    limit({ case: name, what: "rows not verified", unit: "", ours: rows - verified }, 0),
    note({ case: name, what: "faults", unit: "", ours: figures.strikes }),
    note({ case: name, what: "applies", unit: "", ours: applies }),
    note({ case: name, what: "check before the first write", unit: "s", ours: checkMs / 1000 }),
    noteFactor(name, factor),
  ];
}
