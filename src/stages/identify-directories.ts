/** Asks every directory and catalog who it is, before anything is looked up in it. */
import type { DirectoryIdentity } from "../core/ad-account.ts";
import { BatchError } from "../core/errors.ts";
import type { ForestIdentity } from "../core/forest.ts";
import { foldCase } from "../core/names.ts";
import type { Directory } from "../ports/directory.ts";
import type { Forest } from "../ports/forest.ts";
import type { Log } from "../ports/log.ts";

/** Where accounts are looked up, as configured. */
export type Sources = {
  readonly directories: readonly Directory[];
  readonly forests: readonly Forest[];
  /** Learns which server answered: an apply may meet another one than the plan did. */
  readonly log: Log;
};

export type IdentifiedDirectory = { readonly directory: Directory; readonly identity: DirectoryIdentity };
export type IdentifiedForest = { readonly forest: Forest; readonly identity: ForestIdentity };

/** The same, each with what it has said about itself, in the order in which they are configured. */
export type IdentifiedSources = {
  readonly directories: readonly IdentifiedDirectory[];
  readonly forests: readonly IdentifiedForest[];
};

/**
 * All at the same time.
 *
 * @throws {BatchError} directory: one cannot be reached, or the sign-in failed. config: two are one domain, or are called
 *   the same; a row that names the domain could mean either.
 */
export async function identifySources(
  { directories, forests, log }: Sources,
  signal: AbortSignal,
): Promise<IdentifiedSources> {
  const [identified, catalogs] = await Promise.all([
    Promise.all(directories.map(async (directory) => ({ directory, identity: await directory.identify(signal) }))),
    Promise.all(forests.map(async (forest) => ({ forest, identity: await forest.identify(signal) }))),
  ]);
  for (const { identity } of identified) log.info("directory", { domain: identity.domain, server: placeOf(identity) });
  for (const { identity } of catalogs) log.info("global catalog", { server: identity.server });
  refuseTwins(identified.map(({ identity }) => identity));
  return { directories: identified, forests: catalogs };
}

function placeOf({ server, url }: DirectoryIdentity): string {
  return url === undefined ? server : `${server} (${url})`;
}

function refuseTwins(identities: readonly DirectoryIdentity[]): void {
  const twinsBy = (keyOf: (identity: DirectoryIdentity) => string) =>
    [...Map.groupBy(identities, keyOf).values()].find((group) => group.length > 1);
  const [one, other] = twinsBy(({ domain }) => foldCase(domain)) ?? twinsBy(({ domainId }) => domainId) ?? [];
  if (one === undefined || other === undefined) return;
  const place = ({ domain, baseDn, server }: DirectoryIdentity) => `${domain} (${baseDn} at ${server})`;
  throw new BatchError(
    "config",
    `Two entries of directories are one domain, or two that are called the same: ${place(one)} and ${place(other)}.`,
    "Leave one of them out; several domain controllers of one domain belong into one entry, as a list in url.",
  );
}
