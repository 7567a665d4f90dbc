/** 350 people and a few who are none, as entries of an export and as what a directory must find of them. */
import { createHash } from "node:crypto";
import type { DirectoryExpectations, ExpectedUser } from "../../conformance/directory.ts";
import { type ExportedEntry, sidBytes } from "../../support/ad-exports/exported-entry.ts";

export const BASE_DN = "DC=old,DC=contoso,DC=example";
export const DOMAIN_SID = "S-1-5-21-1004336348-1177238915-682003330";
const AWKWARD_NAMES = ["ada (it) o'neil", "josé.ñandú", "日本.太郎", "#r&d!{~}", "-_%^$`cyd"];

const users = [...AWKWARD_NAMES, ...Array.from({ length: 350 }, (_, index) => `Ada.${index}`)].map(makeUser);
const others = [
  { accountName: "ADA-PC$", kind: "computer", classes: ["top", "person", "organizationalPerson", "user", "computer"] },
  {
    accountName: "svc-ada$",
    kind: "managed-service-account",
    classes: ["top", "person", "organizationalPerson", "user", "computer", "msDS-GroupManagedServiceAccount"],
  },
  { accountName: "Ada's Team (IT)", kind: "group", classes: ["top", "group"] },
] as const;

function makeUser(accountName: string, index: number): ExpectedUser {
  const bytes = [0, 16, 20][index] ?? 0;
  return {
    accountName,
    objectGuidBase64: hash(accountName).subarray(0, 16).toString("base64"),
    consistencyGuidBase64: bytes === 0 ? null : hash(`own ${accountName}`).subarray(0, bytes).toString("base64"),
    disabled: index % 7 === 0,
    userPrincipalName: `user${index}@contoso.example`,
    displayName: `${accountName}; "user" ${index}, \\o/`,
    proxyAddresses: [
      `SMTP:user${index}@contoso.example`,
      `X400:C=US;A= ;P=Contoso;S=user${index};`,
      `smtp:${index}@contoso.example`,
    ].sort(),
  };
}

/** What every user has whom nobody asked for by name, as an export of all attributes shows. */
export const SIGNS = { instanceType: ["4"], uSNCreated: ["12293"], codePage: ["0"], countryCode: ["0"] };

export const USER_ENTRIES: readonly ExportedEntry[] = users.map((user, index) => ({
  dn: index % 50 === 0 ? `CN=Smith\\, Ada \\\\ ${index},OU=People,${BASE_DN}` : `CN=user ${index},OU=People,${BASE_DN}`,
  attributes: {
    objectClass: ["top", "person", "organizationalPerson", "user"],
    ...SIGNS,
    sAMAccountName: [user.accountName],
    objectGUID: [Buffer.from(user.objectGuidBase64, "base64")],
    objectSid: [sidBytes(`${DOMAIN_SID}-${1104 + index}`)],
    userPrincipalName: [user.userPrincipalName ?? ""],
    displayName: [user.displayName ?? ""],
    givenName: ["Ada"],
    sn: ["Smith"],
    mail: [user.userPrincipalName ?? ""],
    employeeID: [String(index)],
    userAccountControl: [user.disabled ? "514" : "512"],
    proxyAddresses: user.proxyAddresses,
    ...(index === 0
      ? { adminCount: ["1"], sIDHistory: [sidBytes("S-1-5-21-1-2-3-500"), sidBytes("S-1-5-21-1-2-3-501")] }
      : {}),
    ...(user.consistencyGuidBase64 === null
      ? {}
      : { "mS-DS-ConsistencyGuid": [Buffer.from(user.consistencyGuidBase64, "base64")] }),
  },
}));

/** Users, others and an OU. */
export const ENTRIES: readonly ExportedEntry[] = [
  {
    dn: `OU=People,${BASE_DN}`,
    attributes: { objectClass: ["top", "organizationalUnit"], objectGUID: [hash("OU").subarray(0, 16)] },
  },
  ...USER_ENTRIES,
  ...others.map(({ accountName, classes }, index) => ({
    dn: `CN=other ${index},${BASE_DN}`,
    attributes: {
      objectClass: classes,
      ...(classes.some((name) => name === "user") ? SIGNS : {}),
      sAMAccountName: [accountName],
      objectGUID: [hash(accountName).subarray(0, 16)],
      objectSid: [sidBytes(`${DOMAIN_SID}-${2000 + index}`)],
    },
  })),
];

export const HEAD_GUID = "28d6e2d5-6368-4d5a-b671-d52b30172680";
export const HEAD: ExportedEntry = {
  dn: BASE_DN,
  attributes: {
    objectClass: ["top", "domain", "domainDNS"],
    objectGUID: [Buffer.from("d5e2d62868635a4db671d52b30172680", "hex")],
    objectSid: [sidBytes(DOMAIN_SID)],
  },
};

export const EXPECTED: DirectoryExpectations = {
  domain: "OLD",
  users,
  awkwardNames: AWKWARD_NAMES,
  others: others.map(({ accountName, kind }) => ({ accountName, kind })),
};

export function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
