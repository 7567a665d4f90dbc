/**
 * How much garbage V8 lets stand before it collects.
 *
 * Left to itself it lets the heap become several times what is alive, and gives new objects up to 32 MiB: a plan of
 * 10,000 rows then takes twice the memory. Collecting always at a seventh costs a quarter more computing instead, which
 * a small batch need not pay.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** Alive towards the end of a plan of 10,000 rows: one of 5,000 never comes to it. */
const LARGE_HEAP_BYTES = 64 * 1024 * 1024;

/**
 * Lets garbage stand for half of what is alive; once a large batch is alive for a seventh, and pages that are hardly
 * filled are given back. New objects fill one MiB.
 * A size of the heap that the user of Node has set stays as it is.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=50");
  const collections = new PerformanceObserver(() => {
    if (getHeapStatistics().used_heap_size < LARGE_HEAP_BYTES) return;
    setFlagsFromString("--heap-growing-percent=15");
    setFlagsFromString("--optimize-for-size");
    collections.disconnect();
  });
  collections.observe({ entryTypes: ["gc"] });
}
