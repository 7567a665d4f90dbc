/** A filter in the text form of RFC 4515, for the ledger and for telling searches apart. */
import type { Filter } from "./ldap-message.ts";

const SIGNS = { equality: "=", approx: "~=", "greater-or-equal": ">=", "less-or-equal": "<=" } as const;

export function describeFilter(filter: Filter): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return `(${filter.kind === "and" ? "&" : "|"}${filter.filters.map(describeFilter).join("")})`;
    case "not":
      return `(!${describeFilter(filter.filter)})`;
    case "present":
      return `(${filter.attribute}=*)`;
    case "substring":
      return `(${filter.attribute}=${[filter.initial, ...filter.any, filter.final].map(escapeValue).join("*")})`;
    case "extensible": {
      const dn = filter.dnAttributes ? ":dn" : "";
      const rule = filter.rule === null ? "" : `:${filter.rule}`;
      return `(${filter.attribute ?? ""}${dn}${rule}:=${escapeValue(filter.value)})`;
    }
    default:
      return `(${filter.attribute}${SIGNS[filter.kind]}${escapeValue(filter.value)})`;
  }
}

function escapeValue(value: Buffer | null): string {
  const text = value?.toString() ?? "";
  const escapeByte = (byte: number) => `\\${byte.toString(16).padStart(2, "0")}`;
  if (value && (text.includes("\ufffd") || /[^\P{Cc}\0]/u.test(text))) return Array.from(value, escapeByte).join("");
  return text.replace(/[\\*()\0]/g, (sign) => escapeByte(sign.charCodeAt(0)));
}
