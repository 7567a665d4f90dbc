/** Every case of the bench, in the order in which they run. */
import { benchApplyFaults } from "./apply-faults.ts";
import { benchApplyFloor } from "./apply-floor.ts";
import { benchApplyLowerQuota } from "./apply-lower-quota.ts";
import type { Figure } from "./figure.ts";
import { benchGrowth, benchGrowthOfApply } from "./growth.ts";
import { benchPlanLarge } from "./plan-large.ts";
import { benchManagers } from "./plan-managers.ts";
import { benchPlanSmall } from "./plan-small.ts";
import { benchResolveSamba } from "./resolve-samba.ts";
import type { BenchSize } from "./size.ts";
import { benchStartUp } from "./start-up.ts";
import { benchUsualLoop } from "./usual-loop-case.ts";

export const CASES: ReadonlyMap<string, (size: BenchSize) => Promise<readonly Figure[]>> = new Map([
  ["apply-floor", benchApplyFloor],
  ["apply-lower-quota", benchApplyLowerQuota],
  ["apply-faults", benchApplyFaults],
  ["plan-large", benchPlanLarge],
  ["plan-small-in-large-tenant", benchPlanSmall],
  ["usual-loop", benchUsualLoop],
  ["growth", benchGrowth],
  ["growth-apply", benchGrowthOfApply],
  ["plan-managers", benchManagers],
  ["start-up", benchStartUp],
  ["resolve-samba", benchResolveSamba],
]);
