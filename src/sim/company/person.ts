/**
 * One person of the simulated company: an AD account, a cloud user and the line of the mapping that ties them.
 *
 * Everything about a person follows from the seed and the name, not from the order in which people are made, so that
 * a person added later leaves all others as they were. Without that every fixture would change with each addition.
 */
import { createHash } from "node:crypto";
import { guidToBytes, sidToBytes } from "../directory/guid-and-sid.ts";
import type { SimulatedEntry } from "../directory/world.ts";
import { describeUser, type SimulatedUser } from "../tenant/world.ts";

export const COMPANY_DOMAINS = {
  CORP: { dnsName: "corp.contoso.example", sid: "S-1-5-21-1004336348-1177238915-682003330" },
  EU: { dnsName: "eu.contoso.example", sid: "S-1-5-21-2052111302-1275210071-725345543" },
} as const;
export type DomainName = keyof typeof COMPANY_DOMAINS;

export const DEPARTMENTS = ["Engineering", "Finance", "Legal", "Logistics", "People", "Sales", "Support"] as const;

export type Person = {
  readonly domain: DomainName;
  readonly accountName: string;
  readonly upn: string;
  readonly department: string;
  readonly objectGuid: string;
  /** The value that ties the cloud user to the account: base64 of the objectGUID's octets. */
  readonly immutableId: string;
  /** The AD account; a peculiar person's is altered after it was made. */
  readonly entry: SimulatedEntry;
  /** The cloud user; a peculiar person's is altered after it was made. */
  readonly user: SimulatedUser;
};

export type Employ = (
  givenName: string,
  surname: string,
  named?: { readonly domain?: DomainName; readonly accountName?: string },
) => Person;

/** A cloud-only user without an immutable ID and an enabled account in AD that agrees with it in every name. */
export function createEmploy(seed: number): Employ {
  return (givenName, surname, { domain = "CORP", accountName: wanted } = {}) => {
    const displayName = `${givenName} ${surname}`;
    const plainSurname = stripMarks(surname).toLowerCase();
    const accountName =
      wanted ?? `${stripMarks(givenName).toLowerCase()}.${plainSurname.replaceAll(/[^a-z0-9-]/g, "")}`;
    const upn = `${stripMarks(givenName).toLowerCase()}.${plainSurname.replaceAll(/[^a-z0-9'-]/g, "")}@contoso.example`;
    const key = `${domain}\\${accountName}`;
    const department = DEPARTMENTS[drawNumber(seed, `department ${upn}`, DEPARTMENTS.length)] ?? DEPARTMENTS[0];
    const objectGuid = drawGuid(seed, `account ${key}`);
    const { sid } = COMPANY_DOMAINS[domain];
    const baseDn = baseDnOf(domain);
    return {
      domain,
      accountName,
      upn,
      department,
      objectGuid,
      immutableId: immutableIdOf(objectGuid),
      entry: {
        dn: `CN=${escapeCommonName(displayName)},OU=${department},${baseDn}`,
        objectClass: ["user"],
        attributes: {
          cn: [displayName],
          displayName: [displayName],
          givenName: [givenName],
          sn: [surname],
          sAMAccountName: [accountName],
          userPrincipalName: [upn],
          mail: [upn],
          proxyAddresses: [`SMTP:${upn}`],
          department: [department],
          company: ["Contoso"],
          userAccountControl: ["512"],
        },
        binary: {
          objectGUID: [immutableIdOf(objectGuid)],
          objectSid: [sidInBase64(`${sid}-${1_000 + drawNumber(seed, `sid ${key}`, 2 ** 30)}`)],
        },
      },
      user: describeUser({
        id: drawGuid(seed, `user ${upn}`),
        userPrincipalName: upn,
        displayName,
        givenName,
        surname,
        mail: upn,
        proxyAddresses: [`SMTP:${upn}`],
        department,
        companyName: "Contoso",
      }),
    };
  };
}

/** @example baseDnOf("CORP") // "DC=corp,DC=contoso,DC=example" */
export function baseDnOf(domain: DomainName): string {
  return COMPANY_DOMAINS[domain].dnsName
    .split(".")
    .map((label) => `DC=${label}`)
    .join(",");
}

/** The octets of the GUID as AD stores them, in base64. @throws {RangeError} for a text that is no GUID. */
export function immutableIdOf(guid: string): string {
  const bytes = guidToBytes(guid);
  if (bytes === null) throw new RangeError(`${guid} is no GUID`);
  return bytes.toString("base64");
}

/** A GUID (version 4 in form) that is always the same for the same seed and name. */
export function drawGuid(seed: number, name: string): string {
  const hex = hash(seed, name).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A whole number from 0 to `below` - 1 that is always the same for the same seed and name. */
export function drawNumber(seed: number, name: string, below: number): number {
  return hash(seed, name).readUInt32BE(0) % below;
}

function hash(seed: number, name: string): Buffer {
  return createHash("sha256").update(`${seed} ${name}`).digest();
}

/** `Zoë` becomes `Zoe`, `Łukasz` stays: only marks fall off. */
function stripMarks(text: string): string {
  return text.normalize("NFD").replace(/\p{Mark}+/gu, "");
}

/** Escapes what RFC 4514 asks for inside a value of a distinguished name. */
function escapeCommonName(name: string): string {
  return name.replace(/[,+"\\<>;=]/g, (letter) => `\\${letter}`);
}

function sidInBase64(sid: string): string {
  const bytes = sidToBytes(sid);
  if (bytes === null) throw new RangeError(`${sid} is no SID`);
  return bytes.toString("base64");
}
