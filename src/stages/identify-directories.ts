/** Asks every directory and catalog who it is, before anything is looked up in it. */
import type { DirectoryIdentity } from "../core/ad-account.ts";
import { parseDn } from "../core/distinguished-name.ts";
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
 *   the same; a row that names the domain could mean either. Or an export belongs to another entry's domain.
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
  const identities = identified.map(({ identity }) => identity);
  refuseTwins(identities);
  refuseExchangedExports(identities);
  return { directories: identified, forests: catalogs };
}

function placeOf({ server, url }: DirectoryIdentity): string {
  return url === undefined ? server : `${server} (${url})`;
}

function refuseTwins(identities: readonly DirectoryIdentity[]): void {
  const twinsBy = (keyOf: (identity: DirectoryIdentity) => string) =>
    [...Map.groupBy(identities, keyOf).values()].find((group) => group.length > 1);
  const [one, other] =
    twinsBy(({ domain }) => foldCase(domain)) ?? twinsBy(({ domainId }) => domainId) ?? twinsBy(domainDn) ?? [];
  if (one === undefined || other === undefined) return;
  throw new BatchError(
    "config",
    `Two entries of directories are one domain, or two that are called the same: ${describePlace(one)} and ${describePlace(other)}.`,
    "Leave one of them out; several domain controllers of one domain belong into one entry, as a list in url.",
  );
}

/** Two files that stand under each other's name would give every row of both domains an account of the wrong one. */
function refuseExchangedExports(identities: readonly DirectoryIdentity[]): void {
  for (const one of identities) {
    if (one.source.kind === "live") continue;
    const label = domainDn(one).split(",")[0]?.replace(/^dc=/, "");
    const other = identities.find(({ domain }) => foldCase(domain) === label);
    if (other === undefined || other === one) continue;
    throw new BatchError(
      "config",
      `The export of ${one.domain}, ${one.server}, holds accounts of ${one.baseDn}, which looks like the domain of another entry: ${describePlace(other)}. Nothing was written.`,
      `Check file in the entries ${one.domain} and ${other.domain} of directories: they may be exchanged.`,
    );
  }
}

/** The domain's own DN in its one spelling: a configured base may lie below it. */
function domainDn({ baseDn }: DirectoryIdentity): string {
  const parts = (parseDn(baseDn) ?? []).filter((part) => part.startsWith("dc="));
  return parts.length === 0 ? foldCase(baseDn) : parts.join(",");
}

function describePlace({ domain, baseDn, server }: DirectoryIdentity): string {
  return `${domain} (${baseDn} at ${server})`;
}
