/** Everything that the pipeline needs of the world; `main.ts` builds it. */
import type { Digest } from "../core/plan.ts";
import type { FlowTable } from "../core/takeover-flows.ts";
import type { Chance, TickingClock } from "../ports/clock.ts";
import type { Directory } from "../ports/directory.ts";
import type { Forest } from "../ports/forest.ts";
import type { Log } from "../ports/log.ts";
import type { Progress } from "../ports/progress.ts";
import type { Tenant } from "../ports/tenant.ts";
import type { WriterLimits } from "./write-change.ts";
import type { StopSignals } from "./writer-run.ts";

export type World = {
  readonly directories: readonly Directory[];
  /** Global Catalogs; none where rows without a domain ask every directory. */
  readonly forests: readonly Forest[];
  readonly tenant: Tenant;
  readonly clock: TickingClock;
  readonly chance: Chance;
  readonly digest: Digest;
  /** By which the takeover is previewed. */
  readonly flows: FlowTable;
  readonly log: Log;
  readonly progress: Progress;
  readonly limits: WriterLimits;
  readonly stop: StopSignals;
};
