/** The four ways in which one source anchor is written, and telling which of them a text is. */
import { type Guid, guidFromBytes, guidToBytes, guidToFilterBytes, parseGuid } from "../core/guid.ts";
import { guidFromImmutableId, immutableIdFromGuid } from "../core/immutable-id.ts";

export type IdForm = "GUID" | "immutable ID" | "hex bytes" | "LDAP filter";
export type IdForms = {
  readonly form: IdForm;
  readonly guid: Guid;
  readonly immutableId: string;
  readonly hexBytes: string;
  readonly ldapFilter: string;
};

/** @returns All four forms, or why the text is none of them. */
export function readIdForms(text: string): IdForms | { readonly problem: string } {
  // a cell of ours that a spreadsheet would take for a formula has an apostrophe in front
  const value = text.trim().replace(/^'/, "");
  const guid = parseGuid(value);
  if (guid !== null) return formsOf("GUID", guid);
  const fromId = guidFromImmutableId(value);
  if (fromId !== null) return formsOf("immutable ID", fromId);
  const escaped = /^(?:\(\s*[A-Za-z-]+\s*=)?((?:\\[0-9a-f]{2})+)\)?$/i.exec(value)?.[1];
  if (escaped !== undefined) return fromHex("LDAP filter", escaped.replaceAll("\\", ""));
  const hex = value.replace(/^0x/i, "").replaceAll(/[\s:-]/g, "");
  if (/^[0-9a-f]+$/i.test(hex) && hex.length % 2 === 0 && !value.includes("=")) return fromHex("hex bytes", hex);
  if (/^[A-Za-z0-9+/]{22}==$/.test(value))
    return {
      problem:
        "it is base64 of 16 bytes, but not written canonically: its last letter has spare bits set, so no tenant takes it for an equal value",
    };
  return { problem: "it is no GUID, no base64 of 16 bytes, no 16 hex bytes and no LDAP filter bytes" };
}

function fromHex(form: IdForm, hex: string): IdForms | { readonly problem: string } {
  const guid = guidFromBytes(Buffer.from(hex, "hex"));
  return guid === null ? { problem: `it has ${hex.length / 2} bytes, and a GUID has 16` } : formsOf(form, guid);
}

function formsOf(form: IdForm, guid: Guid): IdForms {
  return {
    form,
    guid,
    immutableId: immutableIdFromGuid(guid),
    hexBytes: Buffer.from(guidToBytes(guid)).toString("hex"),
    ldapFilter: `(objectGUID=${guidToFilterBytes(guid)})`,
  };
}
