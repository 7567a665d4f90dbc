/**
 * People whose write would succeed and whose takeover would fail, or take something from them: roles, identifiers,
 * federation, addresses, names. To add one: one more entry.
 */
import type { SimulatedRoleDefinition } from "../tenant/world.ts";
import { lineFor } from "./company-row.ts";
import { blocked, none, set } from "./expectation.ts";
import { circle, type Peculiarity, type Surroundings } from "./peculiarity.ts";
import { drawGuid, type Person } from "./person.ts";

/** Ids are those of the built-in templates. */
const ADMINISTRATOR = describeRole("62e90394-69f5-4237-9190-012177145e10", "Global Administrator", true);
const HELPDESK = describeRole("729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator", true);
const READER = describeRole("790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b", "Message Center Reader", false);

function describeRole(id: string, displayName: string, isPrivileged: boolean): SimulatedRoleDefinition {
  return { id, templateId: id, displayName, isBuiltIn: true, isEnabled: true, isPrivileged };
}

/** The role is active for this user or group. */
function assign(principalId: string, role: SimulatedRoleDefinition): Surroundings {
  const id = drawGuid(0, `${role.displayName} of ${principalId}`);
  return {
    roleDefinitions: [role],
    roleAssignments: [{ id, principalId, roleDefinitionId: role.id, directoryScopeId: "/" }],
  };
}

function describeGroup(name: string, members: readonly Person[], mail: string | null = null) {
  return {
    id: drawGuid(0, `group ${name}`),
    displayName: name,
    mail,
    proxyAddresses: mail === null ? [] : [`SMTP:${mail}`],
    isAssignableToRole: mail === null,
    onPremisesSyncEnabled: null,
    onPremisesSecurityIdentifier: null,
    members: members.map(({ user }) => user.id),
    owners: [],
  };
}

export const PECULIAR_TAKEOVERS: readonly Peculiarity[] = [
  {
    title: "the cloud user signs in by a federated domain",
    provokes: "target-federated",
    make(employ) {
      const anke = employ("Anke", "Novak");
      const upn = "anke.novak@sso.contoso.example";
      anke.user.userPrincipalName = upn;
      anke.entry.attributes.userPrincipalName = [upn];
      const domain = { isInitial: false, isDefault: false, isVerified: true };
      const domains = [{ id: "sso.contoso.example", authenticationType: "Federated" as const, ...domain }];
      return { ...circle([anke], [lineFor(anke, blocked("target-federated"))]), surroundings: { domains } };
    },
  },
  {
    title: "the cloud user is an administrator",
    provokes: "target-privileged",
    make(employ) {
      const bodo = employ("Bodo", "Novak");
      const surroundings = assign(bodo.user.id, ADMINISTRATOR);
      return { ...circle([bodo], [lineFor(bodo, blocked("target-privileged"))]), surroundings };
    },
  },
  {
    title: "the cloud user is an administrator through a group",
    provokes: "target-privileged",
    make(employ) {
      const cora = employ("Cora", "Novak");
      const group = describeGroup("Helpdesk", [cora]);
      const surroundings = { ...assign(group.id, HELPDESK), groups: [group] };
      return { ...circle([cora], [lineFor(cora, blocked("target-privileged"))]), surroundings };
    },
  },
  {
    title: "the cloud user may activate an administrator's role",
    provokes: "target-privileged",
    make(employ) {
      const dirk = employ("Dirk", "Novak");
      const { roleDefinitions = [], roleAssignments = [] } = assign(dirk.user.id, HELPDESK);
      const roleEligibilities = roleAssignments.map((assignment) => ({
        ...assignment,
        memberType: "Direct" as const,
        startDateTime: "2026-01-05T08:00:00Z",
        endDateTime: null,
      }));
      const rows = [lineFor(dirk, blocked("target-privileged"))];
      return { ...circle([dirk], rows), surroundings: { roleDefinitions, roleEligibilities } };
    },
  },
  {
    title: "the cloud user may join a group of administrators",
    provokes: "target-privileged",
    make(employ) {
      const edel = employ("Edel", "Novak");
      const group = describeGroup("Helpdesk on call", []);
      const groupEligibilities = [
        {
          id: drawGuid(0, "eligibility of Edel"),
          groupId: group.id,
          principalId: edel.user.id,
          accessId: "member" as const,
          memberType: "direct" as const,
          startDateTime: "2026-01-05T08:00:00Z",
          endDateTime: null,
        },
      ];
      const surroundings = { ...assign(group.id, HELPDESK), groups: [group], groupEligibilities };
      return { ...circle([edel], [lineFor(edel, blocked("target-privileged"))]), surroundings };
    },
  },
  {
    title: "the cloud user holds a role that is not privileged",
    provokes: "target-has-role",
    make(employ) {
      const elsa = employ("Elsa", "Novak");
      return {
        ...circle([elsa], [lineFor(elsa, set("target-has-role"))]),
        surroundings: assign(elsa.user.id, READER),
      };
    },
  },
  {
    title: "the cloud user carries the identifier of another AD account",
    provokes: "target-object-identifier-set",
    make(employ) {
      const falk = employ("Falk", "Novak");
      falk.user.onPremisesObjectIdentifier = drawGuid(0, "Falk in the domain that is gone");
      return circle([falk], [lineFor(falk, blocked("target-object-identifier-set"))]);
    },
  },
  {
    title: "the cloud user carries the identifier of the very account, which is as it should be",
    provokes: "target-already-matched",
    make(employ) {
      const gert = employ("Gert", "Novak");
      gert.user.onPremisesObjectIdentifier = gert.objectGuid;
      gert.user.onPremisesImmutableId = gert.immutableId;
      return circle([gert], [lineFor(gert, none("target-already-matched"))]);
    },
  },
  {
    title: "the cloud user's source of authority was moved to the cloud",
    provokes: "target-cloud-managed",
    make(employ) {
      const hans = employ("Hans", "Novak");
      hans.user.isCloudManaged = true;
      return circle([hans], [lineFor(hans, blocked("target-cloud-managed"))]);
    },
  },
  {
    title: "a mailing list has an address of the account",
    provokes: "address-conflict",
    make(employ) {
      const ines = employ("Ines", "Novak");
      ines.entry.attributes.proxyAddresses?.push("smtp:novak.team@contoso.example");
      const groups = [describeGroup("Team Novak", [], "novak.team@contoso.example")];
      return { ...circle([ines], [lineFor(ines, set("address-conflict"))]), surroundings: { groups } };
    },
  },
  {
    title: "a contact has an address of the account",
    provokes: "address-conflict",
    make(employ) {
      const jens = employ("Jens", "Novak");
      const mail = "jens.novak@partner.example";
      jens.entry.attributes.proxyAddresses?.push(`smtp:${mail}`);
      const contact = { displayName: "Jens Novak (partner)", mail, onPremisesSyncEnabled: null };
      const contacts = [{ id: drawGuid(0, "contact Jens"), ...contact, proxyAddresses: [`SMTP:${mail}`] }];
      return { ...circle([jens], [lineFor(jens, set("address-conflict"))]), surroundings: { contacts } };
    },
  },
  {
    title: "the account still has the sign-in name of its AD domain",
    provokes: "upn-will-change",
    make(employ) {
      const kira = employ("Kira", "Novak");
      kira.entry.attributes.userPrincipalName = ["kira.novak@corp.contoso.example"];
      return circle([kira], [lineFor(kira, set("upn-will-change"))]);
    },
  },
  {
    title: "the cloud user has an address that the account lacks, and a profile that nobody keeps in AD",
    provokes: "takeover-loses-address",
    make(employ) {
      const kurt = employ("Kurt", "Novak");
      const former = "smtp:kurt.maier@contoso.example";
      kurt.user.proxyAddresses.push(former, "smtp:kurt.novak@contoso.onmicrosoft.com");
      Object.assign(kurt.user, {
        jobTitle: "Head of Sales",
        officeLocation: "Lyon 3.14",
        mobilePhone: "+33 6 12 34 56 78",
      });
      Object.assign(kurt.user, { city: "Lyon", country: "France", businessPhones: ["+33 4 72 00 00 00"] });
      Object.assign(kurt.entry.attributes, { title: ["Sales"], l: ["Lyon"], co: ["France"], st: ["Rhône"] });
      return circle([kurt], [lineFor(kurt, set("takeover-loses-address"))]);
    },
  },
  {
    title: "the account has another primary address",
    provokes: "takeover-renames",
    make(employ) {
      const lena = employ("Lena", "Novak");
      const other = "lena@contoso.example";
      lena.user.proxyAddresses.push(`smtp:${other}`);
      lena.entry.attributes.mail = [other];
      lena.entry.attributes.proxyAddresses = [`SMTP:${other}`, `smtp:${lena.upn}`];
      return circle([lena], [lineFor(lena, set("takeover-renames"))]);
    },
  },
  {
    title: "account and cloud user have nothing in common",
    provokes: "identity-disagrees",
    make(employ) {
      const lutz = employ("Lutz", "Novak");
      Object.assign(lutz.user, { displayName: "Wanda Petrova", givenName: "Wanda", surname: "Petrova" });
      const mail = "wanda.petrova@contoso.example";
      Object.assign(lutz.user, { userPrincipalName: mail, mail, proxyAddresses: [`SMTP:${mail}`] });
      // Without an address of its own, the account takes none away and changes no sign-in name.
      for (const name of ["userPrincipalName", "mail", "proxyAddresses"]) delete lutz.entry.attributes[name];
      return circle([lutz], [lineFor(lutz, set("identity-disagrees"))]);
    },
  },
  {
    title: "the account holds a number and nothing that tells whose it is",
    provokes: "identity-not-comparable",
    make(employ) {
      const mona = employ("Mona", "Novak", { accountName: "u48213" });
      const names = ["displayName", "givenName", "sn", "userPrincipalName", "mail", "proxyAddresses"];
      for (const name of names) delete mona.entry.attributes[name];
      return circle([mona], [lineFor(mona, set("identity-not-comparable"))]);
    },
  },
];
