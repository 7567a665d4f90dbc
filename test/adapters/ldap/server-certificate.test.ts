/** A domain controller whose certificate or TLS is not what it must be: nobody signs in to it. */
import type { AddressInfo } from "node:net";
import { createServer, type SecureVersion, type TlsOptions } from "node:tls";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import { EXPIRED, makeCertificate, type Pair } from "../../support/make-certificate.ts";
import { type SettingsChanges, settingsFor } from "./settings.ts";

const never = new AbortController().signal;
const HOST = "dc1.corp.contoso.example";

let authority: Pair;
let stranger: Pair;
const made: Record<string, Pair> = {};

beforeAll(() => {
  authority = makeCertificate({ name: "authority.contoso.example" });
  stranger = makeCertificate({ name: "stranger.contoso.example" });
  made.good = makeCertificate({ name: HOST, signer: authority });
  made.foreign = makeCertificate({ name: HOST, signer: stranger });
  made.misnamed = makeCertificate({ name: "dc2.corp.contoso.example", signer: authority });
  made.selfSigned = makeCertificate({ name: HOST });
  made.expired = makeCertificate({ name: HOST, signer: authority, validity: EXPIRED });
});

/** @returns What came of a sign-in to such a server, and what the server could read of it. */
async function signIn(options: TlsOptions, changes: SettingsChanges = {}) {
  let read = 0;
  const server = createServer(options, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      read += bytes.length;
      socket.destroy();
    });
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const settings = { ca: authority.cert, serverName: HOST, retryPausesMs: [], ...changes };
  const directory = openLdapDirectory(settingsFor(`ldaps://127.0.0.1:${port}`, settings));
  onTestFinished(() => directory.close());
  const error: unknown = await directory.identify(never).catch((thrown: unknown) => thrown);
  return { error, read: () => read };
}

test("a certificate of the named authority for the expected name is trusted", async () => {
  const { read } = await signIn({ ...made.good });
  expect(read()).toBeGreaterThan(0);
});

const refused: readonly [title: string, pair: string, changes: () => SettingsChanges, says: RegExp][] = [
  ["that has expired", "expired", () => ({}), /expired/],
  ["that it has signed itself", "selfSigned", () => ({}), /not trusted/],
  ["of another authority", "foreign", () => ({}), /not trusted/],
  ["of an authority that nobody has named", "good", () => ({ ca: null }), /not trusted/],
  ["for another name", "misnamed", () => ({}), /certificate is not for dc1/],
  ["for a name, reached by its address", "good", () => ({ serverName: null }), /certificate is not for 127/],
];
test.each(refused)(
  "B16: a domain controller with a certificate %s is sent nothing",
  async (_title, pair, changes, says) => {
    const { error, read } = await signIn({ ...made[pair] }, changes());
    expect(error).toMatchObject({ name: "BatchError", code: "directory", message: expect.stringMatching(says) });
    expect(read()).toBe(0);
  },
);

test.each<SecureVersion>(["TLSv1", "TLSv1.1"])(
  "B16: a domain controller that speaks only %s is sent nothing",
  async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: "DEFAULT:@SECLEVEL=0" };
    const { error, read } = await signIn({ ...made.good, ...old });
    expect(error).toMatchObject({ name: "BatchError", code: "directory", message: expect.stringMatching(/TLS/) });
    expect(read()).toBe(0);
  },
);
