/**
 * How much garbage V8 lets stand before it collects, and how much room new objects have.
 *
 * Left to itself it lets the heap become several times what is alive, and gives new objects up to 32 MiB: a plan of
 * 10,000 rows then takes twice the memory. Collecting always at a seventh costs a quarter more computing instead, which
 * a small batch need not pay. Room of one MiB for new objects costs a sixth more than room of four: what is needed for a
 * moment only is then counted as alive, and waits for the great collection.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";

const MIB = 1024 * 1024;
/** Alive towards the end of a plan of 10,000 rows: one of 5,000 never comes to it. */
const LARGE_HEAP_BYTES = 64 * MIB;
/** New objects get as much, or this part of the heap where that is more. */
const LEAST_NEW_BYTES = 4 * MIB;
const NEW_PART_OF_HEAP = 1 / 16;

/**
 * Lets garbage stand for half of what is alive; once a large batch is alive for a seventh, and pages that are hardly
 * filled are given back. New objects fill four MiB, and more where very much is alive.
 * A size of the heap that the user of Node has set stays as it is.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=50");
  let isLarge = false;
  let grows = true;
  const look = () => {
    const { used_heap_size: usedBytes } = getHeapStatistics();
    const wanted = newObjectsBytes() < Math.max(LEAST_NEW_BYTES, usedBytes * NEW_PART_OF_HEAP);
    // V8 asks for the factor whenever the room was full of what stays alive: 1 leaves it as it is.
    if (wanted !== grows) setFlagsFromString(`--semi-space-growth-factor=${wanted ? 2 : 1}`);
    grows = wanted;
    if (isLarge || usedBytes < LARGE_HEAP_BYTES) return;
    isLarge = true;
    setFlagsFromString("--heap-growing-percent=15");
    setFlagsFromString("--optimize-for-size");
  };
  new PerformanceObserver(look).observe({ entryTypes: ["gc"] });
}

function newObjectsBytes(): number {
  const room = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  return room === undefined ? LEAST_NEW_BYTES : room.space_used_size + room.space_available_size;
}
