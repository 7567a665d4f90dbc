/**
 * Whether a folder lies on another machine: there a lock may be granted twice and a flush may be a promise only, so
 * an operator should know before a run relies on both.
 *
 * Linux names the kind of a file system by a number, Windows by a path that begins with the other machine's name. macOS
 * gives neither in a form that means the same from version to version: nothing is said there.
 *
 * Source: statfs(2) of Linux; "Naming Files, Paths, and Namespaces", learn.microsoft.com; checked 2026-11.
 */
import { realpathSync, statfsSync } from "node:fs";

/** What the answer depends on. */
export type PlaceCalls = {
  readonly platform: NodeJS.Platform;
  /** Number of the file system's kind. */
  typeOf(folder: string): number;
  /** The path with links and drive letters of shares resolved. */
  realPathOf(folder: string): string;
};

const HERE: PlaceCalls = {
  platform: process.platform,
  typeOf: (folder) => statfsSync(folder).type,
  realPathOf: (folder) => realpathSync.native(folder),
};

/** File systems that several machines can have open at once; FUSE and VirtualBox may lead to one. */
const SHARED: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x73757245, "Coda"],
  [0x01021997, "9P"],
  [0x00c36400, "Ceph"],
  [0x01161970, "GFS2"],
  [0x7461636f, "OCFS2"],
  [0x0bd00bd0, "Lustre"],
  [0x65735546, "FUSE"],
  [0x786f4256, "VirtualBox"],
]);

/**
 * The kind of shared file system that an existing folder lies on; `null` for a local one, and where it cannot be told.
 *
 * @throws System errors: the folder cannot be looked at.
 */
export function findNetworkPlace(folder: string, calls: PlaceCalls = HERE): string | null {
  if (calls.platform === "win32") {
    const path = calls.realPathOf(folder).replace(/^\\\\\?\\UNC\\/i, "\\\\");
    return /^\\\\[^?.\\]/.test(path) ? "a share of another machine" : null;
  }
  // The number is 32 bits wide, and some systems give it with a sign.
  return calls.platform === "linux" ? (SHARED.get(calls.typeOf(folder) >>> 0) ?? null) : null;
}
