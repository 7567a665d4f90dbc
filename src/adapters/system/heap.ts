/**
 * How much garbage V8 lets stand before it collects, and how much room new objects have.
 *
 * Left to itself it lets the heap become several times what is alive, and gives new objects up to 64 MiB. A small batch
 * need not pay for saving: it may let garbage stand for half of what is alive. A large one may for a seventh only, but
 * new objects get more room, which is a fixed price: what is needed for a moment only is else counted as alive, and
 * waits for the great collection.
 */
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MIB = 1024 * 1024;
/** Garbage and bytes outside of the heap included. A plan of 10,000 rows stays below it, one of 100,000 does not. */
const LARGE_BATCH_BYTES = 96 * MIB;
/** New objects have this room, or that part of the heap where it is more. */
const NEW_BYTES = { small: 4 * MIB, large: 16 * MIB } as const;
const NEW_PART_OF_HEAP = 1 / 16;
/** Of what is alive garbage may stand for so much. */
const GARBAGE_PERCENT = { small: 50, large: 15 } as const;
/**
 * V8 tells a PerformanceObserver of every collection, but what it tells waits for the end of the turn, kilobytes each: of
 * 300,000 rows that are checked in one turn that was a hundred MiB and more.
 */
const LOOK_EVERY_MS = 10;

/**
 * Lets garbage stand for half of what is alive, and once a large batch is alive for a seventh. New objects fill one MiB.
 * A size of the heap that the user of Node has set stays as it is.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT.small}`);
  const looks = lookAgainAndAgain(() => {
    if (!isLarge()) return;
    setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT.large}`);
    clearInterval(looks);
  });
}

/** Gives new objects the room of a batch, in steps: it is made twice as large where it has been full of what stays alive. */
export function makeRoomForNewObjects(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;
  setFlagsFromString("--no-expose-gc");
  lookAgainAndAgain(() => {
    const least = isLarge() ? NEW_BYTES.large : NEW_BYTES.small;
    const wantedBytes = Math.max(least, getHeapStatistics().used_heap_size * NEW_PART_OF_HEAP);
    if (newObjectsBytes() * 2 > wantedBytes) return;
    // One step, now: left at 2 through one long turn, the factor would give new objects all that V8 ever gives.
    setFlagsFromString("--semi-space-growth-factor=2");
    collect({ type: "minor" });
    setFlagsFromString("--semi-space-growth-factor=1");
  });
}

function isLarge(): boolean {
  const { used_heap_size: used, external_memory: outside } = getHeapStatistics();
  return used + outside >= LARGE_BATCH_BYTES;
}

/** As long as the program has something else to do. */
function lookAgainAndAgain(look: () => void): NodeJS.Timeout {
  return setInterval(look, LOOK_EVERY_MS).unref();
}

function newObjectsBytes(): number {
  const room = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  return room === undefined ? NEW_BYTES.small : room.space_used_size + room.space_available_size;
}
