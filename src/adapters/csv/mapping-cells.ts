/**
 * What may stand in our own columns of a mapping, and what to say about everything else.
 *
 * An address where an account name should be would otherwise become "not found" at best. What exports do to a
 * name is found in `cell-damage.ts`. The operator's own columns are not looked at here.
 *
 * Sources: sAMAccountName, MS-ADTS 3.1.1.8.1 and the attribute's schema page; userPrincipalName,
 * "Prepare for directory synchronization" in Microsoft's documentation of Entra ID (checked 2026-11).
 */
import { SIDES, type Side } from "../../core/change.ts";
import { parseGuid } from "../../core/guid.ts";
import { HOLDER_ACTIONS, type HolderAction } from "../../core/mapping.ts";
import { alphabetOf, nameCharacter, showText } from "./show-text.ts";

/** A problem is said as `found …; write …`. */
export type CellReading<Value> =
  | { readonly problem: null; readonly value: Value }
  | { readonly problem: string; readonly value: null };

const LONGEST_ACCOUNT = 256;
const LONGEST_UPN = 113;
const LONGEST_NETBIOS_NAME = 15;

const NOT_IN_ACCOUNTS = /["/\\[\]:;|=,+*?<>@]/u;
const NOT_IN_NETBIOS_NAMES = /["/\\[\]:;|=,+*?<>@ ]/u;
const NOT_IN_UPNS = /[^A-Za-z0-9'.\-_!#^~@]/u;
const NOT_IN_UPN_DOMAINS = /[^A-Za-z0-9.-]/u;

/** The AD account, with the domain that stands in front of it, if one does. */
export function readAccount(cell: string): CellReading<{ readonly account: string; readonly domain: string | null }> {
  const backslash = cell.indexOf("\\");
  const domain = backslash === -1 ? null : cell.slice(0, backslash);
  const account = cell.slice(backslash + 1);
  if (account === "") return wrong(cell, "write the account's sAMAccountName");
  if (domain !== null) {
    const reading = readDomain(domain);
    if (reading.problem !== null)
      return wrong(cell, "write DOMAIN\\account with the domain's NetBIOS name, or the account alone");
  }
  if (account.includes("@"))
    return wrong(
      cell,
      "write the sAMAccountName, or plan with --source-key userPrincipalName or mail if the column holds UPNs or addresses",
    );
  const forbidden = NOT_IN_ACCOUNTS.exec(account)?.[0];
  if (forbidden !== undefined)
    return wrong(cell, `no sAMAccountName can hold ${forbidden}: write the name that AD has`);
  if (account.length > LONGEST_ACCOUNT)
    return wrong(cell, `no sAMAccountName is longer than ${LONGEST_ACCOUNT} characters: write the name that AD has`);
  return { problem: null, value: { account, domain } };
}

/** The NetBIOS name of a domain. */
export function readDomain(cell: string): CellReading<string> {
  const mend = "write the domain's NetBIOS name, such as CORP";
  if (cell === "") return { value: null, problem: `found nothing; ${mend}` };
  const forbidden = NOT_IN_NETBIOS_NAMES.exec(cell)?.[0];
  if (forbidden !== undefined) return wrong(cell, mend);
  if (cell.length > LONGEST_NETBIOS_NAME) return wrong(cell, `longer than ${LONGEST_NETBIOS_NAME} characters: ${mend}`);
  return { problem: null, value: cell };
}

/** The cloud user: a UPN or an object id. */
export function readUpn(cell: string): CellReading<string> {
  if (parseGuid(cell) !== null) return { problem: null, value: cell };
  const parts = cell.split("@");
  const [name = "", domain = ""] = parts;
  if (parts.length !== 2 || name === "" || domain === "") {
    return wrong(cell, "write the whole UPN, such as ada@contoso.example, or the user's object id");
  }
  const forbidden = NOT_IN_UPNS.exec(name)?.[0] ?? NOT_IN_UPN_DOMAINS.exec(domain)?.[0];
  if (forbidden !== undefined) {
    const place = NOT_IN_UPNS.test(name) ? "" : " in its domain";
    return wrong(cell, `no UPN can hold ${nameForeign(forbidden)}${place}: write the UPN as the Entra portal shows it`);
  }
  if (cell.length > LONGEST_UPN)
    return wrong(cell, `no UPN is longer than ${LONGEST_UPN} characters: write the UPN as the Entra portal shows it`);
  return { problem: null, value: cell };
}

/** A character that no UPN can hold; what may look like one that could, by number and alphabet. */
function nameForeign(character: string): string {
  if (character === " ") return "a space";
  if (character <= "~") return character;
  const alphabet = alphabetOf(character);
  return alphabet === null ? nameCharacter(character) : `${nameCharacter(character)} (${alphabet})`;
}

/** The row's decision about an object that stands in the way; empty is none. */
export function readOnConflict(cell: string): CellReading<readonly HolderAction[]> {
  const words = cell === "" ? [] : cell.split("+").map((word) => word.trim().toLowerCase());
  const unknown = words.find((word) => !isHolderAction(word));
  if (unknown === undefined) return { problem: null, value: [...new Set(words.filter(isHolderAction))] };
  return wrong(unknown || cell, `write one of ${HOLDER_ACTIONS.join(", ")}, or several joined by +`);
}

/** The side that the row writes. */
export function readWriteTo(cell: string): CellReading<Side> {
  const side = SIDES.find((known) => known === cell.toLowerCase());
  return side === undefined ? wrong(cell, `write ${SIDES.join(" or ")}`) : { problem: null, value: side };
}

function isHolderAction(word: string): word is HolderAction {
  return HOLDER_ACTIONS.some((action) => action === word);
}

/** A problem with the whole cell. @param mend What to write instead. */
export function wrong(cell: string, mend: string): CellReading<never> {
  return { value: null, problem: `found ${showText(cell)}; ${mend}` };
}
