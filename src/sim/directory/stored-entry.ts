/**
 * An entry as the directory serves it: what the fixture says, plus what AD adds to every object by itself.
 */
import { type Comparison, equalityKey } from "./compare-values.ts";
import { leafOf, type ParsedName, parseName } from "./distinguished-name.ts";
import type { AttributeValues } from "./ldap-message.ts";
import { type AttributeRule, categoryDn, expandClasses, type Schema } from "./schema.ts";
import type { SimulatedEntry } from "./world.ts";

export type StoredAttribute = AttributeValues & { rule: AttributeRule; keys: readonly (string | null)[] };

export type StoredEntry = {
  dn: string;
  name: ParsedName;
  /** Key of the naming context: searches do not cross its border. */
  contextKey: string;
  /** By lower-case attribute name, in the order in which they are sent. */
  attributes: ReadonlyMap<string, StoredAttribute>;
  deleted: boolean;
  recycled: boolean;
};

const ACCOUNT_TYPES: readonly [className: string, sAMAccountType: string][] = [
  ["group", "268435456"],
  ["computer", "805306369"],
  ["user", "805306368"],
];

/** @throws {RangeError} if the entry's DN is none. */
export function buildStoredEntry(
  entry: SimulatedEntry,
  contextKey: string,
  schema: Schema,
  comparison: Comparison,
): StoredEntry {
  const name = parseName(entry.dn);
  if (!name || name.parts.length === 0) throw new RangeError(`not a distinguished name: ${JSON.stringify(entry.dn)}`);
  const attributes = new Map<string, StoredAttribute>();
  const put = (attributeName: string, values: readonly (string | Buffer)[]) => {
    const rule = schema.add(attributeName, values.some((value) => typeof value !== "string") ? "octets" : "text");
    const keys = values.map((value) => equalityKey(rule.syntax, value, comparison));
    if (values.length > 0) attributes.set(attributeName.toLowerCase(), { name: rule.name, values, rule, keys });
  };
  const classes = expandClasses(entry.objectClass);
  const leaf = leafOf(name);
  put("objectClass", classes);
  put(leaf.type, [leaf.value]);
  put("distinguishedName", [entry.dn]);
  put("name", [leaf.value]);
  const category = categoryDn(classes.at(-1) ?? "top", comparison.configurationDn);
  if (category) put("objectCategory", [category]);
  const accountType = ACCOUNT_TYPES.find(([className]) => classes.includes(className));
  const hasAccount = Object.keys(entry.attributes).some((key) => key.toLowerCase() === "samaccountname");
  if (accountType && hasAccount) put("sAMAccountType", [accountType[1]]);
  for (const [key, values] of Object.entries(entry.attributes)) put(key, values);
  for (const [key, values] of Object.entries(entry.binary))
    put(
      key,
      values.map((value) => Buffer.from(value, "base64")),
    );
  const isTrue = (key: string) => attributes.get(key)?.values[0] === "TRUE";
  return { dn: entry.dn, name, contextKey, attributes, deleted: isTrue("isdeleted"), recycled: isTrue("isrecycled") };
}
