/** Reads an export whole or not at all: format, entries, accounts, and what the file cannot say. */
import { basename } from "node:path";
import type { AdAccount, DirectoryIdentity } from "../../core/ad-account.ts";
import type { FileSource } from "../../core/directory-source.ts";
import { type AttributeName, listUnknown } from "./attributes.ts";
import { AccountCollector } from "./collect-accounts.ts";
import type { ExportEntry } from "./export-entry.ts";
import { type ExportFile, openExport, statExport } from "./export-file.ts";
import { EXPORT_COMMANDS } from "./export-formats.ts";
import { ExportProblems, refuseExport } from "./export-problems.ts";
import { readCsvde } from "./read-csvde.ts";
import { readGetAdUser } from "./read-get-aduser.ts";
import { readLdif } from "./read-ldif.ts";
import { type RecognisedFormat, recogniseFormat } from "./recognise-format.ts";
import { refuseMissing } from "./table-header.ts";

/** An export that was read. */
export type LoadedExport = {
  readonly identity: DirectoryIdentity;
  readonly accounts: readonly AdAccount[];
  /** Tells whether the file is still the one that was read. */
  readonly stamp: string;
};

/**
 * @param domain NetBIOS name from the configuration.
 * @throws {BatchError} input: the file cannot be read, is no export, lacks what is needed, changed while it was read, or is
 *   damaged; then `details` names every problem with line and attribute. interrupted: the signal.
 */
export async function readExport(path: string, domain: string, signal: AbortSignal): Promise<LoadedExport> {
  const file = await openExport(path, signal);
  try {
    const recognised = recogniseFormat(path, await readHead(file));
    const { format } = recognised;
    const problems = new ExportProblems(path);
    const collector = new AccountCollector({ domain, encoding: file.encoding, problems });
    const columns = await readEntries(file, recognised, problems, (entry) => collector.take(entry));
    const known = columns ?? collector.seen;
    if (collector.seen.size > 0) refuseMissing(path, known, format);
    const collected = collector.finish();
    problems.throwIfAny(`Export again: ${EXPORT_COMMANDS[format]}`);
    if (collected === null) throw new Error("an export without a domain had no problem");
    const stamp = stampOf(file.stats);
    if (stampOf(await statExport(path)) !== stamp) {
      throw refuseExport(
        path,
        "it changed while it was read",
        "Wait until the export is done, then run the command again.",
      );
    }
    const unknown = collector.holdsEverything ? [] : listUnknown(known);
    const { domainId, baseDn, accounts } = collected;
    const source = describeFile(file, {
      format,
      unknown,
      users: accounts.filter(({ kind }) => kind === "user").length,
    });
    return { identity: { domain, domainId, baseDn, server: source.name, source }, accounts, stamp };
  } finally {
    await file.close();
  }
}

/** Changes when the file does. */
export function stampOf({ dev, ino, size, mtimeMs }: ExportFile["stats"]): string {
  return [dev, ino, size, mtimeMs].join();
}

async function readHead(file: ExportFile): Promise<string> {
  for await (const piece of file.readPieces()) if (piece !== "") return piece;
  return "";
}

/** @returns The attributes that the header names; `null` where only the entries can tell. */
async function readEntries(
  file: ExportFile,
  recognised: RecognisedFormat,
  problems: ExportProblems,
  take: (entry: ExportEntry) => void,
): Promise<ReadonlySet<AttributeName> | null> {
  switch (recognised.format) {
    case "LDIF":
      await readLdif(file, problems, take);
      return null;
    case "csvde":
      return await readCsvde(file, problems, take);
    case "Get-ADUser":
      return await readGetAdUser(file, recognised.delimiter, problems, take);
  }
}

function describeFile(
  { path, encoding, stats }: ExportFile,
  contents: Pick<FileSource, "format" | "unknown" | "users">,
): FileSource {
  return { kind: "file", name: basename(path), modifiedAt: stats.mtime.toISOString(), encoding, ...contents };
}
