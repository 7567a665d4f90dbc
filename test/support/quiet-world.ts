/** A world in memory around directories and a tenant: time stands still, and nobody hears what is told. */
import type { World } from "../../src/stages/world.ts";
import { digest, FLOWS } from "./facts.ts";
import { ManualClock, SILENT_LOG, SILENT_PROGRESS } from "./memory-run.ts";

/** @returns The world, and the clock that moves it. */
export function surround(sides: Pick<World, "directories" | "tenant">): {
  readonly world: World;
  readonly clock: ManualClock;
} {
  const clock = new ManualClock();
  let ids = 0;
  const never = new AbortController().signal;
  const world: World = {
    ...sides,
    forests: [],
    clock,
    chance: { uuid: () => `request-${++ids}`, fraction: () => 0.5 },
    digest,
    flows: FLOWS,
    log: SILENT_LOG,
    progress: SILENT_PROGRESS,
    limits: { inFlight: 4, settleMs: 10_000, quarantineMs: 180_000 },
    stop: { drain: never, abort: never },
  };
  return { world, clock };
}
