/**
 * 500 users whose names break careless code, and a few objects that are not users, for a Samba test domain.
 *
 * Names and order come from a fixed seed: a failure on one machine is the same failure on every other. The description
 * beside each entry is what a test compares with, so that it need not read the LDIF back.
 *
 * Account names keep to what Active Directory takes (20 characters; none of `" / \ [ ] : ; | = , + * ? < >`).
 * Source: sAMAccountName, https://learn.microsoft.com/windows/win32/adschema/a-samaccountname (checked 2026-11)
 */
import { escapeDnValue, formatLine, type SambaEntry } from "./ldif.ts";

/** Where a user's mS-DS-ConsistencyGuid comes from. */
export type ConsistencyGuidOrigin = "absent" | "another forest" | "own objectGUID" | "20 bytes of junk";

export interface TestPerson {
  /** sAMAccountName, unique without regard to case. */
  readonly account: string;
  readonly userPrincipalName: string;
  readonly mail: string;
  readonly givenName: string;
  readonly surname: string;
  readonly displayName: string;
  readonly commonName: string;
  /** DN below the domain's base DN, escaped. */
  readonly relativeDn: string;
  readonly proxyAddresses: readonly string[];
  readonly isEnabled: boolean;
  readonly consistencyGuidOrigin: ConsistencyGuidOrigin;
  /** Value as created; null where absent, and for "own objectGUID", which can only be written afterwards. */
  readonly consistencyGuidBase64: string | null;
  readonly entry: SambaEntry;
}

export interface TestBystander {
  readonly kind: "computer" | "group" | "managed service account" | "contact";
  /** sAMAccountName; null for a contact, which has none. */
  readonly account: string | null;
  readonly relativeDn: string;
  readonly entry: SambaEntry;
}

export const PEOPLE_COUNT = 500;

/** Below these every user lives; the second one needs escapes in every DN. */
export const PEOPLE_FOLDER = "OU=People";
const WEST_FOLDER = `OU=${escapeDnValue('R+D "West" #1; <a=b>')},${PEOPLE_FOLDER}`;

const DISABLED_AT = 7;
const OTHER_FOREST_AT = 11;
const OWN_GUID_AT = 23;
const JUNK_AT = 42;

/** The bytes of GUID 28d6e2d5-6368-4d5a-b671-d52b30172680 as Active Directory stores them. */
const OTHER_FOREST_GUID = Buffer.from("d5e2d62868635a4db671d52b30172680", "hex");
const JUNK = Buffer.from("00ff".repeat(10), "hex");

const NORMAL_ACCOUNT = 0x200;
const ACCOUNT_DISABLED = 0x2;

const GIVEN_NAMES = ["Ada", "Ben", "Cyd", "Dee", "Eli", "Fay", "Gus", "Hal"] as const;
const SURNAMES = ["Smith", "Jones", "Brown", "Moore", "Clark", "Young"] as const;

interface Names {
  readonly account: string;
  readonly givenName: string;
  readonly surname: string;
  readonly displayName: string;
  readonly commonName: string;
}

/** Each awkward shape in turn; `number` is three digits and makes the names unique. */
const SHAPES: readonly ((given: string, surname: string, number: string) => Names)[] = [
  (given, _surname, number) => named(`${given}.o'neil.${number}`, given, "O'Neil", `${given} O'Neil ${number}`),
  (given, surname, number) => named(`${given}(it)${number}`, given, surname, `${given} (IT) ${number}`),
  (given, surname, number) => named(`${given}.${number}`, given, surname, `${surname}, ${given} (IT) \\ ${number}`),
  (given, surname, number) => named(`${given}-twenty-chars-${number}`, given, surname, `${given} ${surname} ${number}`),
  (_given, _surname, number) => named(`josé.${number}`, "José", "Muñoz", `José Muñoz ${number}`),
  (_given, _surname, number) => named(`日本${number}`, "日本", "太郎", `太郎 日本 ${number}`),
  (_given, _surname, number) => named(`Zoë.Ångström${number}`, "Zoë", "Ångström", `Zoë Ångström ${number}`),
  (given, surname, number) => ({
    ...named(`${given}.long.${number}`, given, surname, `${number} ${surname} `.padEnd(64, "x")),
    displayName: `${given} ${surname} ${number} `.padEnd(256, "of the long department "),
  }),
  (given, surname, number) =>
    named(`#${given} r&d!{~}${number}`, given, surname, `#${given} + "${surname}" <=> ; ${number}`),
  (given, surname, number) => named(`-${given}_%^$\`${number}`, given, surname, `@${given} =1+1 ${number}`),
];

function named(account: string, givenName: string, surname: string, commonName: string): Names {
  return { account, givenName, surname, displayName: commonName, commonName };
}

/** The 500 users, in the same order with the same values at every call. */
export function makePeople(): TestPerson[] {
  const random = seededRandom(20_261_101);
  return Array.from({ length: PEOPLE_COUNT }, (_, index) => makePerson(index, random));
}

/** Of one person: an export in which nobody has an attribute does not tell whether it was exported at all. */
const PROFILE: SambaEntry["attributes"] = {
  title: ["Engineer"],
  department: ["IT"],
  company: ["Contoso"],
  physicalDeliveryOfficeName: ["B 12"],
  telephoneNumber: ["+49 30 1234"],
  mobile: ["+49 170 1234"],
  streetAddress: ["Allee 1"],
  l: ["Berlin"],
  st: ["BE"],
  postalCode: ["10115"],
  co: ["Germany"],
  c: ["DE"],
};

function makePerson(index: number, random: () => number): TestPerson {
  const shape = at(SHAPES, index % SHAPES.length);
  const number = String(index).padStart(3, "0");
  const given = at(GIVEN_NAMES, Math.floor(random() * GIVEN_NAMES.length));
  const surname = at(SURNAMES, Math.floor(random() * SURNAMES.length));
  const names = shape(given, surname, number);
  const relativeDn = `CN=${escapeDnValue(names.commonName)},${random() < 0.5 ? PEOPLE_FOLDER : WEST_FOLDER}`;
  const mail = `${names.givenName}.o'neil+${number}@contoso.example`;
  const proxyAddresses = [`SMTP:${mail}`, `smtp:${number}@contoso.example`, `X500:/o=Contoso/cn=${number}`];
  const isEnabled = index !== DISABLED_AT;
  const consistencyGuidOrigin = originAt(index);
  const consistencyGuid = bytesFrom(consistencyGuidOrigin);
  const userPrincipalName = `${names.givenName}.${number}@contoso.example`;
  const entry: SambaEntry = {
    relativeDn,
    attributes: {
      objectClass: ["user"],
      sAMAccountName: [names.account],
      userPrincipalName: [userPrincipalName],
      mail: [mail],
      givenName: [names.givenName],
      sn: [names.surname],
      displayName: [names.displayName],
      proxyAddresses,
      userAccountControl: [String(isEnabled ? NORMAL_ACCOUNT : NORMAL_ACCOUNT | ACCOUNT_DISABLED)],
      ...(consistencyGuid === null ? {} : { "mS-DS-ConsistencyGuid": [consistencyGuid] }),
      ...(index === 0 ? PROFILE : {}),
    },
  };
  const consistencyGuidBase64 = consistencyGuid?.toString("base64") ?? null;
  return {
    ...names,
    ...{ userPrincipalName, mail, relativeDn, proxyAddresses, isEnabled },
    ...{ consistencyGuidOrigin, consistencyGuidBase64, entry },
  };
}

function originAt(index: number): ConsistencyGuidOrigin {
  if (index === OTHER_FOREST_AT) return "another forest";
  if (index === OWN_GUID_AT) return "own objectGUID";
  return index === JUNK_AT ? "20 bytes of junk" : "absent";
}

function bytesFrom(origin: ConsistencyGuidOrigin): Buffer | null {
  if (origin === "another forest") return OTHER_FOREST_GUID;
  return origin === "20 bytes of junk" ? JUNK : null;
}

/** Objects that a search for users must not return, though they have names, mail or a GUID as users do. */
export function makeBystanders(): TestBystander[] {
  return [
    bystander("computer", "ADA-PC$", { objectClass: ["computer"], userAccountControl: ["4096"] }),
    bystander("group", "Ada's Team (IT)", { objectClass: ["group"] }),
    bystander("managed service account", "svc-ada$", {
      objectClass: ["msDS-GroupManagedServiceAccount"],
      "msDS-ManagedPasswordInterval": ["30"],
    }),
    bystander("contact", null, { objectClass: ["contact"], mail: ["ada@fabrikam.example"] }),
  ];
}

function bystander(
  kind: TestBystander["kind"],
  account: string | null,
  attributes: SambaEntry["attributes"],
): TestBystander {
  const relativeDn = `CN=Ada the ${kind},${PEOPLE_FOLDER}`;
  const accountName = account === null ? {} : { sAMAccountName: [account] };
  return { kind, account, relativeDn, entry: { relativeDn, attributes: { ...attributes, ...accountName } } };
}

/** Everything to load, in an order in which it can be created: the folders first. */
export function toEntries(people: readonly TestPerson[], bystanders: readonly TestBystander[]): SambaEntry[] {
  const folders = [PEOPLE_FOLDER, WEST_FOLDER].map((relativeDn) => ({
    relativeDn,
    attributes: { objectClass: ["organizationalUnit"] },
  }));
  return [...folders, ...people.map(({ entry }) => entry), ...bystanders.map(({ entry }) => entry)];
}

/** LDIF for `ldbModify` that writes a user's mS-DS-ConsistencyGuid, as sync does with the objectGUID it has read. */
export function formatConsistencyGuidChange(person: TestPerson, baseDn: string, guidBase64: string): string {
  const dn = formatLine("dn", `${person.relativeDn},${baseDn}`);
  const attribute = "mS-DS-ConsistencyGuid";
  return `${dn}\nchangetype: modify\nreplace: ${attribute}\n${attribute}:: ${guidBase64}\n-\n`;
}

/** Somebody gets a manager: the directory takes only one that is there already. */
export function formatManagerChange([person, manager]: readonly TestPerson[], baseDn: string): string {
  if (person === undefined || manager === undefined) throw new Error("a person and a manager are needed");
  const value = formatLine("manager", `${manager.relativeDn},${baseDn}`);
  return `${formatLine("dn", `${person.relativeDn},${baseDn}`)}\nchangetype: modify\nreplace: manager\n${value}\n-\n`;
}

function at<T>(choices: readonly T[], index: number): T {
  const choice = choices[index];
  if (choice === undefined) throw new Error(`no choice ${index} among ${choices.length}`);
  return choice;
}

/** Mulberry32: numbers from 0 to below 1, the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
