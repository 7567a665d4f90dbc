/**
 * An entry of an export, decoded into the account that LDAP would have given.
 *
 * Everything doubtful is a problem of the file: a GUID of 15 bytes, a SID that is none, a question mark where an export
 * has destroyed a letter. An account with a doubtful GUID or name must never be matched.
 */
import { ACCOUNT_DISABLED, type AdAccount, kindOfClasses, readProfile } from "../../core/ad-account.ts";
import { type Guid, guidFromBytes, parseGuid } from "../../core/guid.ts";
import { isBuiltInAccount, parseSid, sidFromBytes } from "../../core/security-identifier.ts";
import type { AttributeName } from "./attributes.ts";
import type { ExportEntry, ExportValue } from "./export-entry.ts";
import type { ExportEncoding } from "./export-file.ts";
import { type ExportProblems, quoteValue } from "./export-problems.ts";

/** Names that decide who is matched: a letter of theirs must not be a guess. */
const DECIDING: ReadonlySet<AttributeName> = new Set(["sAMAccountName", "userPrincipalName", "mail", "proxyAddresses"]);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export type DecodingContext = {
  readonly domain: string;
  readonly encoding: ExportEncoding;
  readonly problems: ExportProblems;
};

/** @returns The account; `null` when its GUID is missing or damaged, which has become a problem. */
export function decodeEntry(entry: ExportEntry, context: DecodingContext): AdAccount | null {
  const values = new EntryValues(entry, context);
  const objectGuid = values.guid();
  const objectSid = values.sids("objectSid")[0] ?? null;
  const account = {
    domain: context.domain,
    dn: values.text("distinguishedName") ?? "",
    accountName: values.text("sAMAccountName") ?? "",
    kind: kindOfClasses(values.texts("objectClass")),
    consistencyGuid: values.bytes("mS-DS-ConsistencyGuid"),
    disabled: values.disabled(),
    protectedAccount:
      values.text("adminCount") === "1" ||
      values.text("isCriticalSystemObject")?.toUpperCase() === "TRUE" ||
      isBuiltInAccount(objectSid),
    objectSid,
    sidHistory: values.sids("sIDHistory"),
    userPrincipalName: values.text("userPrincipalName"),
    displayName: values.text("displayName"),
    givenName: values.text("givenName"),
    surname: values.text("sn"),
    mail: values.text("mail"),
    proxyAddresses: values.texts("proxyAddresses"),
    employeeId: values.text("employeeID"),
    profile: readProfile((attribute) => values.text(attribute)),
  };
  return objectGuid === null ? null : { ...account, objectGuid };
}

class EntryValues {
  readonly #entry: ExportEntry;
  readonly #context: DecodingContext;

  constructor(entry: ExportEntry, context: DecodingContext) {
    this.#entry = entry;
    this.#context = context;
  }

  texts(attribute: AttributeName): string[] {
    return this.#valuesOf(attribute).map((value) => this.#decodeText(attribute, value));
  }

  text(attribute: AttributeName): string | null {
    const texts = this.texts(attribute);
    if (texts.length > 1) this.#refuse(attribute, `found ${texts.length} values where there can be one`);
    return texts[0] ?? null;
  }

  guid(): Guid | null {
    const [value, ...others] = this.#valuesOf("objectGUID");
    if (value === undefined) {
      this.#refuse("objectGUID", "found none; the entry was cut, or the account that exported may not read it");
      return null;
    }
    const guid = typeof value === "string" ? (parseGuid(value) ?? guidFromBytes(asBytes(value))) : guidFromBytes(value);
    if (guid !== null && others.length === 0) return guid;
    this.#refuse("objectGUID", `found ${describe(value)}, which is no GUID of 16 bytes`);
    return null;
  }

  bytes(attribute: AttributeName): Uint8Array | null {
    const [value, ...others] = this.#valuesOf(attribute);
    if (others.length > 0) this.#refuse(attribute, `found ${others.length + 1} values where there can be one`);
    return value === undefined ? null : asBytes(value);
  }

  sids(attribute: AttributeName): string[] {
    return this.#valuesOf(attribute).flatMap((value) => {
      const sid = typeof value === "string" ? parseSid(value) : sidFromBytes(value);
      if (sid === null) this.#refuse(attribute, `found ${describe(value)}, which is no security identifier`);
      return sid ?? [];
    });
  }

  /** As LDAP's reader has it: an account without the attribute is not disabled. */
  disabled(): boolean {
    const control = this.text("userAccountControl");
    if (control !== null && !/^-?\d+$/.test(control)) {
      this.#refuse("userAccountControl", `found ${quoteValue(control)}, which is no number`);
    }
    if (control !== null) return (Number(control) & ACCOUNT_DISABLED) !== 0;
    const enabled = this.text("Enabled");
    if (enabled !== null && !/^(?:true|false)$/i.test(enabled)) {
      this.#refuse("Enabled", `found ${quoteValue(enabled)}, which is neither True nor False`);
    }
    return enabled?.toLowerCase() === "false";
  }

  #valuesOf(attribute: AttributeName): readonly ExportValue[] {
    return this.#entry.values.get(attribute) ?? [];
  }

  #decodeText(attribute: AttributeName, value: ExportValue): string {
    if (typeof value !== "string") {
      try {
        return utf8.decode(value);
      } catch {
        this.#refuse(attribute, `found ${value.length} bytes that are no UTF-8 text`);
        return "";
      }
    }
    if (DECIDING.has(attribute)) this.#refuseDoubtfulLetters(attribute, value);
    return value;
  }

  #refuseDoubtfulLetters(attribute: AttributeName, text: string): void {
    const lost = text.includes("?");
    if (lost || text.includes("\uFFFD")) {
      this.#refuse(
        attribute,
        `found ${quoteValue(text)}, where an export has put ${lost ? "?" : "U+FFFD"} in place of a letter; export as Unicode (-u, or -Encoding UTF8)`,
      );
    } else if (this.#context.encoding === "Windows-1252" && /[^\0-\x7f]/.test(text)) {
      this.#refuse(
        attribute,
        `found ${quoteValue(text)} in a file that is neither UTF-8 nor UTF-16, so that its letters are uncertain; export as Unicode (-u, or -Encoding UTF8)`,
      );
    }
  }

  #refuse(attribute: AttributeName, text: string): void {
    this.#context.problems.add(this.#entry.line, attribute, text);
  }
}

/** Bytes that were all printable were written as a text: one byte a letter. */
function asBytes(value: ExportValue): Uint8Array {
  return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}

function describe(value: ExportValue): string {
  return typeof value === "string" ? quoteValue(value) : `${value.length} bytes`;
}
