/** Opens what doctor and init look at, one thing after the other and none of it for writing. */
import type { Probes } from "../cli/program.ts";
import { readSecret } from "../cli/secrets.ts";
import type { Settings } from "../cli/settings.ts";
import { openFetch, sharedOf, tenantOf } from "./connections.ts";
import { deferAccessTokens, shareGates, signInOf, takeTurns, withSecrets } from "./sign-in.ts";
import type { Surroundings } from "./surroundings.ts";

export async function openProbes(
  settings: Settings,
  { log, clock, chance, progress, stopping, screen, environment, perform }: Surroundings,
): Promise<Probes> {
  const [
    { openDirectoryProbe },
    { SignInGate },
    { openExportDirectory },
    { openTenantProbe },
    { openAccessTokens },
    { probeTenant, probeGraph },
    { probeDirectory, probeServers },
  ] = await Promise.all([
    import("../adapters/ldap/directory-probe.ts"),
    import("../adapters/ldap/sign-in-gate.ts"),
    import("../adapters/ad-export/export-directory.ts"),
    import("../adapters/graph/tenant-probe.ts"),
    import("../adapters/graph/auth.ts"),
    import("../stages/probe-tenant.ts"),
    import("../stages/probe-directory.ts"),
  ]);
  const { tenant, limits } = settings;
  const read = takeTurns((source) => readSecret(source, { environment, screen, signal: stopping.drain }));
  const gateOf = shareGates(() => new SignInGate());
  const send = await openFetch(environment, perform);
  return {
    probeTenant,
    probeDirectory,
    probeGraph,
    probeServers,
    openTenant() {
      const open = async () =>
        openAccessTokens(await withSecrets(tenant.auth, read), signInOf(settings, screen), clock);
      const credential = deferAccessTokens(open);
      return openTenantProbe(
        { ...tenantOf(settings), credential },
        { clock, chance, log, send, note: (text) => progress.note(text) },
      );
    },
    openDirectory(directory) {
      const name = directory.domain ?? "";
      if (directory.kind === "export") {
        const opened = openExportDirectory(directory);
        const { path } = directory;
        const identify = (signal: AbortSignal) => opened.identify(signal);
        return { kind: "export", name, path, identify, close: () => opened.close() };
      }
      const { urls, startTls, baseDn, serverName, globalCatalog } = directory;
      const { requestTimeoutSeconds } = limits;
      const shared = sharedOf(directory, { gateOf, read, requestTimeoutSeconds });
      return openDirectoryProbe({ ...shared, urls, startTls, baseDn, serverName }, globalCatalog);
    },
  };
}
