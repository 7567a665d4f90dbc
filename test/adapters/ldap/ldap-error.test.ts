import { InvalidCredentialsError, UnknownStatusCodeError } from "ldapts";
import { expect, test } from "vitest";
import { explainBindRefusal, explainConnectFailure } from "../../../src/adapters/ldap/ldap-error.ts";
import { parseTarget } from "../../../src/adapters/ldap/ldap-target.ts";
import { settingsFor } from "./settings.ts";

const target = parseTarget({ ...settingsFor(""), url: "ldaps://dc1.corp.contoso.example" }, "domain");

const connectFailures: readonly [code: string, message: RegExp, hint: RegExp, passing: boolean, other?: boolean][] = [
  ["ECONNREFUSED", /nothing listens/, /port/, true],
  ["ECONNRESET", /closed the connection/, /firewalls/, true],
  ["ENOTFOUND", /not known in DNS/, /host name/, true],
  ["EHOSTUNREACH", /no way to it/, /VPN/, true],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /authority that is not trusted/, /caFile/, false],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", /authority that is not trusted/, /caFile/, false],
  ["ERR_TLS_CERT_ALTNAME_INVALID", /certificate is not for dc1\.corp\.contoso\.example/, /serverName/, false],
  ["CERT_HAS_EXPIRED", /expired/, /clock/, false],
  ["CERT_NOT_YET_VALID", /not valid yet/, /clock/, false],
  ["ERR_SSL_WRONG_VERSION_NUMBER", /no TLS connection/, /TLS 1\.2/, false, true],
  ["EPROTO", /no TLS connection/, /636/, false, true],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", /no TLS connection/, /636/, false, false],
  ["ABORT_ERR", /closed the connection/, /firewalls/, true],
];
for (const [code, message, hint, passing, otherServer = passing] of connectFailures) {
  test(`explainConnectFailure explains ${code}, and says whether another server may be asked`, () => {
    const trouble = explainConnectFailure(Object.assign(new Error("raw text"), { code }), target);
    expect(trouble.explained.message).toMatch(message);
    expect(trouble.explained.hint).toMatch(hint);
    expect(trouble.explained.code).toBe("directory");
    expect(trouble.passing).toBe(passing);
    expect(trouble.replaceable).toBe(otherServer);
  });
}

test("only a closed port of ldaps:// is a reason to look at LDAPS", () => {
  const hintFor = (url: string) => {
    const closed = parseTarget({ ...settingsFor(""), url, startTls: url.startsWith("ldap:") }, "domain");
    return explainConnectFailure(Object.assign(new Error("raw text"), { code: "ECONNREFUSED" }), closed).explained.hint;
  };
  expect(hintFor("ldaps://dc1.corp.contoso.example")).toMatch(/LDAPS/);
  expect(hintFor("ldap://dc1.corp.contoso.example")).toBe(
    "Check host and port in url, and that the domain controller is up.",
  );
});

test("trouble with a Global Catalog names its setting, not the directory's url", () => {
  const { urls: _, baseDn: __, ...settings } = settingsFor("");
  const catalog = parseTarget({ ...settings, url: "ldaps://gc1.corp.contoso.example:3269" }, "catalog");
  const { explained } = explainConnectFailure(Object.assign(new Error("raw text"), { code: "ECONNREFUSED" }), catalog);
  expect(explained.message).toBe(
    "The globalCatalog of CORP (ldaps://gc1.corp.contoso.example:3269) cannot be reached: nothing listens at that address and port.",
  );
  expect(() => parseTarget({ ...settings, url: "http://gc1" }, "catalog")).toThrow(/globalCatalog is not an LDAP URL/);
});

const bindRefusals: readonly [win32: string, message: RegExp][] = [
  ["525", /no such account/],
  ["52e", /name or the password is wrong/],
  ["530", /time of day/],
  ["531", /this machine/],
  ["532", /password has expired/],
  ["533", /disabled/],
  ["701", /account has expired/],
  ["773", /password must be changed/],
  ["775", /locked out/],
  ["fff", /name or the password is wrong/],
];
for (const [win32, message] of bindRefusals) {
  test(`B17: explainBindRefusal explains data ${win32}`, () => {
    const comment = `80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data ${win32}, v1db1`;
    const { explained, passing } = explainBindRefusal(new InvalidCredentialsError(comment), target);
    expect(explained.message).toMatch(message);
    expect(explained.message).toContain(target.signsInAs);
    expect(explained.details.join()).toContain(comment);
    expect(passing).toBe(false);
  });
}

test("explainBindRefusal names a result code it does not know, and quotes the server on one line", () => {
  const { explained } = explainBindRefusal(new UnknownStatusCodeError(99, `a\u001b[31m\nb${"x".repeat(999)}`), target);
  expect(explained.message).toMatch(/LDAP result 99/);
  expect(explained.details[0]).toMatch(/^a \[31m bx+\.\.\.$/);
});
