/** Looks at one directory from the name of its server up to its accounts, and goes on as far as it makes sense. */
import type { DirectoryFacts, ServerFacts } from "../core/diagnosis/directory-lines.ts";
import { type Fact, type Failed, notChecked } from "../core/diagnosis/fact.ts";
import type { DirectoryProbe, LiveDirectoryProbe, ServerProbe } from "../ports/probes.ts";
import { collectAfter, collectFact } from "./collect-fact.ts";

/**
 * @param failedBefore A sign-in that was refused before and is not to be tried again; `null` to sign in.
 * @throws {BatchError} interrupted: the signal fired.
 */
export async function probeDirectory(
  probe: DirectoryProbe,
  { signal, failedBefore = null }: { readonly signal: AbortSignal; readonly failedBefore?: Failed | null },
): Promise<DirectoryFacts> {
  if (probe.kind === "export") {
    const { name, path } = probe;
    return { kind: "export", name, path, identity: await collectFact(() => probe.identify(signal)) };
  }
  const { name } = probe;
  const servers = await probeServers(probe, signal);
  const bind = await collectBind(probe, servers, failedBefore, signal);
  const identity = await collectAfter(bind, "nobody could sign in", () => probe.identify(signal));
  const sample = await collectAfter(identity, "the search base was not read", ({ baseDn }) =>
    probe.readSample(baseDn, signal),
  );
  const catalog = probe.catalog === null ? null : await probeServer(probe.catalog, signal);
  return { kind: "live", name, servers, bind, identity, sample, catalog };
}

/** Looks no further than the way to each server: nobody signs in. @throws {BatchError} interrupted: the signal fired. */
export async function probeServers({ servers }: LiveDirectoryProbe, signal: AbortSignal): Promise<ServerFacts[]> {
  const facts: ServerFacts[] = [];
  for (const server of servers) facts.push(await probeServer(server, signal));
  return facts;
}

async function probeServer(server: ServerProbe, signal: AbortSignal): Promise<ServerFacts> {
  const addresses = await collectFact(() => server.resolveName(signal));
  const connection = await collectAfter(addresses, "the name has no address", () => server.connect(signal));
  const tls = server.encrypted
    ? await collectAfter(connection, "there is no connection", () => server.shakeHands(signal))
    : null;
  return { url: server.url, addresses, connection, tls };
}

/** A password goes to a server that is trusted, or to nobody. */
async function collectBind(
  probe: LiveDirectoryProbe,
  servers: readonly ServerFacts[],
  failedBefore: Failed | null,
  signal: AbortSignal,
): Promise<Fact<{ readonly signedInAs: string; readonly url: string }>> {
  if (!servers.some(isFitForSignIn)) return notChecked("no server of it is there and trusted, so no password was sent");
  if (failedBefore !== null) return failedBefore;
  return await collectFact(() => probe.signIn(signal));
}

function isFitForSignIn({ connection, tls }: ServerFacts): boolean {
  if (tls === null) return connection.state === "found";
  return tls.state === "found" && tls.found.trouble === null;
}
