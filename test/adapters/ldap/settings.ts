/** Settings that tests of the adapter start from. */
import type { LdapSettings } from "../../../src/adapters/ldap/ldap-settings.ts";

export const PASSWORD = "canary-pa55word";

export type SettingsChanges = Partial<LdapSettings> & {
  readonly bindDn?: string;
  readonly password?: () => Promise<string>;
};

export function settingsFor(
  url: string,
  { bindDn = "svc-hardmatch@corp.contoso.example", password = async () => PASSWORD, ...changes }: SettingsChanges = {},
): LdapSettings {
  return {
    ...{ domain: "CORP", urls: [url], startTls: false, baseDn: null, ca: null, serverName: null },
    signIn: { method: "simple", bindDn, password },
    ...{ connectTimeoutMs: 5_000, operationTimeoutMs: 5_000, retryPausesMs: [0, 0, 0] },
    ...changes,
  };
}
