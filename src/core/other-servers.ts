/**
 * Whether AD is read through another domain controller than the one that a run has written to.
 *
 * Domain controllers copy from each other with a delay: seconds within a site, by default up to three hours between
 * sites. One that has not got a write yet shows the old value, which looks exactly as if somebody had set the account
 * back, or as if there were nothing to roll back.
 *
 * Source: MS-ADTS 3.1.1.1.16 (replication); Microsoft Learn, Active Directory replication concepts (site links: 180
 * minutes), checked 2026-11.
 */
import { foldCase } from "./names.ts";
import { countOf } from "./words.ts";

/** An account that was written, and the domain controller that has said yes. */
export type WrittenThrough = { readonly domain: string | null; readonly server: string | null };

/** Whether a domain controller is another than the one that was written through; not where one has not said its name. */
export function isAnotherServer(through: string | null, now: string | null): boolean {
  return through !== null && now !== null && foldCase(through) !== foldCase(now);
}

/** One line for each domain that another domain controller answers for now, with what to do. */
export function describeOtherServers(
  written: Iterable<WrittenThrough>,
  present: readonly { readonly domain: string; readonly server: string }[],
): string[] {
  const serverOf = new Map(present.map(({ domain, server }) => [foldCase(domain), { domain, server }]));
  const elsewhere = [...written].flatMap(({ domain, server }) => {
    const now = domain === null ? undefined : serverOf.get(foldCase(domain));
    return server !== null && now !== undefined && isAnotherServer(server, now.server) ? [{ server, now }] : [];
  });
  return [...Map.groupBy(elsewhere, ({ now, server }) => `${now.domain} ${foldCase(server)}`).values()].flatMap(
    (group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { server, now } = first;
      return `${now.domain}: ${countOf(group.length, "account")} written through ${server}, and ${now.server} answers now. What it has not got by replication looks as if it were set back: believe that only when ${server} says so too (put it first under url), or when both have replicated (repadmin /showrepl).`;
    },
  );
}
