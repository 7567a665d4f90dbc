/**
 * Looks users up by values of one property, 300 to an HTTP request: filters of 15 inside a $batch of 20.
 *
 * Every filter may find too many (letter case, prefixes): who is meant is decided by whoever asked, from what came
 * back. None may find too few.
 *
 * Source: https://learn.microsoft.com/graph/aad-advanced-queries and /graph/known-issues (checked 2026-11)
 */
import type { CloudUser } from "../../core/snapshot.ts";
import type { Purpose } from "./call.ts";
import { decodeUser } from "./decode-user.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import type { GraphReply } from "./graph-reply.ts";
import {
  FILTER_SIZE,
  type LookUpProperty,
  quoteText,
  splitIntoGroups,
  usersFilterPath,
  usersWherePath,
} from "./query.ts";
import { readInBatches } from "./read-batch.ts";
import { decodePage, readPages } from "./read-pages.ts";

/** Property to look up by, and the values. */
export type LookUp = { readonly property: LookUpProperty; readonly values: readonly string[] };

const PURPOSE: Purpose = { doing: "look users up", permission: "User.Read.All" };
/** Characters of a value that a filter may carry; the X.500 addresses of old mailboxes are longer. */
const LONGEST_VALUE = 120;

/**
 * @returns Every user found, once each, however often it was found.
 * @throws {BatchError} tenant: not every value could be asked for. interrupted.
 */
export async function lookUsersUp(
  calls: GraphCalls,
  lookUps: readonly LookUp[],
  signal: AbortSignal,
): Promise<CloudUser[]> {
  const paths = lookUps.flatMap(({ property, values }) =>
    splitIntoGroups(Array.from(new Set(values)), FILTER_SIZE).map((group) => usersWherePath(property, group)),
  );
  return findUsers(calls, paths, signal);
}

/**
 * Users that have one of these addresses as UPN, mail or proxy address. The tenant compares `smtp:` and `SMTP:`
 * alike, so one form finds both.
 *
 * @param addresses Without a scheme in front.
 * @returns and throws as {@link lookUsersUp}
 */
export async function lookAddressesUp(
  calls: GraphCalls,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<CloudUser[]> {
  const wanted = Array.from(new Set(addresses.filter((address) => address !== "")));
  const short = wanted.filter((address) => `smtp:${address}`.length <= LONGEST_VALUE);
  const long = wanted.filter((address) => `smtp:${address}`.length > LONGEST_VALUE);
  const paths = splitIntoGroups(short, FILTER_SIZE).flatMap((group) => [
    usersWherePath("userPrincipalName", group),
    usersWherePath("mail", group),
    usersFilterPath(group.map((address) => `proxyAddresses/any(p:p eq ${quoteText(`smtp:${address}`)})`).join(" or ")),
  ]);
  return findUsers(calls, [...paths, ...long.map(beginsLikePath)], signal);
}

/** Users that have an address which begins like this one. A name of this length cannot be a UPN. */
function beginsLikePath(address: string): string {
  const [mail, proxy] = [address, `smtp:${address}`].map((text) => quoteText(cutText(text)));
  return usersFilterPath(`startswith(mail,${mail}) or proxyAddresses/any(p:startswith(p,${proxy}))`);
}

/** Half of a surrogate pair cannot be encoded. */
function cutText(text: string): string {
  return text.slice(0, LONGEST_VALUE).replace(/[\ud800-\udbff]$/, "");
}

async function findUsers(calls: GraphCalls, paths: readonly string[], signal: AbortSignal): Promise<CloudUser[]> {
  const found = new Map<string, CloudUser>();
  for (const reply of await readInBatches(calls, paths, { purpose: PURPOSE }, signal)) {
    for (const user of await decodeReply(calls, reply, signal)) found.set(user.id, user);
  }
  return Array.from(found.values());
}

async function decodeReply(calls: GraphCalls, reply: GraphReply, signal: AbortSignal): Promise<CloudUser[]> {
  const page = reply.status === 200 ? decodePage(reply.json, calls.baseAddressOf("v1.0"), PURPOSE) : null;
  if (page === null) throw refuseReply(reply, PURPOSE);
  const users = page.entries.map(decodeUser);
  if (page.next === null) return users;
  for await (const entries of readPages(calls, page.next, PURPOSE, signal)) users.push(...entries.map(decodeUser));
  return users;
}
