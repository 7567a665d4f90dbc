/**
 * A whole simulated surrounding: every domain controller and the tenant, started together and stopped together.
 *
 * Tenant locks are named for the tenant, so two simulations with one tenant id would keep each other from writing;
 * whoever starts several at once gives each an id of its own.
 */
import { type SimulatedDirectory, startSimulatedDirectory } from "../directory/server.ts";
import type { SimulatedDomain } from "../directory/world.ts";
import type { SyncSettings } from "../sync/sync-service.ts";
import type { ClockOptions } from "../tenant/clock.ts";
import { type RunningTenant, startSimulatedTenant, type TenantOptions } from "../tenant/server.ts";
import type { SimulatedTenant } from "../tenant/world.ts";

/** What is served: plain values that survive JSON. */
export type SimulationWorld = {
  readonly domains: readonly SimulatedDomain[];
  readonly tenant: SimulatedTenant;
  /** How the domains are brought into the tenant; without it nothing is. */
  readonly sync?: Omit<SyncSettings, "domains">;
  readonly directoryOptions?: { readonly foldAccents?: boolean; readonly delayMs?: number };
  readonly tenantOptions?: Pick<
    TenantOptions,
    "quota" | "rules" | "latencyMs" | "perUserMs" | "seed" | "timeScale" | "dateOffsetMs"
  >;
};

/** How to reach one directory; the account is the first that the domain lets in. */
export type DirectoryAccess = {
  readonly domain: string;
  readonly url: string;
  readonly bindDN: string;
  readonly password: string;
};

export type RunningSimulation = {
  readonly directories: readonly DirectoryAccess[];
  /** The domain controllers behind them, in the same order. */
  readonly servers: readonly SimulatedDirectory[];
  readonly tenant: RunningTenant;
  /** An access token of an application that may do what the program needs, and no more. */
  readonly token: string;
  close(): Promise<void>;
};

const TOKEN_LIFETIME_SECONDS = 12 * 60 * 60;
/** What the whole job may need, holder actions and every check included. */
export const PERMISSIONS = [
  "User.ReadWrite.All",
  "User.DeleteRestore.All",
  "User-OnPremisesSyncBehavior.ReadWrite.All",
  "Organization.Read.All",
  "Domain.Read.All",
  "RoleManagement.Read.Directory",
  "RoleEligibilitySchedule.Read.Directory",
  "PrivilegedEligibilitySchedule.Read.AzureADGroup",
  "Group.Read.All",
  "OrgContact.Read.All",
  "OnPremDirectorySynchronization.Read.All",
  "Application.Read.All",
  "Synchronization.ReadWrite.All",
] as const;

/** Roles of the application itself: users that hold a role, and identifiers, cannot be written without. */
export const APPLICATION_ROLES = ["User Administrator", "Hybrid Identity Administrator"] as const;

/** The documents say that no application may read the sync features; tenants where it may are the ones to show. */
export const RULES = { appOnlyReadsSyncFeatures: true } as const;

/**
 * Starts on free ports of the loopback address.
 *
 * @param time Of the tenant, where it is not the machine's own.
 * @throws {RangeError} A domain that lets nobody in.
 */
export async function startSimulation(world: SimulationWorld, time: ClockOptions = {}): Promise<RunningSimulation> {
  const running: { close(): Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(running.map((server) => server.close()));
  };
  try {
    const directories: DirectoryAccess[] = [];
    const servers: SimulatedDirectory[] = [];
    for (const domain of world.domains) {
      const server: SimulatedDirectory = await startSimulatedDirectory(domain, world.directoryOptions);
      running.push(server);
      servers.push(server);
      const [credential] = domain.credentials;
      if (credential === undefined) throw new RangeError(`nobody may sign in to ${domain.netbiosName}`);
      const { name: bindDN, password } = credential;
      directories.push({ domain: domain.netbiosName, url: server.url, bindDN, password });
    }
    const tenant = await startSimulatedTenant(world.tenant, {
      rules: RULES,
      ...(world.sync && { sync: { ...world.sync, domains: servers.map((server) => () => server.domain) } }),
      ...world.tenantOptions,
      ...time,
    });
    running.push(tenant);
    const token = tenant.mintToken({
      roles: PERMISSIONS,
      directoryRoles: APPLICATION_ROLES,
      lifetimeSeconds: TOKEN_LIFETIME_SECONDS,
    });
    return { directories, servers, tenant, token, close };
  } catch (error) {
    await close();
    throw error;
  }
}
