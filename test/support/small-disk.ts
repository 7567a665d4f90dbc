/** A disk of its own that can be filled to the last page: only root may mount one, on Linux. */
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

export const PAGE_BYTES = 4096;

export type SmallDisk = {
  readonly folder: string;
  /** Leaves this many pages free. */
  fill(freePages: number): void;
  /** Takes away what filled it. */
  free(): void;
  setWritable(writable: boolean): void;
  unmount(): void;
};

/** Said where a test is left out. */
export const MOUNTING_NEEDS_ROOT = "mounting a small disk needs Linux, root and the right to mount";

/** @param on An empty folder. @returns null where mounting is not allowed. */
export function mountSmallDisk(on: string, kibibytes = 2048): SmallDisk | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kibibytes}k`, "tmpfs", on], { stdio: "ignore" });
  } catch (error) {
    if (error instanceof Error && "status" in error) return null;
    throw error;
  }
  const filler = join(on, "filler");
  return {
    folder: on,
    fill(freePages) {
      const descriptor = openSync(filler, "w");
      try {
        const written = writeUntilFull(descriptor);
        ftruncateSync(descriptor, Math.max(0, written - freePages * PAGE_BYTES));
      } finally {
        closeSync(descriptor);
      }
    },
    free: () => rmSync(filler, { force: true }),
    setWritable: (writable) => {
      execFileSync("mount", ["-o", `remount,${writable ? "rw" : "ro"}`, on]);
    },
    unmount: () => {
      execFileSync("umount", ["--lazy", on]);
    },
  };
}

/** @returns Bytes written. */
function writeUntilFull(descriptor: number): number {
  const page = Buffer.alloc(PAGE_BYTES, "x");
  for (let bytes = 0; ; ) {
    try {
      bytes += writeSync(descriptor, page);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOSPC") return bytes;
      throw error;
    }
  }
}
