import { expect, test } from "vitest";
import { recogniseFormat } from "../../../src/adapters/ad-export/recognise-format.ts";

const cases: readonly [head: string, format: unknown][] = [
  ["dn: CN=Ada,DC=old\nchangetype: add\n", { format: "LDIF" }],
  ["dn:: Q049QWRh\r\n", { format: "LDIF" }],
  ["version: 1\n\ndn: CN=Ada\n", { format: "LDIF" }],
  ["# extended LDIF\n#\n# LDAPv3\n\n# ada\ndn: CN=Ada\n", { format: "LDIF" }],
  ["DN,objectClass,sAMAccountName\r\n", { format: "csvde" }],
  ['"DN","objectClass"\r\n', { format: "csvde" }],
  ['"DistinguishedName","SamAccountName"\r\n', { format: "Get-ADUser", delimiter: "," }],
  ["DistinguishedName;ObjectGUID\n", { format: "Get-ADUser", delimiter: ";" }],
  [
    '#TYPE Microsoft.ActiveDirectory.Management.ADUser\r\n"Name"\t"ObjectGUID"\r\n',
    { format: "Get-ADUser", delimiter: "\t" },
  ],
  ["sep=|\nsamaccountname|mail\n", { format: "Get-ADUser", delimiter: "|" }],
];

test.each(cases)("recogniseFormat knows %j", (head, format) => {
  expect(recogniseFormat("old.txt", head)).toEqual(format);
});

test.each(["DN;objectClass;sAMAccountName\r\n", '"DN"\t"sAMAccountName"\n'])(
  "recogniseFormat sees that %j was an export of csvde once",
  (head) => {
    expect(() => recogniseFormat("old.txt", head)).toThrow(/csvde that another program has saved again/);
  },
);

test.each(["", "# only a comment\n", "PK\u0003\u0004", '{"users": []}\n', "name,phone\n", "dnsHostName,mail\n"])(
  "recogniseFormat refuses %j, with the programs whose files are read",
  (head) => {
    expect(() => recogniseFormat("old.txt", head)).toThrow(
      /^old\.txt: this is no export of Active Directory that is known/,
    );
  },
);
