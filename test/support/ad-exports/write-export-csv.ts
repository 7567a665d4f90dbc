/**
 * A table as Get-ADUser, Select-Object and Export-Csv write it, with the columns that the README names.
 *
 * Windows PowerShell 5.1 quotes every cell and puts a `#TYPE` line first unless it is told not to; PowerShell 7 never
 * does. Without Select-Object a value of several texts or of bytes becomes the name of its type.
 *
 * Source: Export-Csv (Microsoft Learn); "Active Directory: Get-ADUser Default and Extended Properties" (archived TechNet
 * wiki); users_with_consistencyGuid.ps1 of stamler/psFUN and get-aduser_with_ProxyAddresses.ps1 of freethewhat/myScripts,
 * checked 2026-11. PowerShell was not at hand.
 */
import { PROFILE_ATTRIBUTES } from "../../../src/core/ad-account.ts";
import { type ExportedEntry, guidText, sidText } from "./exported-entry.ts";

export type ExportCsvOptions = {
  readonly delimiter?: string;
  readonly typeLine?: boolean;
  /** Whether what the takeover would bring along was asked for too: job, phone numbers, addresses. */
  readonly profile?: boolean;
  /** How Select-Object has turned mS-DS-ConsistencyGuid into a text; `none` leaves both it and proxyAddresses as they are. */
  readonly bytes?: "base64" | "hex" | "hyphens" | "numbers" | "none";
};

type Cell = (entry: ExportedEntry) => string;

/** The text, which the caller encodes. */
export function writeExportCsv(entries: readonly ExportedEntry[], options: ExportCsvOptions = {}): string {
  const { delimiter = ",", typeLine = false, profile = false, bytes = "base64" } = options;
  const collection = "Microsoft.ActiveDirectory.Management.ADPropertyValueCollection";
  const join = (name: string, toText: (value: string | Buffer) => string): Cell =>
    bytes === "none" ? () => collection : ({ attributes }) => (attributes[name] ?? []).map(toText).join(";");
  const columns: Readonly<Record<string, Cell>> = {
    DistinguishedName: ({ dn }) => dn,
    ObjectClass: ({ attributes }) => String(attributes.objectClass?.at(-1) ?? ""),
    SamAccountName: textOf("sAMAccountName"),
    ObjectGUID: (entry) => guidText(bytesOf(entry, "objectGUID")),
    SID: (entry) => (entry.attributes.objectSid === undefined ? "" : sidText(bytesOf(entry, "objectSid"))),
    UserPrincipalName: textOf("userPrincipalName"),
    displayName: textOf("displayName"),
    GivenName: textOf("givenName"),
    Surname: textOf("sn"),
    mail: textOf("mail"),
    employeeID: textOf("employeeID"),
    userAccountControl: textOf("userAccountControl"),
    adminCount: textOf("adminCount"),
    isCriticalSystemObject: (entry) => (textOf("isCriticalSystemObject")(entry) === "TRUE" ? "True" : ""),
    sIDHistory: join("sIDHistory", (value) => sidText(Buffer.from(value))),
    proxyAddresses: join("proxyAddresses", String),
    ...(profile ? Object.fromEntries(PROFILE_ATTRIBUTES.map((name) => [name, textOf(name)])) : {}),
    "mS-DS-ConsistencyGuid": (entry) => {
      const value = entry.attributes["mS-DS-ConsistencyGuid"]?.[0];
      return value === undefined ? "" : bytesText(Buffer.from(value), bytes);
    },
  };
  const write = (cells: readonly string[]) =>
    `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)}\r\n`;
  const type = typeLine ? "#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\r\n" : "";
  const rows = entries.map((entry) => Object.values(columns).map((cell) => cell(entry)));
  return type + [Object.keys(columns), ...rows].map(write).join("");
}

function textOf(name: string): Cell {
  return ({ attributes }) => String(attributes[name]?.[0] ?? "");
}

function bytesOf({ attributes }: ExportedEntry, name: string): Buffer {
  return Buffer.from(attributes[name]?.[0] ?? "");
}

function bytesText(value: Buffer, form: NonNullable<ExportCsvOptions["bytes"]>): string {
  switch (form) {
    case "base64":
      return value.toString("base64");
    case "hex":
      return value.toString("hex");
    case "hyphens":
      return value
        .toString("hex")
        .toUpperCase()
        .replace(/..(?!$)/g, "$&-");
    case "numbers":
      return [...value].join(" ");
    case "none":
      return "System.Byte[]";
  }
}
