/** Whose secrets a command signs in with, and when each of them is read. */
import type { AccessTokens } from "../adapters/graph/access-tokens.ts";
import type { SignInSettings } from "../adapters/ldap/ldap-settings.ts";
import type { Screen } from "../cli/render/screen.ts";
import { describeSecretSource, type SecretSource } from "../cli/secrets.ts";
import type { AuthSettings, DirectorySignIn, Settings } from "../cli/settings.ts";
import { foldCase } from "../core/names.ts";

export type ReadSecret = (source: SecretSource) => Promise<string>;

/** One question at a time: two directories that connect at once must not both ask on the same line. */
export function takeTurns(read: ReadSecret): ReadSecret {
  let before: Promise<unknown> = Promise.resolve();
  return (source) => {
    const answer = before.then(() => read(source));
    // Whoever asked hears of a failure; the next in turn only waits for it to be over.
    before = answer.catch(() => undefined);
    return answer;
  };
}

/** One gate for each account, whichever entries it stands in. */
export function shareGates<Gate>(make: () => Gate): (signIn: DirectorySignIn) => Gate {
  const gates = new Map<string, Gate>();
  return (signIn) => {
    const account = accountOf(signIn);
    const gate = gates.get(account) ?? make();
    gates.set(account, gate);
    return gate;
  };
}

/** Whose sign-in it is: entries that share an account share the one failed sign-in that it is allowed. */
function accountOf(signIn: DirectorySignIn): string {
  return signIn.method === "simple" ? foldCase(signIn.bindDn) : signIn.certificate;
}

/** The sign-in to a directory, its secrets read when the first connection is made. */
export function withDirectorySecrets(signIn: DirectorySignIn, read: ReadSecret): SignInSettings {
  if (signIn.method === "simple")
    return { method: "simple", bindDn: signIn.bindDn, password: () => read(signIn.password) };
  const { certificate, key, keyPassword } = signIn;
  return {
    method: "external",
    certificate: async () => ({
      certificate,
      key: await read(key),
      passphrase: keyPassword === null ? null : await read(keyPassword),
    }),
  };
}

/** The sign-in with its secrets read; the adapter never learns where they come from. */
export async function withSecrets(auth: AuthSettings, read: ReadSecret) {
  switch (auth.method) {
    case "client-certificate": {
      const { method, clientId } = auth;
      const certificate = await read(auth.certificate);
      if (auth.certificatePassword === null) return { method, clientId, certificate: () => certificate };
      const password = await read(auth.certificatePassword);
      return { method, clientId, certificate: () => certificate, certificatePassword: () => password };
    }
    case "client-secret": {
      const secret = await read(auth.secret);
      return { method: auth.method, clientId: auth.clientId, secret: () => secret };
    }
    case "access-token": {
      const token = await read(auth.token);
      return { method: auth.method, token: () => token, origin: describeSecretSource(auth.token) };
    }
    default:
      return auth;
  }
}

/** Access tokens whose secret is read when the first one is wanted: what can be seen without it is seen before. */
export function deferAccessTokens(open: () => Promise<AccessTokens>): AccessTokens {
  let opened: AccessTokens | null = null;
  const use = async () => {
    opened ??= await open();
    return opened;
  };
  return {
    token: async (signal) => (await use()).token(signal),
    renew: async (...given) => (await use()).renew(...given),
    expiresAt: () => opened?.expiresAt() ?? null,
    close: () => opened?.close(),
  };
}

/** What a person has to be told to sign in stands on stderr. */
export function signInOf({ tenant: { id, cloud } }: Settings, screen: Screen) {
  return { tenantName: id, cloud, show: (text: string) => screen.complain(text) };
}
