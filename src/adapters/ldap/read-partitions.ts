/**
 * The domains of a forest, as its Partitions container names them: one crossRef for each.
 *
 * Every domain controller of the forest holds the container, and every account may read it by default.
 *
 * Source: MS-ADTS 6.1.1.2.1.1.4 (domain crossRef objects: nCName, nETBIOSName), checked 2026-11.
 */
import { PresenceFilter } from "ldapts";
import type { ForestDomain } from "../../core/forest.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { decodeTexts } from "./entry.ts";

/** @returns `null` where the account may not read the container. @throws {BatchError} directory */
export async function readForestDomains(
  pool: ConnectionPool,
  configurationDn: string,
  signal: AbortSignal,
): Promise<readonly ForestDomain[] | null> {
  const crossRefs = await pool.searchIfReadable(
    {
      baseDn: `CN=Partitions,${configurationDn}`,
      scope: "one",
      filter: new PresenceFilter({ attribute: "nETBIOSName" }),
      attributes: ["nCName", "nETBIOSName"],
    },
    signal,
  );
  const domains = crossRefs?.flatMap((crossRef) => {
    const [dn] = decodeTexts(crossRef, "nCName");
    const [domain] = decodeTexts(crossRef, "nETBIOSName");
    return dn === undefined || domain === undefined ? [] : [{ domain, dn }];
  });
  return domains ?? null;
}
