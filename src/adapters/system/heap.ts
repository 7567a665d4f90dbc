/**
 * How much garbage V8 lets stand before it collects, and how much room new objects have.
 *
 * Left to itself it lets the heap become several times what is alive, and gives new objects up to 32 MiB: a plan of
 * 10,000 rows then takes twice the memory. Collecting always at a seventh costs a quarter more computing instead, which
 * a small batch need not pay. Room of one MiB for new objects costs up to a sixth more than room of four: what is needed
 * for a moment only is then counted as alive, and waits for the great collection.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";

const MIB = 1024 * 1024;
/**
 * Garbage included. A plan of 10,000 rows stays below it while it waits for a tenant, and so computes a quarter less: with
 * 64 it came there in some runs and not in others. Where nothing is waited for it comes to 72 soon, and with 76 would let
 * as much garbage stand as 30,000 rows take.
 */
const LARGE_HEAP_BYTES = 72 * MIB;
/** New objects of a batch get as much, or this part of the heap where that is more. */
const LEAST_NEW_BYTES = 4 * MIB;
const NEW_PART_OF_HEAP = 1 / 16;

/**
 * Lets garbage stand for half of what is alive; once a large batch is alive for a seventh, and pages that are hardly
 * filled are given back. New objects fill one MiB.
 * A size of the heap that the user of Node has set stays as it is.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=50");
  const collections = onCollection(() => {
    if (getHeapStatistics().used_heap_size < LARGE_HEAP_BYTES) return;
    setFlagsFromString("--heap-growing-percent=15");
    setFlagsFromString("--optimize-for-size");
    collections.disconnect();
  });
}

/**
 * Lets new objects fill four MiB, and more where very much is alive. For what goes on in many short turns: how much
 * room there is can only be looked at between two of them, and work in one go would take all that V8 ever gives.
 */
export function makeRoomForNewObjects(): void {
  let grows = false;
  onCollection(() => {
    const wantedBytes = Math.max(LEAST_NEW_BYTES, getHeapStatistics().used_heap_size * NEW_PART_OF_HEAP);
    const isWanted = newObjectsBytes() < wantedBytes;
    // V8 asks for the factor whenever the room was full of what stays alive: 1 leaves it as it is.
    if (isWanted !== grows) setFlagsFromString(`--semi-space-growth-factor=${isWanted ? 2 : 1}`);
    grows = isWanted;
  });
}

function onCollection(look: () => void): PerformanceObserver {
  const collections = new PerformanceObserver(look);
  collections.observe({ entryTypes: ["gc"] });
  return collections;
}

function newObjectsBytes(): number {
  const room = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  return room === undefined ? LEAST_NEW_BYTES : room.space_used_size + room.space_available_size;
}
