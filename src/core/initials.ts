/**
 * Divides the users of a tenant by the first character of their UPN, so that they can be listed in several parts at once.
 *
 * A page names the next one, so a listing is as slow as its pages are after each other. The parts are found by a filter
 * that Graph takes without an advanced query, `startsWith`, which allows no more than 15 alternatives: the 44 characters
 * of a UPN fit into three parts.
 *
 * Sources: characters, "Prepare for directory synchronization" and "Username policies" in Microsoft's documentation of
 * Entra ID; `startsWith` on userPrincipalName, https://learn.microsoft.com/graph/aad-advanced-queries; 15 alternatives,
 * https://learn.microsoft.com/graph/known-issues (all checked 2026-11)
 */
import { parseGuid } from "./guid.ts";
import { foldCase } from "./names.ts";

/** Every character with which a UPN may begin; letters without regard to case. */
export const UPN_INITIALS = "abcdefghijklmnopqrstuvwxyz0123456789'.-_!#^~";
const PARTS = 3;
const MOST_INITIALS = 15;
/** A shorter listing is not worth the requests that its parts take more. */
const FEWEST_PAGES = 4;

/** How a listing is divided. */
export type Division = {
  /** Of each part the characters with which a UPN of it begins: together {@link UPN_INITIALS}, each once. */
  readonly parts: readonly string[];
  /** How many users there are: parts that hold fewer are not all of them. */
  readonly users: number;
};

/**
 * Divides so that the parts are about equally long, as far as the names of a batch stand for its tenant.
 *
 * @param names UPNs of targets; object ids among them say nothing.
 * @returns `null` where parts would be no faster than the whole: few users, or names that all begin alike.
 */
export function divideByInitials(
  names: Iterable<string>,
  { users, pageSize }: { readonly users: number; readonly pageSize: number },
): Division | null {
  const pages = Math.ceil(users / pageSize);
  if (pages < FEWEST_PAGES) return null;
  const counts = countInitials(names);
  const parts = Array.from({ length: PARTS }, () => ({ initials: "", names: 0 }));
  // The most frequent first, each into the part that has the fewest names: the usual way to fill evenly.
  for (const initial of [...UPN_INITIALS].sort((a, b) => countOf(counts, b) - countOf(counts, a))) {
    const open = parts.filter(({ initials }) => initials.length < MOST_INITIALS);
    const part = open.reduce((fewest, other) => (other.names < fewest.names ? other : fewest));
    part.initials += initial;
    part.names += countOf(counts, initial);
  }
  const named = parts.reduce((sum, part) => sum + part.names, 0);
  const longest = Math.max(...parts.map((part) => part.names));
  if (named === 0 || Math.ceil((users * longest) / named / pageSize) >= pages) return null;
  return { parts: parts.map(({ initials }) => initials), users };
}

function countInitials(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    if (parseGuid(name) !== null) continue;
    const initial = foldCase(name.slice(0, 1));
    counts.set(initial, (counts.get(initial) ?? 0) + 1);
  }
  return counts;
}

function countOf(counts: ReadonlyMap<string, number>, initial: string): number {
  return counts.get(initial) ?? 0;
}
