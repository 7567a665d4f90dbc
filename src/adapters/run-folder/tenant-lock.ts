/**
 * One writer per tenant for one user on one host.
 *
 * Two runs with folders of their own do not see each other's locks, and would write the same users at
 * once. So a command that writes also takes a lock that is named for the tenant, in the user's own state folder.
 * Two hosts are not kept apart by it.
 *
 * Source: XDG Base Directory Specification 0.8, checked 2026-11.
 */
import { mkdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { BatchError } from "../../core/errors.ts";
import { parseGuid } from "../../core/guid.ts";
import { canonicalJson } from "../../core/plan.ts";
import { describeFileTrouble } from "./disk-trouble.ts";
import { PRIVATE_FOLDER } from "./own-files.ts";
import { readFileSafely } from "./read-file-safely.ts";
import { describeHolder, type LockHolder, takeLock } from "./run-lock.ts";
import { writeFileSafely } from "./write-file-safely.ts";

const holderSchema: z.ZodType<LockHolder> = z.strictObject({
  pid: z.int(),
  host: z.string(),
  user: z.string(),
  since: z.string(),
});

/** What the state folder depends on; `home` is the user's own folder. */
export type StatePlace = {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
};

/** `%LOCALAPPDATA%\hardmatch` on Windows, else `$XDG_STATE_HOME/hardmatch` or `~/.local/state/hardmatch`. */
export function stateFolderOf({ platform, environment, home }: StatePlace): string {
  if (platform === "win32") return join(environment.LOCALAPPDATA || join(home, "AppData", "Local"), "hardmatch");
  const told = environment.XDG_STATE_HOME;
  // The specification says that a relative path is to be ignored.
  return join(told !== undefined && isAbsolute(told) ? told : join(home, ".local", "state"), "hardmatch");
}

/**
 * Takes the lock of a tenant; the kernel frees it when the process dies.
 *
 * @param holder Who takes it, for the message that others get.
 * @throws {BatchError} refused: another process holds it. disk: the state folder cannot be used.
 */
export function takeTenantLock(stateFolder: string, tenantId: string, holder: LockHolder): { release(): void } {
  const tenant = parseGuid(tenantId);
  if (tenant === null) throw new Error(`not a tenant id: ${JSON.stringify(tenantId)}`);
  const holderFile = `tenant-${tenant}.json`;
  try {
    mkdirSync(stateFolder, { recursive: true, mode: PRIVATE_FOLDER });
  } catch (error) {
    throw describeFileTrouble(error, `The state folder ${stateFolder} was not made`);
  }
  const lock = takeLock(join(stateFolder, `tenant-${tenant}.lock`));
  if (lock === "read-only") {
    throw new BatchError(
      "disk",
      `The state folder ${stateFolder} is read-only.`,
      "Make it writable for you, or name another one with XDG_STATE_HOME.",
    );
  }
  if (lock === "busy") {
    throw new BatchError(
      "refused",
      `${describeHolder(readHolder(stateFolder, holderFile))} writes to this tenant. Nothing was written.`,
      "Only one run may write to a tenant at a time: wait until it has ended, then run the same command again.",
    );
  }
  try {
    const { pid, host, user, since } = holder;
    writeFileSafely(stateFolder, holderFile, [canonicalJson({ pid, host, user, since })]);
  } catch (error) {
    lock.release();
    throw error;
  }
  return { release: lock.release };
}

/** `null` where the file is missing or cut off: it is for the message only. */
function readHolder(stateFolder: string, holderFile: string): LockHolder | null {
  const text = readFileSafely(stateFolder, holderFile);
  if (text === null) return null;
  try {
    return holderSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
