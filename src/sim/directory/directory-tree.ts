/**
 * The entries with their indexes: by DN, by objectGUID and by every attribute that AD indexes.
 *
 * An OR of a hundred names must not scan ten thousand entries, or a simulation of a large domain would take minutes
 * where a domain controller takes seconds. Every change goes through `put` and `remove`, which keep the indexes right.
 */
import { type Comparison, equalityKey } from "./compare-values.ts";
import { keyAbove, parseName } from "./distinguished-name.ts";
import { guidBytesForName } from "./guid-and-sid.ts";
import type { Filter } from "./ldap-message.ts";
import type { Schema } from "./schema.ts";
import { buildStoredEntry, type StoredEntry } from "./stored-entry.ts";
import type { SimulatedEntry } from "./world.ts";

type Holding = { source: SimulatedEntry; stored: StoredEntry; generated: boolean; order: number };

export class DirectoryTree {
  readonly #schema: Schema;
  readonly #comparison: Comparison;
  readonly #contextKeys: readonly string[];
  readonly #byKey = new Map<string, Holding>();
  readonly #index = new Map<string, Map<string, Set<Holding>>>();
  #nextOrder = 0;

  /** @param contextKeys Keys of the naming contexts, the longest first. */
  constructor(schema: Schema, comparison: Comparison, contextKeys: readonly string[]) {
    this.#schema = schema;
    this.#comparison = comparison;
    this.#contextKeys = contextKeys;
  }

  /** Adds or replaces an entry, and any parent container that is missing. @throws {RangeError} if its DN is none. */
  put(source: SimulatedEntry, generated = false): void {
    const copy = structuredClone(source);
    const key = parseName(source.dn)?.key ?? "";
    const contextKey = this.#contextKeys.find((context) => key === context || key.endsWith(`,${context}`)) ?? "";
    const stored = buildStoredEntry(copy, contextKey, this.#schema, this.#comparison);
    const previous = this.#byKey.get(key);
    if (previous) this.#unindex(previous);
    const holding = { source: copy, stored, generated, order: previous?.order ?? this.#nextOrder++ };
    this.#byKey.set(key, holding);
    for (const [attribute, valueKey] of indexedKeys(stored)) {
      const values = getOrAdd(this.#index, attribute, () => new Map<string, Set<Holding>>());
      getOrAdd(values, valueKey, () => new Set<Holding>()).add(holding);
    }
    this.#putMissingParent(stored);
  }

  /** @returns Whether there was such an entry. Entries below it stay. */
  remove(dn: string): boolean {
    const key = parseName(dn)?.key ?? "";
    const holding = this.#byKey.get(key);
    if (holding) this.#unindex(holding);
    return this.#byKey.delete(key);
  }

  /** The fixture's form of an entry, to be changed and put back. */
  readSource(dn: string): { source: SimulatedEntry; generated: boolean } | undefined {
    const holding = this.#byKey.get(parseName(dn)?.key ?? "");
    return holding && { source: structuredClone(holding.source), generated: holding.generated };
  }

  find(key: string): StoredEntry | undefined {
    return this.#byKey.get(key)?.stored;
  }

  /** The first entry with this value of an indexed attribute. */
  findBy(
    attribute: "objectGUID" | "objectSid" | "userPrincipalName" | "sAMAccountName",
    value: Buffer | string,
  ): StoredEntry | undefined {
    const valueKey = equalityKey(this.#schema.find(attribute)?.syntax ?? "text", value, this.#comparison) ?? "";
    const [holding] = this.#index.get(attribute.toLowerCase())?.get(valueKey) ?? [];
    return holding?.stored;
  }

  /** Entries that may match, in the order in which they were added: through an index if one serves, else all. */
  candidates(filter: Filter): Iterable<StoredEntry> {
    const narrowed = this.#narrow(filter);
    if (!narrowed) return this.#byKey.values().map(({ stored }) => stored);
    return [...narrowed].sort((left, right) => left.order - right.order).map(({ stored }) => stored);
  }

  /** What the fixture put in, as it is now; entries that the server made up are left out. */
  readEntries(): SimulatedEntry[] {
    return [...this.#byKey.values()].filter(({ generated }) => !generated).map(({ source }) => structuredClone(source));
  }

  #narrow(filter: Filter): ReadonlySet<Holding> | null {
    switch (filter.kind) {
      case "equality": {
        const rule = this.#schema.find(filter.attribute);
        if (!rule?.indexed) return null;
        const valueKey = equalityKey(rule.syntax, filter.value, this.#comparison);
        const found = valueKey === null ? undefined : this.#index.get(rule.name.toLowerCase())?.get(valueKey);
        return found ?? new Set();
      }
      case "and": {
        const sets = filter.filters.map((part) => this.#narrow(part)).filter((set) => set !== null);
        return sets.reduce<ReadonlySet<Holding> | null>(
          (least, set) => (least && least.size <= set.size ? least : set),
          null,
        );
      }
      case "or": {
        const union = new Set<Holding>();
        for (const part of filter.filters) {
          const found = this.#narrow(part);
          if (!found) return null;
          for (const holding of found) union.add(holding);
        }
        return union;
      }
      default:
        return null;
    }
  }

  #unindex(holding: Holding): void {
    for (const [attribute, valueKey] of indexedKeys(holding.stored)) {
      const holders = this.#index.get(attribute)?.get(valueKey);
      holders?.delete(holding);
      if (holders?.size === 0) this.#index.get(attribute)?.delete(valueKey);
    }
  }

  #putMissingParent({ name, contextKey }: StoredEntry): void {
    if (contextKey === "" || name.key === contextKey || this.#byKey.has(keyAbove(name))) return;
    const dn = name.written.slice(1).join(",");
    const objectClass = [/^ou=/i.test(dn) ? "organizationalUnit" : "container"];
    this.put(
      {
        dn,
        objectClass,
        attributes: {},
        binary: { objectGUID: [guidBytesForName(keyAbove(name)).toString("base64")] },
      },
      true,
    );
  }
}

function indexedKeys(entry: StoredEntry): [attribute: string, valueKey: string][] {
  const indexed = [...entry.attributes].filter(([, { rule }]) => rule.indexed);
  return indexed.flatMap(([attribute, { keys }]) =>
    keys.flatMap((key): [string, string][] => (key === null ? [] : [[attribute, key]])),
  );
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
