/** Set-up of a test run in which every record is packed, however few there are: see vitest.packed.config.ts. */
import { vi } from "vitest";

vi.mock(import("../../src/core/packing.ts"), async (load) => {
  const packing = await load();
  return {
    ...packing,
    createPacker: (records, fewest = 0) => packing.createPacker(records, fewest),
  };
});
