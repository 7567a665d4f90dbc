/** The names by which a batch knows its targets, to be asked of every user of the tenant. */
import { type Guid, parseGuid } from "./guid.ts";
import type { Mapping } from "./mapping.ts";
import { foldCase } from "./names.ts";
import { TextIndex } from "./text-index.ts";

/** UPNs in any case, and object ids: an array, or whatever reads each when it is asked for. */
export type Names = Iterable<string> & { readonly length: number; at(place: number): string | undefined };

/** The targets of mappings. A list of their own would be read once and kept until everybody is found. */
export function namesOfTargets(mappings: readonly Pick<Mapping, "upn">[]): Names {
  return {
    length: mappings.length,
    at: (place) => mappings[place]?.upn,
    *[Symbol.iterator]() {
      for (const { upn } of mappings) yield upn;
    },
  };
}

/**
 * Made of the list itself, which is kept: a set of folded names would take more than the list. Indexed when it is first
 * asked, so that whoever only hands it on need not wait.
 */
export class TargetNames {
  /** As they were given. */
  readonly names: Names;
  #places: TextIndex | null = null;

  constructor(names: Names) {
    this.names = names;
  }

  /** Whether a user is named by id or by this UPN. */
  has(id: Guid, userPrincipalName: string): boolean {
    this.#places ??= indexNames(this.names);
    return this.#hasKey(this.#places, id) || this.#hasKey(this.#places, foldCase(userPrincipalName));
  }

  #hasKey(places: TextIndex, key: string): boolean {
    return places.find(key).some((place) => keyOf(this.names.at(place) ?? "") === key);
  }
}

function indexNames(names: Names): TextIndex {
  const places = new TextIndex(names.length);
  let place = 0;
  for (const name of names) {
    places.add(keyOf(name), place);
    place += 1;
  }
  return places;
}

function keyOf(name: string): string {
  return parseGuid(name) ?? foldCase(name);
}
