/** Reads a mapping in a process of its own and prints what came of it, and the most memory that it took, in MiB. */
import { readMappingFile } from "../../../../src/adapters/csv/read-mapping.ts";

const said = await readMappingFile(process.argv[2] ?? "").then(
  ({ mappings }) => `${mappings.length} rows`,
  (error: unknown) =>
    error instanceof Error ? [error.name, error.message, ...Object.values(error).flat()].join(" ") : error,
);
console.log(JSON.stringify({ said, residentMib: process.resourceUsage().maxRSS / 1024 }));
