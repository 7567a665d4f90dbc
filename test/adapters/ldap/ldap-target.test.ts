import { expect, test } from "vitest";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import { settingsFor } from "./settings.ts";

const refused: readonly [
  title: string,
  changes: Parameters<typeof settingsFor>[1] & { url: string },
  message: RegExp,
][] = [
  ["no URL", { url: "dc1" }, /not an LDAP URL/],
  ["a web URL", { url: "https://dc1.corp.contoso.example" }, /not an LDAP URL/],
  ["a password in the URL", { url: "ldaps://ada:secret@dc1.corp.contoso.example" }, /user name or a password/],
  ["a base DN in the URL", { url: "ldaps://dc1.corp.contoso.example/DC=corp" }, /goes on after/],
  ["plain LDAP to another machine", { url: "ldap://dc1.corp.contoso.example" }, /would send the password unencrypted/],
  ["plain LDAP to an address", { url: "ldap://10.0.0.1" }, /unencrypted/],
  ["plain LDAP to a name that begins as loopback", { url: "ldap://127.0.0.1.corp.contoso.example" }, /unencrypted/],
  ["the Global Catalog", { url: "ldaps://dc1.corp.contoso.example:3269" }, /Global Catalog/],
  ["StartTLS on ldaps", { url: "ldaps://dc1.corp.contoso.example", startTls: true }, /startTls is for ldap/],
  ["an empty bind DN", { url: "ldaps://dc1.corp.contoso.example", bindDn: " " }, /bindDN is empty/],
  ["a caFile without a certificate", { url: "ldaps://dc1.corp.contoso.example", ca: "x" }, /no PEM certificate/],
  [
    "a caFile with a broken certificate",
    {
      url: "ldaps://dc1.corp.contoso.example",
      ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    },
    /no PEM certificate/,
  ],
];
for (const [title, { url, ...changes }, message] of refused) {
  test(`openLdapDirectory refuses ${title}`, () => {
    const open = () => openLdapDirectory(settingsFor(url, changes));
    expect(open).toThrow(expect.objectContaining({ name: "BatchError", code: "config" }));
    expect(open).toThrow(message);
    expect(open).not.toThrow(/secret/);
  });
}

test.each([
  "ldaps://dc1.corp.contoso.example",
  "ldaps://[2001:db8::1]:636/",
  "ldap://127.0.0.1:389",
  "ldap://127.9.9.9",
  "ldap://[::1]:389",
  "ldap://localhost",
])("openLdapDirectory accepts %s and connects to nothing yet", (url) => {
  expect(() => openLdapDirectory(settingsFor(url))).not.toThrow();
});
