/** Settings that tests of the adapter start from. */
import type { LdapSettings } from "../../../src/adapters/ldap/ldap-directory.ts";

export const PASSWORD = "canary-pa55word";

export function settingsFor(url: string, changes: Partial<LdapSettings> = {}): LdapSettings {
  return {
    ...{ domain: "CORP", url, startTls: false, baseDn: null, ca: null, serverName: null },
    ...{ bindDn: "svc-hardmatch@corp.contoso.example", password: async () => PASSWORD },
    ...{ connectTimeoutMs: 5_000, operationTimeoutMs: 5_000, retryPausesMs: [0, 0, 0] },
    ...changes,
  };
}
