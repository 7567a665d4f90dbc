/**
 * The account cell of a mapping, read as what the source key says it is.
 *
 * What cannot be a value of the key is refused here, before anything is looked up: a UPN in a file of mail addresses
 * would otherwise become "not found", and the row's owner would search in the wrong place.
 *
 * Sources: RFC 4514 (distinguishedName); MS-ADTS 5.1.1.1.1 and MS-ADA3 (userPrincipalName), MS-ADA2 (mail), rangeUpper
 * of each; checked 2026-11.
 */
import { parseDn } from "../../core/distinguished-name.ts";
import { parseGuid } from "../../core/guid.ts";
import type { SourceKey } from "../../core/source-key.ts";
import { type CellReading, readAccount, wrong } from "./mapping-cells.ts";

/** `domain` stands in front of a sAMAccountName only; every other key leaves it to the domain column. */
export type SourceCell = { readonly account: string; readonly domain: string | null };

const LONGEST_UPN = 1024;
const LONGEST_MAIL = 256;
const ADDRESS = /^[^\s@]+@[^\s@]+$/u;
const NOT_IN_ADDRESSES = /[\\,;<>"]/u;

/** Reads the cell of the AD account. */
export function readSourceKey(key: SourceKey, cell: string): CellReading<SourceCell> {
  switch (key) {
    case "sAMAccountName":
      return readAccount(cell);
    case "userPrincipalName":
      return readAddress(cell, LONGEST_UPN, "the account's UPN alone, such as ada@corp.contoso.example");
    case "mail":
      return readAddress(cell, LONGEST_MAIL, "one mail address alone, such as ada@contoso.example");
    case "distinguishedName":
      return readDistinguishedName(cell);
    case "objectGUID":
      if (parseGuid(cell) !== null) return { problem: null, value: { account: cell, domain: null } };
      return wrong(
        cell,
        "write the objectGUID as 28d6e2d5-6368-4d5a-b671-d52b30172680; hardmatch convert makes it of base64 or bytes",
      );
  }
}

function readAddress(cell: string, longest: number, what: string): CellReading<SourceCell> {
  if (!ADDRESS.test(cell) || NOT_IN_ADDRESSES.test(cell) || /^smtp:/i.test(cell) || cell.length > longest)
    return wrong(cell, `write ${what}; or say with --source-key what the column holds`);
  return { problem: null, value: { account: cell, domain: null } };
}

function readDistinguishedName(cell: string): CellReading<SourceCell> {
  const parts = parseDn(cell);
  if (parts === null || parts.length < 2)
    return wrong(cell, "write the whole DN as AD shows it, such as CN=Ada,OU=People,DC=contoso,DC=example, in quotes");
  return { problem: null, value: { account: cell, domain: null } };
}
