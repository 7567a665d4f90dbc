/**
 * 300 people who move from the domain OLD to the domain CORP, for tests that write into real domains.
 *
 * Half of the new accounts lie in an OU where Print Operators may write mS-DS-ConsistencyGuid, and one account is such an
 * operator and nothing else: a service account with exactly the right that the job needs, on exactly half of the people.
 *
 * Source: MS-DTYP 2.5.1 (SDDL), MS-ADSC schemaIDGUID of mS-DS-ConsistencyGuid and of class user, checked 2026-11.
 */
import type { SambaEntry } from "./ldif.ts";

export const MOVING_COUNT = 300;

export type MovingPerson = {
  readonly account: string;
  readonly upn: string;
  readonly displayName: string;
  /** OU of the new account. */
  readonly office: "North" | "South";
};

export const SERVICE = { account: "svc-limited", password: "Passw0rd!limited" } as const;

/** In the order of their numbers, the first half in North. */
export function makeMovingPeople(): MovingPerson[] {
  return Array.from({ length: MOVING_COUNT }, (_, index) => {
    const account = `person${String(index + 1).padStart(3, "0")}`;
    return {
      account,
      upn: `${account}@contoso.example`,
      displayName: `Person ${index + 1}`,
      office: index < MOVING_COUNT / 2 ? "North" : "South",
    };
  });
}

const READABLE = "D:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;DA)(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(A;CI;RPLCLORC;;;AU)";
const MAY_WRITE_ANCHOR = "(OA;CIIO;WP;23773dc2-b63a-11d2-90e1-00c04fd91ab1;bf967aba-0de6-11d0-a285-00aa003049e2;PO)";

/** The new domain: its OUs, whoever signs in with few rights, and the people. */
export function toNewEntries(people: readonly MovingPerson[]): SambaEntry[] {
  const office = (name: string, rights: string): SambaEntry => ({
    relativeDn: `OU=${name}`,
    attributes: { objectClass: ["organizationalUnit"], nTSecurityDescriptor: [rights] },
  });
  const service: SambaEntry = {
    relativeDn: `CN=${SERVICE.account},CN=Users`,
    attributes: {
      objectClass: ["user"],
      sAMAccountName: [SERVICE.account],
      userPrincipalName: [`${SERVICE.account}@corp.contoso.example`],
      userAccountControl: ["512"],
      clearTextPassword: [Buffer.from(SERVICE.password, "utf16le")],
    },
  };
  const offices = [office("North", `${READABLE}${MAY_WRITE_ANCHOR}`), office("South", READABLE)];
  return [...offices, service, ...people.map((person) => toEntry(person, `OU=${person.office}`))];
}

/** The old domain. */
export function toOldEntries(people: readonly MovingPerson[]): SambaEntry[] {
  return people.map((person) => toEntry(person, "CN=Users"));
}

function toEntry({ account, upn, displayName }: MovingPerson, parent: string): SambaEntry {
  return {
    relativeDn: `CN=${displayName},${parent}`,
    attributes: {
      objectClass: ["user"],
      sAMAccountName: [account],
      userPrincipalName: [upn],
      displayName: [displayName],
      mail: [upn],
      userAccountControl: ["512"],
    },
  };
}

/** LDIF that makes the service account an operator. */
export function formatMembership(baseDn: string): string {
  const member = `CN=${SERVICE.account},CN=Users,${baseDn}`;
  return `dn: CN=Print Operators,CN=Builtin,${baseDn}\nchangetype: modify\nadd: member\nmember: ${member}\n-\n`;
}
