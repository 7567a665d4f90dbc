/**
 * Modify, all changes or none (RFC 4511 section 4.6, MS-ADTS 3.1.1.5.3).
 *
 * A delete that names its value is the compare-and-set of LDAP: it fails with noSuchAttribute if another value is
 * there, and a client relies on that.
 */
import { type Comparison, equalityKey } from "./compare-values.ts";
import { leafOf, parseName } from "./distinguished-name.ts";
import type { AttributeChange, LdapResult } from "./ldap-message.ts";
import { REFUSE, SUCCESS } from "./refusals.ts";
import type { AttributeRule, Schema } from "./schema.ts";
import type { SimulatedEntry } from "./world.ts";

/** @returns The entry after the changes, or the refusal. `permissive` is the control of that name: no error 16 or 20. */
export function applyModification(
  entry: SimulatedEntry,
  changes: readonly AttributeChange[],
  { schema, comparison, permissive }: { schema: Schema; comparison: Comparison; permissive: boolean },
): { result: LdapResult; entry: SimulatedEntry } {
  const changed = structuredClone(entry);
  const name = parseName(entry.dn);
  const naming = name ? leafOf(name).type.toLowerCase() : "";
  for (const change of changes) {
    const rule = schema.find(change.attribute);
    const refusal = rule ? refuseChange(rule, naming) : REFUSE.unknownAttribute();
    if (!rule || refusal) return { result: refusal ?? REFUSE.unknownAttribute(), entry };
    const keyOf = (value: Buffer) => equalityKey(rule.syntax, value, comparison);
    if (
      !isOctets(rule) &&
      change.values.some((value) => keyOf(value) === null || !Buffer.from(value.toString()).equals(value))
    ) {
      return { result: REFUSE.attributeText(), entry };
    }
    const outcome = changeValues(readValues(changed, rule), change, rule, keyOf, permissive);
    if (!Array.isArray(outcome)) return { result: outcome, entry };
    writeValues(changed, rule, outcome);
  }
  return { result: SUCCESS, entry: changed };
}

/** Sets an attribute of an entry in its fixture form; no values remove it. */
export function writeValues(entry: SimulatedEntry, rule: AttributeRule, values: readonly Buffer[]): void {
  for (const held of [entry.attributes, entry.binary]) {
    for (const key of Object.keys(held)) if (key.toLowerCase() === rule.name.toLowerCase()) delete held[key];
  }
  if (values.length === 0) return;
  if (isOctets(rule)) entry.binary[rule.name] = values.map((value) => value.toString("base64"));
  else entry.attributes[rule.name] = values.map((value) => value.toString());
}

function isOctets({ syntax }: AttributeRule): boolean {
  return syntax === "octets" || syntax === "sid";
}

function refuseChange({ name, systemOnly }: AttributeRule, naming: string): LdapResult | null {
  if (systemOnly || name === "objectClass" || name === "objectCategory") return REFUSE.systemOnly(name);
  return name.toLowerCase() === naming || name === "name" ? REFUSE.namingAttribute() : null;
}

function readValues(entry: SimulatedEntry, rule: AttributeRule): Buffer[] {
  const pick = (held: Record<string, string[]>) =>
    Object.entries(held).flatMap(([key, values]) => (key.toLowerCase() === rule.name.toLowerCase() ? values : []));
  return [
    ...pick(entry.attributes).map((value) => Buffer.from(value)),
    ...pick(entry.binary).map((value) => Buffer.from(value, "base64")),
  ];
}

function changeValues(
  held: readonly Buffer[],
  { change, values }: AttributeChange,
  rule: AttributeRule,
  keyOf: (value: Buffer) => string | null,
  permissive: boolean,
): Buffer[] | LdapResult {
  const keys = values.map(keyOf);
  const isHeld = (key: string | null) => held.some((value) => keyOf(value) === key);
  if (change === "delete") {
    const missing = values.length === 0 ? held.length === 0 : keys.some((key) => !isHeld(key));
    if (missing && !permissive) return REFUSE.valueMissing(rule.name);
    return values.length === 0 ? [] : held.filter((value) => !keys.includes(keyOf(value)));
  }
  if (new Set(keys).size < keys.length) return REFUSE.valueExists(rule.name);
  if (rule.single && values.length > 1) return REFUSE.tooManyValues(rule.name);
  if (change === "replace") return [...values];
  const added = values.filter((value) => !isHeld(keyOf(value)));
  if (added.length < values.length && !permissive) return REFUSE.valueExists(rule.name);
  if (rule.single && held.length + added.length > 1) return REFUSE.valueExists(rule.name);
  return [...held, ...added];
}
