/** Asks a directory about many values: in groups of its size, no more searches at once than it likes. */
import pLimit from "p-limit";
import type { Directory } from "../ports/directory.ts";

/**
 * @param search One search for one group.
 * @returns Every answer, in no order that means anything.
 * @throws Whatever the first failed search threw; searches that wait are not sent then.
 */
export async function findInGroups<Value extends string, Found>(
  { groupSize, concurrency }: Pick<Directory, "groupSize" | "concurrency">,
  values: readonly Value[],
  search: (group: readonly Value[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const limit = pLimit(concurrency);
  const found = await limit.map(chunk(values, groupSize), search).finally(() => limit.clearQueue()); // after a rejection p-limit would carry on with its queue
  return found.flat();
}

function chunk<Value>(values: readonly Value[], size: number): Value[][] {
  const chunks: Value[][] = [];
  for (let start = 0; start < values.length; start += size) chunks.push(values.slice(start, start + size));
  return chunks;
}
