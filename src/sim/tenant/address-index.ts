/**
 * Which live users have a value in one of the properties that clients look up: mail, proxy addresses, SIDs.
 *
 * Without it each look-up walks the whole tenant, and a plan of a large company takes minutes. Values are kept in
 * lower case, as the filters compare them.
 */
import type { SimulatedUser } from "./world.ts";

export type IndexedProperty = "mail" | "proxyAddresses" | "onPremisesSecurityIdentifier";

export class AddressIndex {
  readonly #idsByKey = new Map<string, Set<string>>();

  add(user: SimulatedUser): void {
    for (const key of keysOf(user)) {
      const ids = this.#idsByKey.get(key);
      if (ids === undefined) this.#idsByKey.set(key, new Set([user.id]));
      else ids.add(user.id);
    }
  }

  remove(user: SimulatedUser): void {
    for (const key of keysOf(user)) {
      const ids = this.#idsByKey.get(key);
      ids?.delete(user.id);
      if (ids?.size === 0) this.#idsByKey.delete(key);
    }
  }

  /** Ids of the users that have the value, in any letter case. */
  find(property: IndexedProperty, value: string): ReadonlySet<string> {
    return this.#idsByKey.get(keyOf(property, value)) ?? new Set();
  }
}

function keysOf(user: SimulatedUser): string[] {
  const { mail, proxyAddresses, onPremisesSecurityIdentifier: sid } = user;
  return [
    ...(mail === null ? [] : [keyOf("mail", mail)]),
    ...(sid === null ? [] : [keyOf("onPremisesSecurityIdentifier", sid)]),
    ...proxyAddresses.map((address) => keyOf("proxyAddresses", address)),
  ];
}

function keyOf(property: IndexedProperty, value: string): string {
  return `${property} ${value.toLowerCase()}`;
}
