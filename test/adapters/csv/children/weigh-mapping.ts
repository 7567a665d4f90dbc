/** Reads a mapping in a process of its own and prints how many bytes it holds. Wants --expose-gc. */
import { readMappingFile } from "../../../../src/adapters/csv/read-mapping.ts";

const weigh = (): number => {
  if (gc === undefined) throw new Error("start it with --expose-gc");
  gc();
  return process.memoryUsage().heapUsed;
};
const before = weigh();
const file = await readMappingFile(process.argv[2] ?? "");
const held = weigh() - before;
// Said after the weighing, so that the mapping is still there when it is weighed.
if (file.mappings.length === 0) throw new Error("nothing was read");
console.log(held);
