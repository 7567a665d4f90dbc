/**
 * Looks at a directory step by step: name, connection, TLS, sign-in, search base, a few accounts.
 *
 * The sign-in is made by the very opener that a plan uses, over a connection that is verified anew, and behind the
 * gate of the account: a probe must not be the second wrong password.
 */
import { lookup } from "node:dns/promises";
import { AndFilter, EqualityFilter, PresenceFilter } from "ldapts";
import type { SampleFacts } from "../../core/diagnosis/directory-lines.ts";
import { BatchError } from "../../core/errors.ts";
import type { LiveDirectoryProbe, ServerProbe } from "../../ports/probes.ts";
import { ConnectionOpener } from "./connection-opener.ts";
import { decodeObjectGuid, decodeTexts, mayWriteAnchor, RIGHTS_ATTRIBUTE } from "./entry.ts";
import { inspectTls } from "./inspect-tls.ts";
import { openLdapDirectory } from "./ldap-directory.ts";
import { explainConnectFailure, LdapTrouble } from "./ldap-error.ts";
import type { LdapSettings } from "./ldap-settings.ts";
import { type LdapTarget, parseTarget } from "./ldap-target.ts";
import { withPlainSocket } from "./secure-socket.ts";
import { SignInGate } from "./sign-in-gate.ts";

/** A Global Catalog is reached and trusted as the domain controllers are; nobody signs in to it here. */
export type CatalogAddress = {
  readonly url: string;
  readonly startTls: boolean;
  readonly serverName: string | null;
};

const SAMPLE_SIZE = 5;

/**
 * Nothing connects before the first call.
 *
 * @throws {BatchError} config: the url or another setting is refused; see {@link parseTarget}.
 */
export function openDirectoryProbe(settings: LdapSettings, catalog: CatalogAddress | null): LiveDirectoryProbe {
  const { urls, gate = new SignInGate(), ...shared } = settings;
  const targets = urls.map((url) => parseTarget({ ...shared, url }, "domain"));
  const opener = new ConnectionOpener({ targets, signIn: settings.signIn, gate });
  const directory = openLdapDirectory({ ...settings, gate });
  return {
    kind: "live",
    name: opener.target.domain,
    servers: targets.map(probeServer),
    catalog: catalog === null ? null : probeServer(parseTarget({ ...shared, ...catalog }, "catalog")),
    async signIn(signal) {
      return await explainTrouble(async () => {
        const connection = await opener.open(signal);
        await connection.close();
        const { signsInAs: signedInAs, url } = opener.target;
        return { signedInAs, url };
      });
    },
    identify: (signal) => directory.identify(signal),
    readSample: (baseDn, signal) => explainTrouble(() => readSample(opener, baseDn, signal)),
    close: () => directory.close(),
  };
}

function probeServer(target: LdapTarget): ServerProbe {
  return {
    url: target.url,
    encrypted: target.tls !== "none",
    async resolveName(signal) {
      return await explainTrouble(async () => {
        signal.throwIfAborted();
        try {
          const found = await lookup(target.host, { all: true });
          return found.map(({ address }) => address);
        } catch (error) {
          throw explainConnectFailure(error, target);
        }
      });
    },
    async connect(signal) {
      const begunMs = performance.now();
      return await explainTrouble(() =>
        withPlainSocket(target, { address: null, signal }, async (plain) => {
          const address = plain.remoteAddress ?? target.host;
          plain.destroy();
          return { address, tookMs: Math.round(performance.now() - begunMs) };
        }),
      );
    },
    shakeHands: (signal) => explainTrouble(() => inspectTls(target, signal)),
  };
}

/** Accounts as a plan searches for them, the first few of them. */
async function readSample(opener: ConnectionOpener, baseDn: string, signal: AbortSignal): Promise<SampleFacts> {
  const connection = await opener.open(signal);
  try {
    const users = new AndFilter({
      filters: [
        new EqualityFilter({ attribute: "objectCategory", value: "person" }),
        new EqualityFilter({ attribute: "objectClass", value: "user" }),
        new PresenceFilter({ attribute: "sAMAccountName" }),
      ],
    });
    const attributes = ["objectGUID", "sAMAccountName", "userAccountControl", RIGHTS_ATTRIBUTE];
    const search = { baseDn, scope: "sub", filter: users, attributes } as const;
    const entries = await connection.searchFirst(search, SAMPLE_SIZE, signal);
    for (const entry of entries) decodeObjectGuid(entry);
    const shown = entries.filter((entry) => decodeTexts(entry, "userAccountControl").length > 0);
    return { accounts: entries.length, withControl: shown.length, writable: entries.filter(mayWriteAnchor).length };
  } finally {
    await connection.close();
  }
}

/** What leaves the adapter is a BatchError. */
async function explainTrouble<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof LdapTrouble) throw error.explained;
    if (error instanceof BatchError || !(error instanceof Error) || error.name !== "AbortError") throw error;
    throw new BatchError("interrupted", "Stopped while looking at a directory.", "Run the command again.", {
      cause: error,
    });
  }
}
