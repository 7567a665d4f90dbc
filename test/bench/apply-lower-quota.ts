/** apply where the tenant grants 30 % fewer writes than documented, and does not say so. */
import { applyCompany, floorSeconds, noteFactor } from "./apply-company.ts";
import { compare, type Figure, note } from "./figure.ts";
import type { BenchSize } from "./size.ts";

const GRANTED = 2100;

export async function benchApplyLowerQuota({ rows, factor }: BenchSize): Promise<readonly Figure[]> {
  const name = "apply-lower-quota";
  const applied = await applyCompany({ people: rows, writesPerWindow: GRANTED }, factor);
  const { figures, mainWrites, mainStartMs, lastVerifiedMs, applies } = applied;
  const throttled = figures.writes.filter(({ status }) => status === 429).length;
  return [
    compare(
      {
        case: name,
        what: `${mainWrites} writes under a quota of ${GRANTED} in 150 s`,
        unit: "s",
        ours: (lastVerifiedMs - mainStartMs) / 1000,
        comparison: floorSeconds(mainWrites, GRANTED),
        comparedWith: "floor of that quota",
      },
      { ratio: "comparison/ours", atLeast: 0.9 },
    ),
    note({ case: name, what: "answers 429", unit: "%", ours: (100 * throttled) / figures.writes.length }),
    note({ case: name, what: "applies", unit: "", ours: applies }),
    noteFactor(name, factor),
  ];
}
