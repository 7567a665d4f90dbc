/**
 * Follows a listing from page to page, to its end or not at all.
 *
 * A nextLink is an address that came over the wire, and the access token would go with it: it must keep scheme,
 * host and path prefix. A listing that runs in a circle or never ends is refused, because half a tenant looks like
 * a tenant without conflicts.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

import { BatchError } from "../../core/errors.ts";
import type { Purpose } from "./call.ts";
import { readField } from "./decode-json.ts";
import type { GraphCalls, GraphVersion, ReadRequest } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";

/** About 20 million users; a tenant's own limit is far lower. */
const MOST_PAGES = 20_000;
const MOST_EMPTY_PAGES_IN_A_ROW = 100;
/** Fetch is called in the first one and writes in the second one, as was measured; a test holds it. */
const TURNS_UNTIL_SENT = 2;

/** A page: its entries, and the path of the next one. */
export type Page = { readonly entries: readonly unknown[]; readonly next: string | null };

/**
 * @param path First page, relative to the version.
 * @throws {BatchError} tenant: a page could not be had, or is none. interrupted.
 */
export async function* readPages(
  calls: GraphCalls,
  path: string,
  purpose: Purpose & Pick<ReadRequest, "tries">,
  signal: AbortSignal,
  version: GraphVersion = "v1.0",
): AsyncGenerator<readonly unknown[]> {
  const seen = new Set<string>();
  let emptyInARow = 0;
  const readPage = async (at: string): Promise<Page> => {
    const reply = await calls.read({ ...purpose, path: at, version, signal });
    const page = decodePage(reply.json, calls.baseAddressOf(version), purpose);
    if (page === null) throw refuseReply(reply, purpose);
    return page;
  };
  let reading = readPage(path);
  for (let next: string | null = path; next !== null; ) {
    if (seen.has(next)) throw brokenListing(purpose, "a page names itself or an earlier page as the next one");
    if (seen.size >= MOST_PAGES) throw brokenListing(purpose, `there are more than ${MOST_PAGES} pages`);
    seen.add(next);
    const page = await reading;
    emptyInARow = page.entries.length === 0 ? emptyInARow + 1 : 0;
    if (emptyInARow > MOST_EMPTY_PAGES_IN_A_ROW) throw brokenListing(purpose, "page after page is empty");
    next = page.next;
    if (next !== null && !seen.has(next)) {
      // On its way while whoever asked works on this one.
      reading = readPage(next);
      void Promise.allSettled([reading]);
      await untilSent();
    }
    yield page.entries;
  }
}

/**
 * Waits until a request that was begun is on the wire: fetch writes it in a turn of the event loop of its own, and work
 * that goes on in this one would keep it waiting.
 */
async function untilSent(): Promise<void> {
  for (let turn = 0; turn < TURNS_UNTIL_SENT; turn += 1) await nextTurn();
}

/**
 * @param baseAddress Scheme, host and version that a nextLink must keep.
 * @returns `null` when the body is no page.
 * @throws {BatchError} tenant: the nextLink leads elsewhere.
 */
export function decodePage(json: unknown, baseAddress: string, purpose: Purpose): Page | null {
  const entries = readField(json, "value");
  if (!Array.isArray(entries)) return null;
  const nextLink = readField(json, "@odata.nextLink");
  return {
    entries,
    next: nextLink === undefined || nextLink === null ? null : followable(nextLink, baseAddress, purpose),
  };
}

function followable(nextLink: unknown, baseAddress: string, purpose: Purpose): string {
  const url = typeof nextLink === "string" && URL.canParse(nextLink) ? new URL(nextLink) : null;
  const base = new URL(baseAddress);
  const plain = url !== null && url.username === "" && url.password === "" && url.hash === "";
  const sameRoot = plain && url.origin === base.origin && url.pathname.startsWith(`${base.pathname}/`);
  // The SDK reads "https://" anywhere in a path as a new host.
  const path = sameRoot ? url.href.slice(baseAddress.length) : "";
  if (path !== "" && !path.includes("https://")) return path;
  throw brokenListing(
    purpose,
    `the next page is said to be at ${url?.origin ?? "no readable address"}, not under ${baseAddress}`,
  );
}

function brokenListing({ doing }: Purpose, why: string): BatchError {
  return new BatchError(
    "tenant",
    `Cannot ${doing}: ${why}`,
    "A listing that is not whole decides nothing. Run the same command again; if it goes on, look for a proxy on the way.",
  );
}
