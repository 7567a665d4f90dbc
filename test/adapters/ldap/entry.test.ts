import fc from "fast-check";
import { Attribute, type Entry, SearchEntry } from "ldapts";
import { expect, test } from "vitest";
import { ACCOUNT_ATTRIBUTES, BytesAttributes, decodeAccount, decodeTexts } from "../../../src/adapters/ldap/entry.ts";
import { guidToBytes } from "../../../src/core/guid.ts";

const DN = "CN=Ada,DC=corp,DC=contoso,DC=example";
const GUID_BYTES = Buffer.from("d5e2d62868635a4db671d52b30172680", "hex");
const ADA_SID = Buffer.from("010500000000000515000000e8030000d0070000b80b000051040000", "hex");

function ada(attributes: Record<string, string | string[] | Buffer | Buffer[]> = {}): Entry {
  return { dn: DN, objectGUID: GUID_BYTES, ...attributes };
}

function sidWithRid(rid: number): Buffer {
  const sid = Buffer.from(ADA_SID);
  sid.writeUInt32LE(rid, sid.length - 4);
  return sid;
}

/** What ldapts makes of these bytes when we ask as the adapter asks. */
function throughLdapts(attributes: Readonly<Record<string, Buffer>>): Entry {
  const encoded = Object.entries(attributes).map(([type, value]) => {
    const attribute = new Attribute({ type, values: [value] });
    attribute.parsedBuffers.push(value);
    if (!value.toString().includes("\ufffd")) attribute.values = [value.toString()];
    return attribute;
  });
  const names = [...ACCOUNT_ATTRIBUTES];
  return new SearchEntry({ messageId: 1, name: DN, attributes: encoded }).toObject(names, BytesAttributes.from(names));
}

test("B09: decodeAccount reads every attribute, under whatever case the server spells it", () => {
  const account = decodeAccount(
    {
      dn: DN,
      OBJECTCLASS: ["top", "person", "organizationalPerson", "user"],
      samaccountname: "ada",
      OBJECTguid: GUID_BYTES,
      "MS-DS-CONSISTENCYGUID": Buffer.from("00ff", "hex"),
      useraccountcontrol: "514",
      objectsid: ADA_SID,
      SIDHISTORY: [sidWithRid(7), sidWithRid(8)],
      userprincipalname: "ada@contoso.example",
      DisplayName: Buffer.from("Ada Åkesson"),
      GivenName: "Ada",
      SN: "Åkesson",
      Mail: "ada@contoso.example",
      ProxyAddresses: [],
      "proxyAddresses;range=0-1499": ["SMTP:ada@contoso.example", "smtp:a@contoso.example"],
      EMPLOYEEID: "007",
      Title: "Engineer",
      CO: "France",
    },
    "CORP",
  );
  expect(account).toEqual({
    domain: "CORP",
    dn: DN,
    accountName: "ada",
    kind: "user",
    objectGuid: "28d6e2d5-6368-4d5a-b671-d52b30172680",
    consistencyGuid: Buffer.from("00ff", "hex"),
    disabled: true,
    protectedAccount: false,
    objectSid: "S-1-5-21-1000-2000-3000-1105",
    sidHistory: ["S-1-5-21-1000-2000-3000-7", "S-1-5-21-1000-2000-3000-8"],
    userPrincipalName: "ada@contoso.example",
    displayName: "Ada Åkesson",
    givenName: "Ada",
    surname: "Åkesson",
    mail: "ada@contoso.example",
    proxyAddresses: ["SMTP:ada@contoso.example", "smtp:a@contoso.example"],
    employeeId: "007",
    profile: { title: "Engineer", co: "France" },
  });
});

test("decodeAccount leaves absent what is absent", () => {
  expect(decodeAccount(ada({ mail: [], "mS-DS-ConsistencyGuid": [] }), "CORP")).toMatchObject({
    ...{ accountName: "", kind: "other", consistencyGuid: null, disabled: false, protectedAccount: false },
    ...{ objectSid: null, sidHistory: [], mail: null, proxyAddresses: [] },
  });
});

const kinds: readonly [classes: string[], kind: string][] = [
  [["top", "person", "organizationalPerson", "user"], "user"],
  [["top", "person", "organizationalPerson", "user", "inetOrgPerson"], "user"],
  [["top", "person", "organizationalPerson", "USER", "Computer"], "computer"],
  [["top", "person", "user", "computer", "msDS-GroupManagedServiceAccount"], "managed-service-account"],
  [["top", "person", "user", "computer", "msDS-ManagedServiceAccount"], "managed-service-account"],
  [["top", "person", "user", "computer", "msDS-DelegatedManagedServiceAccount"], "managed-service-account"],
  [["top", "person", "organizationalPerson", "contact"], "contact"],
  [["top", "group"], "group"],
  [["top", "person"], "other"],
];
for (const [objectClass, kind] of kinds) {
  test(`decodeAccount takes ${objectClass.at(-1)} for ${kind}`, () => {
    expect(decodeAccount(ada({ objectClass }), "CORP").kind).toBe(kind);
  });
}

const protection: readonly [title: string, attributes: Record<string, string | Buffer>, isProtected: boolean][] = [
  ["adminCount 1", { adminCount: "1" }, true],
  ["adminCount 0", { adminCount: "0" }, false],
  ["the built-in administrator", { objectSid: sidWithRid(500) }, true],
  ["the guest", { objectSid: sidWithRid(501) }, true],
  ["krbtgt", { objectSid: sidWithRid(502) }, true],
  ["RID 1500", { objectSid: sidWithRid(1500) }, false],
  ["a critical system object", { isCriticalSystemObject: "TRUE" }, true],
  ["an uncritical object", { isCriticalSystemObject: "FALSE" }, false],
];
for (const [title, attributes, isProtected] of protection) {
  test(`decodeAccount ${isProtected ? "protects" : "does not protect"} ${title}`, () => {
    expect(decodeAccount(ada(attributes), "CORP").protectedAccount).toBe(isProtected);
  });
}

test.each([
  ["512", false],
  ["514", true],
  ["66050", true],
  ["66048", false],
])("decodeAccount reads bit 2 of userAccountControl %s as %s", (userAccountControl, disabled) => {
  expect(decodeAccount(ada({ userAccountControl }), "CORP").disabled).toBe(disabled);
});

const doubtful: readonly [title: string, entry: Entry, message: RegExp][] = [
  ["no objectGUID", { dn: DN }, /sent none/],
  ["an objectGUID of 15 bytes", ada({ objectGUID: GUID_BYTES.subarray(1) }), /1 of 15 bytes/],
  ["an objectGUID of 17 bytes", ada({ objectGUID: Buffer.concat([GUID_BYTES, Buffer.alloc(1)]) }), /1 of 17 bytes/],
  ["two objectGUIDs", ada({ objectGUID: [GUID_BYTES, GUID_BYTES] }), /2 of 16 bytes/],
  ["an objectGUID that came as text", ada({ objectGUID: "abcdefghijklmnop" }), /as text/],
  ["a consistency GUID that came as text", ada({ "mS-DS-ConsistencyGuid": "abcdefghijklmnop" }), /as text/],
  ["a SID that is none", ada({ objectSid: ADA_SID.subarray(4) }), /no security identifier/],
];
for (const [title, entry, message] of doubtful) {
  test(`B06: decodeAccount refuses ${title} and names the entry`, () => {
    const decode = () => decodeAccount(entry, "CORP");
    expect(decode).toThrow(expect.objectContaining({ name: "BatchError", code: "directory" }));
    expect(decode).toThrow(message);
    expect(decode).toThrow(DN);
  });
}

test("B06: decodeAccount gets the exact bytes of any GUID, valid UTF-8 or not, whatever the case of its name", () => {
  const readable = fc.stringMatching(/^[ -~]{16}$/).map((text) => Buffer.from(text));
  const withMark = fc.stringMatching(/^[ -~]{13}$/).map((text) => Buffer.from(`\ufeff${text}`));
  const anyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
  const name = fc.constantFrom("objectGUID", "OBJECTGUID", "objectguid");
  fc.assert(
    fc.property(fc.oneof(readable, withMark, anyBytes), name, (bytes, objectGuid) => {
      const account = decodeAccount(throughLdapts({ [objectGuid]: bytes, "ms-ds-consistencyGUID": bytes }), "CORP");
      expect(Buffer.from(guidToBytes(account.objectGuid))).toEqual(bytes);
      expect(account.consistencyGuid).toEqual(bytes);
    }),
  );
});

test("decodeTexts keeps a leading byte order mark, so that two names stay two", () => {
  expect(decodeTexts(ada({ sAMAccountName: Buffer.from("\ufeffada") }), "sAMAccountName")).toEqual(["\ufeffada"]);
});
