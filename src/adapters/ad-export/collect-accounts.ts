/**
 * All entries of an export as accounts, and the domain that they belong to.
 *
 * One file is one domain: a sAMAccountName is unique in a domain only, and a row that names the domain must not get an
 * account of another one. The domain's own objectGUID stands in the export if its head was exported. Otherwise its id is
 * made from the domain's SID, which every account's SID begins with and which never changes either: the first 16 bytes of
 * the SHA-256 of "hardmatch domain S-1-5-21-...", marked as a GUID of version 8 (RFC 9562, 5.8).
 */
import { createHash } from "node:crypto";
import type { AdAccount } from "../../core/ad-account.ts";
import { sameDn } from "../../core/distinguished-name.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import { foldCase } from "../../core/names.ts";
import { domainSidOf } from "../../core/security-identifier.ts";
import { type AttributeName, SIGNS_OF_EVERYTHING } from "./attributes.ts";
import { type DecodingContext, decodeEntry } from "./decode-entry.ts";
import type { ExportEntry } from "./export-entry.ts";
import { quoteValue } from "./export-problems.ts";

const DOMAIN_HEAD_CLASS = "domaindns";

/** The accounts of an export, and what it says about itself. */
export type CollectedAccounts = {
  readonly accounts: readonly AdAccount[];
  readonly domainId: Guid;
  /** DN of the domain. */
  readonly baseDn: string;
};

export class AccountCollector {
  readonly #context: DecodingContext;
  readonly #accounts: AdAccount[] = [];
  readonly #lineOfGuid = new Map<string, number>();
  readonly #lineOfName = new Map<string, number>();
  readonly #seen = new Set<AttributeName>();
  readonly #seenAnywhere = new Set<AttributeName>();
  readonly #heads: AdAccount[] = [];
  #domain: { readonly sid: string; readonly line: number } | null = null;
  #base: { readonly dn: string; readonly line: number } | null = null;
  #everything = true;
  #principals = 0;

  constructor(context: DecodingContext) {
    this.#context = context;
  }

  /** Attributes that some account has; where there is none, some entry. */
  get seen(): ReadonlySet<AttributeName> {
    return this.#seen.size > 0 ? this.#seen : this.#seenAnywhere;
  }

  /** Every user and computer has what only an export of all attributes holds. */
  get holdsEverything(): boolean {
    return this.#everything && this.#principals > 0;
  }

  take(entry: ExportEntry): void {
    for (const attribute of entry.values.keys()) this.#seenAnywhere.add(attribute);
    if (isHead(entry)) this.#heads.push(...[decodeEntry(entry, this.#context)].filter((head) => head !== null));
    else if (isAccount(entry)) this.#takeAccount(entry);
  }

  /** @returns `null` when something is wrong; then there is a problem. */
  finish(): CollectedAccounts | null {
    const { problems } = this.#context;
    const [base, domain] = [this.#base, this.#domain];
    if (problems.count === 0 && this.#accounts.length === 0)
      problems.add(1, null, "found no account; export users, with the filter objectClass=user");
    if (problems.count === 0 && domain === null)
      problems.add(1, "objectSid", "found no account of a domain (S-1-5-21-...)");
    if (problems.count > 0 || base === null || domain === null) return null;
    const head = this.#heads.find(({ dn }) => sameDn(dn, base.dn));
    return { accounts: this.#accounts, domainId: head?.objectGuid ?? guidOfDomainSid(domain.sid), baseDn: base.dn };
  }

  #takeAccount(entry: ExportEntry): void {
    const { problems } = this.#context;
    for (const attribute of entry.values.keys()) this.#seen.add(attribute);
    const account = decodeEntry(entry, this.#context);
    if (account === null) return;
    const { accountName, kind, objectGuid, objectSid } = account;
    if (accountName === "" && kind !== "contact") {
      problems.add(
        entry.line,
        "sAMAccountName",
        "found none; the entry was cut, or the account that exported may not read it",
      );
    }
    this.#refuseRepeated(this.#lineOfGuid, objectGuid, "objectGUID", entry.line, objectGuid);
    if (accountName !== "")
      this.#refuseRepeated(this.#lineOfName, foldCase(accountName), "sAMAccountName", entry.line, accountName);
    if (kind === "user" || kind === "computer") {
      this.#principals += 1;
      this.#everything &&= SIGNS_OF_EVERYTHING.every((sign) => entry.signs.has(sign));
    }
    this.#compareDomain(entry.line, account.dn, objectSid);
    this.#accounts.push(account);
  }

  #refuseRepeated(
    lines: Map<string, number>,
    key: string,
    attribute: AttributeName,
    line: number,
    shown: string,
  ): void {
    const before = lines.get(key);
    if (before === undefined) lines.set(key, line);
    else
      this.#context.problems.add(
        line,
        attribute,
        `found ${quoteValue(shown)}, which line ${before} has already; keep one export of each account`,
      );
  }

  #compareDomain(line: number, dn: string, objectSid: string | null): void {
    const { problems } = this.#context;
    const sid = objectSid === null ? null : domainSidOf(objectSid);
    const base = domainPartOf(dn);
    if (base === null) {
      problems.add(line, "distinguishedName", `found ${quoteValue(dn)}, which lies in no domain (DC=...)`);
      return;
    }
    this.#base ??= { dn: base, line };
    if (sid !== null) this.#domain ??= { sid, line };
    const other = !sameDn(base, this.#base.dn)
      ? { found: base, first: this.#base.dn, firstLine: this.#base.line }
      : sid !== null && this.#domain !== null && sid !== this.#domain.sid
        ? { found: sid, first: this.#domain.sid, firstLine: this.#domain.line }
        : null;
    if (other === null) return;
    problems.add(
      line,
      null,
      `found an account of the domain ${other.found}, and line ${other.firstLine} has one of ${other.first}; make a file for each domain and give each its entry in directories`,
    );
  }
}

/** A GUID of version 8 that is always the same for a domain. */
export function guidOfDomainSid(sid: string): Guid {
  const bytes = createHash("sha256").update(`hardmatch domain ${sid}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const guid = parseGuid(bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"));
  if (guid === null) throw new RangeError(`no GUID can be made of ${sid}`);
  return guid;
}

function isHead({ values }: ExportEntry): boolean {
  return classesOf(values).includes(DOMAIN_HEAD_CLASS);
}

/** OUs and containers come along in exports; they are nobody's account. */
function isAccount({ values }: ExportEntry): boolean {
  if (values.has("sAMAccountName")) return true;
  return classesOf(values).some((objectClass) =>
    ["user", "inetorgperson", "contact", "group", "computer"].includes(objectClass),
  );
}

function classesOf(values: ExportEntry["values"]): string[] {
  return (values.get("objectClass") ?? []).map((value) => String(value).toLowerCase());
}

/** The parts `DC=...` at the end of a DN; `null` where it does not end in one. */
function domainPartOf(dn: string): string | null {
  const parts = dn.split(",");
  const above = parts.findLastIndex((part) => !/^\s*DC=./is.test(part));
  return above === parts.length - 1
    ? null
    : parts
        .slice(above + 1)
        .join(",")
        .trim();
}
