/**
 * Answers one search: base, scope, filter, paging, limits, continuation references.
 */
import type { Comparison } from "./compare-values.ts";
import type { DirectoryTree } from "./directory-tree.ts";
import { isWithin, keyAbove, parseName } from "./distinguished-name.ts";
import { dnsNameOf, namingContexts } from "./domain-entries.ts";
import { encodeDn, findBase, foreignContexts } from "./find-base.ts";
import { CONTROL, type Control, type LdapResult, type SearchRequest } from "./ldap-message.ts";
import { compileFilter } from "./match-filter.ts";
import { MAX_PAGE_SIZE, type ResultSets, readPaging, writePaging } from "./paging.ts";
import { REFUSE, SUCCESS } from "./refusals.ts";
import type { Schema } from "./schema.ts";
import type { StoredEntry } from "./stored-entry.ts";
import type { SimulatedDomain } from "./world.ts";

export type SearchAnswer = {
  entries: readonly StoredEntry[];
  references: readonly string[];
  result: LdapResult;
  controls: readonly Control[];
};

export type Searchable = {
  tree: DirectoryTree;
  schema: Schema;
  comparison: Comparison;
  domain: SimulatedDomain;
  /** A Global Catalog's port: a search may begin at the root and crosses the borders of naming contexts. */
  isCatalog: boolean;
};

/** @param scheme Of the connection: ldap or ldaps; references carry it, as AD's do. */
export function searchDirectory(
  request: SearchRequest,
  controls: readonly Control[],
  searchable: Searchable,
  sets: ResultSets,
  scheme: string,
): SearchAnswer {
  const refuse = (result: LdapResult): SearchAnswer => ({ entries: [], references: [], result, controls: [] });
  const base = findSearchBase(request, searchable, scheme);
  if (base !== "root" && "code" in base) return refuse(base);
  const wants = (oid: string) => controls.some((control) => control.oid === oid);
  const references =
    base === "root" || searchable.isCatalog || wants(CONTROL.domainScope)
      ? []
      : referencesBelow(base, request, searchable.domain, scheme);
  const pagingControl = controls.find(({ oid }) => oid === CONTROL.pagedResults);
  const paging = pagingControl ? readPaging(pagingControl.value) : null;
  if (pagingControl && !paging) return refuse(REFUSE.controlValue());
  const pageAsked = paging && !(request.sizeLimit > 0 && paging.pageSize >= request.sizeLimit) ? paging : null;
  if (pageAsked) {
    const rest =
      pageAsked.cookie.length > 0
        ? sets.take(request, pageAsked.cookie)
        : findMatches(request, base, wants, searchable);
    if (rest === null) return refuse(REFUSE.controlValue());
    if (pageAsked.pageSize === 0) return { entries: [], references: [], result: SUCCESS, controls: [writePaging("")] };
    const size = Math.min(pageAsked.pageSize, MAX_PAGE_SIZE);
    const isLast = rest.length <= size;
    const cookie = isLast ? "" : sets.keep(request, rest.slice(size));
    return {
      entries: rest.slice(0, size),
      references: isLast ? references : [],
      result: SUCCESS,
      controls: [writePaging(cookie)],
    };
  }
  const matches = findMatches(request, base, wants, searchable);
  const limit = Math.min(request.sizeLimit > 0 ? request.sizeLimit : MAX_PAGE_SIZE, MAX_PAGE_SIZE);
  const ended = paging ? [writePaging("")] : [];
  if (matches.length > limit)
    return { entries: matches.slice(0, limit), references: [], result: REFUSE.sizeLimit(), controls: ended };
  return { entries: matches, references, result: SUCCESS, controls: ended };
}

/** The root is a base on a catalog's port only, and for its whole subtree. */
function findSearchBase(
  { base, scope }: SearchRequest,
  { tree, domain, isCatalog }: Searchable,
  scheme: string,
): StoredEntry | LdapResult | "root" {
  if (base !== "") return findBase(base, tree, domain, scheme);
  return isCatalog && scope === "sub" ? "root" : REFUSE.noObject("");
}

function findMatches(
  { filter, scope }: SearchRequest,
  base: StoredEntry | "root",
  wants: (oid: string) => boolean,
  { tree, schema, comparison, isCatalog }: Searchable,
): StoredEntry[] {
  const test = compileFilter(filter, schema, comparison);
  const showRecycled = wants(CONTROL.showRecycled);
  const showDeleted = showRecycled || wants(CONTROL.showDeleted);
  const isReached = (entry: StoredEntry) =>
    base === "root" || ((isCatalog || entry.contextKey === base.contextKey) && isInScope(entry, base, scope));
  const found: StoredEntry[] = [];
  for (const entry of scope === "base" && base !== "root" ? [base] : tree.candidates(filter)) {
    if ((entry.deleted && !showDeleted) || (entry.recycled && !showRecycled)) continue;
    if (isReached(entry) && test(entry)) found.push(entry);
  }
  return found;
}

function isInScope(entry: StoredEntry, base: StoredEntry, scope: SearchRequest["scope"]): boolean {
  if (scope === "base") return entry === base;
  return scope === "one" ? keyAbove(entry.name) === base.name.key : isWithin(entry.name.key, base.name.key);
}

/** Naming contexts below the base; `??base` tells a one-level search to read only their heads (RFC 4511 section 4.5.3). */
function referencesBelow(
  base: StoredEntry,
  { scope }: SearchRequest,
  domain: SimulatedDomain,
  scheme: string,
): string[] {
  const { configuration, schema, forest } = namingContexts(domain);
  const own = [configuration, schema].map((dn) => ({ dnsName: dnsNameOf(forest), dn }));
  const below = [...foreignContexts(domain), ...own].filter(({ dn }) => {
    const name = parseName(dn);
    if (scope === "base" || !name) return false;
    const parentKey = keyAbove(name);
    return scope === "one"
      ? parentKey === base.name.key
      : base.contextKey === parentKey && isWithin(parentKey, base.name.key);
  });
  return below.map(({ dnsName, dn }) => `${scheme}://${dnsName}/${encodeDn(dn)}${scope === "one" ? "??base" : ""}`);
}
