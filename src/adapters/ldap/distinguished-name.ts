/**
 * Whether one distinguished name lies under another.
 *
 * Enough for a domain's own DNs: case and the spaces around separators do not count. Two DNs that differ in the way a
 * character is escaped count as different, which only ever refuses too much.
 *
 * Source: RFC 4514, checked 2026-11.
 */

/** The same entry. */
export function sameDn(one: string, other: string): boolean {
  return splitDn(one).join() === splitDn(other).join();
}

/** The ancestor itself, or anything below it. */
export function isUnderDn(dn: string, ancestor: string): boolean {
  const parts = splitDn(dn);
  const ancestorParts = splitDn(ancestor);
  if (parts.length < ancestorParts.length) return false;
  return parts.slice(parts.length - ancestorParts.length).join() === ancestorParts.join();
}

function splitDn(dn: string): string[] {
  const parts = dn.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return parts.map((part) =>
    part
      .trim()
      .replace(/\s*=\s*/, "=")
      .toLowerCase(),
  );
}
