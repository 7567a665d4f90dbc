/** The domain that the tests of the simulated directory share: three people, and one of each kind that is not a user. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guidToBytes, sidToBytes } from "../../../src/sim/directory/guid-and-sid.ts";
import type { SimulatedDomain, SimulatedEntry } from "../../../src/sim/directory/world.ts";

export const BASE = "DC=corp,DC=contoso,DC=example";
export const SERVICE = "svc-hardmatch@corp.contoso.example";
export const PASSWORD = "correct horse";
export const ADA_GUID = "28d6e2d5-6368-4d5a-b671-d52b30172680";

const base64 = (bytes: Buffer | null) => bytes?.toString("base64") ?? "";

export function user(
  cn: string,
  account: string,
  attributes: Record<string, string[]> = {},
  binary: Record<string, string[]> = {},
): SimulatedEntry {
  const dn = `CN=${cn},OU=People,${BASE}`;
  const own = {
    sAMAccountName: [account],
    userAccountControl: ["512"],
    userPrincipalName: [`${account}@contoso.example`],
  };
  return { dn, objectClass: ["user"], attributes: { ...own, ...attributes }, binary };
}

export function domain(more: readonly SimulatedEntry[] = []): SimulatedDomain {
  const other = (cn: string, objectClass: string, account: string): SimulatedEntry => ({
    dn: `CN=${cn},OU=Other,${BASE}`,
    objectClass: [objectClass],
    attributes: account === "" ? {} : { sAMAccountName: [account] },
    binary: {},
  });
  return {
    netbiosName: "CORP",
    dnsName: "corp.contoso.example",
    baseDn: BASE,
    objectGuid: "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    objectSid: "S-1-5-21-1004336348-1177238915-682003330",
    hostName: "dc1.corp.contoso.example",
    otherDomains: [{ netbiosName: "EU", dnsName: "eu.corp.contoso.example", baseDn: `DC=eu,${BASE}` }],
    credentials: [
      { name: SERVICE, password: PASSWORD },
      { name: "disabled@corp.contoso.example", password: PASSWORD, state: "disabled" },
      { name: "expired@corp.contoso.example", password: PASSWORD, state: "password-expired" },
      { name: "locked@corp.contoso.example", password: PASSWORD, state: "locked" },
    ],
    entries: [
      user(
        "Ada",
        "ada",
        { mail: ["Ada@contoso.example"], proxyAddresses: ["SMTP:ada@contoso.example", "smtp:a@contoso.example"] },
        {
          objectGUID: [base64(guidToBytes(ADA_GUID))],
          objectSid: [base64(sidToBytes("S-1-5-21-1004336348-1177238915-682003330-1105"))],
        },
      ),
      user("Ben (B\\,) Test", "ben(b)", { userAccountControl: ["514"] }),
      user("José", "josé"),
      user("Service", "svc-hardmatch", { userPrincipalName: [SERVICE] }),
      user("Gone", "gone", { isDeleted: ["TRUE"] }),
      other("PC1", "computer", "PC1$"),
      other("Staff", "group", "staff"),
      other("gmsa", "msDS-GroupManagedServiceAccount", "gmsa$"),
      other("Cyd Contact", "contact", ""),
      other("Cyd", "inetOrgPerson", "cyd"),
      ...more,
    ],
  };
}

export function crowd(count: number): SimulatedEntry[] {
  return Array.from({ length: count }, (_, position) => user(`User ${position}`, `user${position}`));
}

/** A self-signed certificate for localhost, made by the openssl program. */
export function makeCertificate(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "sim-directory-"));
  try {
    const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files], {
      stdio: "ignore",
    });
    return { cert: readFileSync(join(folder, "cert.pem"), "utf8"), key: readFileSync(join(folder, "key.pem"), "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
