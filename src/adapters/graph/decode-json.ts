/**
 * Reading fields of parsed JSON that somebody else wrote.
 *
 * Only own properties count: a body with a `__proto__` or `constructor` in it must not be able to pretend a field.
 */

/** @returns The own property, `undefined` when there is none or `value` is no object. */
export function readField(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, name) ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

/** @returns The field if it is text, else `null`. */
export function readText(value: unknown, name: string): string | null {
  const field = readField(value, name);
  return typeof field === "string" ? field : null;
}

/** true for `{...}`; false for arrays, null and everything else. */
export function isJsonObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
