/**
 * How much garbage V8 lets stand before it collects, and how much room new objects have.
 *
 * Left to itself it lets the heap become several times what is alive, and gives new objects up to 64 MiB. Half of what
 * is alive is enough garbage: most of what a large batch keeps lies outside of the heap, where none of it stands. To let
 * less stand was tried and gained next to nothing, and at a million rows two fifths of all computing went into
 * collecting. A large batch gives new objects more room, which is a fixed price: what is needed for a moment only is
 * else counted as alive, and waits for the great collection.
 */
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MIB = 1024 * 1024;
/** Of what is alive garbage may stand for so much. */
const GARBAGE_PERCENT = 50;
/** Garbage and bytes outside of the heap included. A plan of 10,000 rows stays below it, one of 100,000 does not. */
const LARGE_BATCH_BYTES = 96 * MIB;
/** New objects have this room, or that part of the heap where it is more. */
const NEW_BYTES = { small: 4 * MIB, large: 16 * MIB } as const;
const NEW_PART_OF_HEAP = 1 / 8;
/**
 * V8 tells a PerformanceObserver of every collection, but what it tells waits for the end of the turn, kilobytes each: of
 * 300,000 rows that are checked in one turn that was a hundred MiB and more.
 */
const LOOK_EVERY_MS = 10;

/**
 * Lets garbage stand for half of what is alive; new objects fill one MiB. A size of the heap that the user of Node has
 * set stays as it is.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
}

/**
 * Gives new objects the room of a batch, as long as the program has something else to do. It comes in steps, each twice
 * as large as the last.
 */
export function makeRoomForNewObjects(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;
  setFlagsFromString("--no-expose-gc");
  const look = () => {
    if (newObjectsBytes() * 2 > wantedBytes()) return;
    // One step, now: left at 2 through one long turn, the factor would give new objects all that V8 ever gives.
    setFlagsFromString("--semi-space-growth-factor=2");
    collect({ type: "minor" });
    setFlagsFromString("--semi-space-growth-factor=1");
  };
  setInterval(look, LOOK_EVERY_MS).unref();
}

function wantedBytes(): number {
  const { used_heap_size: used, external_memory: outside } = getHeapStatistics();
  const least = used + outside >= LARGE_BATCH_BYTES ? NEW_BYTES.large : NEW_BYTES.small;
  return Math.max(least, used * NEW_PART_OF_HEAP);
}

function newObjectsBytes(): number {
  const room = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  return room === undefined ? NEW_BYTES.small : room.space_used_size + room.space_available_size;
}
