/** Opens both sides for the commands that plan and write. */
import { performMethods } from "../adapters/system/perform-methods.ts";
import type { OpenWorld } from "../cli/program.ts";
import { readSecret } from "../cli/secrets.ts";
import type { DirectorySettings, Settings } from "../cli/settings.ts";
import { preferRecorded } from "../core/server-record.ts";
import type { Directory } from "../ports/directory.ts";
import type { Perform } from "../ports/effects.ts";
import type { Forest } from "../ports/forest.ts";
import { openFetch, sharedOf, tenantOf } from "./connections.ts";
import { shareGates, signInOf, takeTurns, withSecrets } from "./sign-in.ts";
import type { Surroundings } from "./surroundings.ts";

/** @param servers Domain controllers that a run was recorded through: each is asked before the others of its domain. */
export async function openWorld(
  settings: Settings,
  servers: readonly string[],
  { log, clock, chance, progress, stopping, screen, environment, perform }: Surroundings,
): Promise<OpenWorld> {
  const [
    { openLdapDirectory },
    { openGlobalCatalog },
    { SignInGate },
    { openExportDirectory },
    { openGraph },
    { openAccessTokens },
    { digest },
  ] = await Promise.all([
    import("../adapters/ldap/ldap-directory.ts"),
    import("../adapters/ldap/global-catalog.ts"),
    import("../adapters/ldap/sign-in-gate.ts"),
    import("../adapters/ad-export/export-directory.ts"),
    import("../adapters/graph/graph-tenant.ts"),
    import("../adapters/graph/auth.ts"),
    import("../adapters/run-folder/digest.ts"),
  ]);
  const { tenant, limits } = settings;
  const read = takeTurns((source) => readSecret(source, { environment, screen, signal: stopping.drain }));
  const auth = await withSecrets(tenant.auth, read);
  const credential = openAccessTokens(auth, signInOf(settings, screen), clock);
  const { requestTimeoutSeconds } = limits;
  const { tenant: cloud, cloudSync } = openGraph(
    { ...tenantOf(settings), credential },
    { clock, chance, log, progress, send: await openFetch(environment, perform) },
  );
  const gateOf = shareGates(() => new SignInGate());
  const opened = settings.directories.map((directory: DirectorySettings) => {
    if (directory.kind === "export") return { directory: openExportDirectory(directory), forest: null };
    const { urls, startTls, baseDn, serverName, globalCatalog } = directory;
    const shared = sharedOf(directory, { gateOf, read, requestTimeoutSeconds });
    return {
      directory: openLdapDirectory({ ...shared, urls: preferRecorded(urls, servers), startTls, baseDn, serverName }),
      forest: globalCatalog === null ? null : openGlobalCatalog({ ...shared, ...globalCatalog }),
    };
  });
  const directories = opened.map(({ directory }) => performDirectory(directory, perform));
  const forests = opened.flatMap(({ forest }): Forest[] => {
    if (forest === null) return [];
    return [performMethods(forest, { name: "forest", methods: ["locateAccounts", "close"], perform })];
  });
  const writerLimits = {
    inFlight: limits.inFlight,
    settleMs: limits.settleSeconds * 1000,
    quarantineMs: limits.quarantineSeconds * 1000,
  };
  return {
    world: {
      directories,
      forests,
      tenant: cloud,
      clock,
      chance,
      digest,
      flows: settings.flows,
      log,
      progress,
      limits: writerLimits,
      stop: stopping,
    },
    cloudSync,
    async close() {
      await Promise.all([...directories, ...forests, cloud].map((side) => side.close()));
    },
  };
}

/** Every question to a domain, and every write to it, is an effect. */
function performDirectory(directory: Directory, perform: Perform): Directory {
  const { side } = directory;
  const reads = ["identify", "findAccounts", "findNamesBeginningWith", "findAnchorHolders", "findWritable"] as const;
  const performed = performMethods(directory, { name: "directory", methods: [...reads, "close"], perform });
  if (side === null) return performed;
  const methods = ["readValue", "readWhole", "writeValue"] as const;
  const writable = performMethods(side, { name: "directory", methods, perform });
  return new Proxy(performed, { get: (target, key) => (key === "side" ? writable : Reflect.get(target, key)) });
}
