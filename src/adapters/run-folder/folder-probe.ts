/**
 * Tries whether runs can be kept in a folder: by making a file in it, making that durable, and taking it away.
 *
 * Rights alone do not tell: a folder may be on a read-only share, over its quota, or a link to nowhere.
 */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, rmSync, statfsSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { FolderProbe } from "../../ports/probes.ts";
import { describeFileTrouble } from "./disk-trouble.ts";
import { createPrivateFile } from "./own-files.ts";

const MEND = "Run the command in a folder that you may write to, or give yourself the right to write there.";

export const folderProbe: FolderProbe = {
  tryFolder(wanted) {
    let folder = resolve(wanted);
    while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
    const path = join(folder, `.hardmatch-probe-${randomBytes(8).toString("hex")}.tmp`);
    try {
      const descriptor = createPrivateFile(path);
      try {
        writeSync(descriptor, "probe");
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
        rmSync(path, { force: true });
      }
      const { bavail, bsize } = statfsSync(folder);
      return { folder, freeBytes: bavail * bsize };
    } catch (error) {
      throw describeFileTrouble(error, `No run folder can be made in ${folder}`, MEND);
    }
  },
};
