/** A forest of two domains: Ada has an account in both, everybody else in one. */
import { guidBytesForName } from "../../../src/sim/directory/guid-and-sid.ts";
import type { SimulatedDomain, SimulatedEntry } from "../../../src/sim/directory/world.ts";
import { PASSWORD } from "./settings.ts";

const CREDENTIAL = { name: "svc-hardmatch@corp.contoso.example", password: PASSWORD };

export function makeForest(): { readonly root: SimulatedDomain; readonly child: SimulatedDomain } {
  const rootNames = ["ada", "ben", "cyd", "dee", "fay", "gus", "hal"];
  const root = { netbiosName: "CONTOSO", dnsName: "contoso.example", baseDn: "DC=contoso,DC=example" };
  const child = { netbiosName: "EU", dnsName: "eu.contoso.example", baseDn: "DC=eu,DC=contoso,DC=example" };
  return {
    root: {
      ...root,
      ...{ objectGuid: "28d6e2d5-6368-4d5a-b671-d52b30172680", objectSid: "S-1-5-21-1000-2000-3000" },
      hostName: "dc1.contoso.example",
      otherDomains: [child],
      credentials: [CREDENTIAL],
      entries: rootNames.map((name) => makeUser(name, root.baseDn)),
    },
    child: {
      ...child,
      ...{ objectGuid: "38d6e2d5-6368-4d5a-b671-d52b30172680", objectSid: "S-1-5-21-1000-2000-4000" },
      hostName: "dc1.eu.contoso.example",
      forestDn: root.baseDn,
      otherDomains: [root],
      credentials: [CREDENTIAL],
      entries: ["ada", "eve", "ida"].map((name) => makeUser(name, child.baseDn)),
    },
  };
}

/** Ada, Eve and Ida of the child domain carry an anchor of their own, which no catalog knows. */
function makeUser(name: string, baseDn: string): SimulatedEntry {
  const dn = `CN=${name},OU=People,${baseDn}`;
  const own = baseDn.startsWith("DC=eu") ? { "mS-DS-ConsistencyGuid": [base64(`own ${dn}`)] } : {};
  return {
    dn,
    objectClass: ["user"],
    attributes: {
      sAMAccountName: [name],
      userPrincipalName: [`${name}@${baseDn.startsWith("DC=eu") ? "eu." : ""}contoso.example`],
      mail: [`${name}.mail@${baseDn.startsWith("DC=eu") ? "eu." : ""}contoso.example`],
      displayName: [name],
      userAccountControl: ["512"],
    },
    binary: { objectGUID: [base64(dn)], ...own },
  };
}

function base64(name: string): string {
  return guidBytesForName(name).toString("base64");
}
