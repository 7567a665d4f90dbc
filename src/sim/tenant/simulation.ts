/** The parts of one running tenant, handed to every route. Nothing of it is global: two servers share nothing. */
import type { SyncService } from "../sync/sync-service.ts";
import type { SimulationClock } from "./clock.ts";
import type { FaultPlan } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Quota } from "./quota.ts";
import type { TenantStore } from "./store.ts";
import type { TokenDesk } from "./token.ts";

/** Points on which documents and reports disagree; each default is the stricter reading. */
export interface TenantRules {
  /** A user in the recycle bin blocks its anchor for others. Unverified; default true. */
  readonly deletedHoldersBlock: boolean;
  /** null is accepted for onPremisesImmutableId. Some tenants refused it (msgraph-sdk-powershell#2819); default true. */
  readonly acceptsNullAnchor: boolean;
  /** Users with onPremisesSyncEnabled false accept a new anchor. Reports disagree; default true. */
  readonly formerlySyncedWritable: boolean;
  /** App-only tokens may read /directory/onPremisesSynchronization. Documented as not supported; default false. */
  readonly appOnlyReadsSyncFeatures: boolean;
  /** The tenant has the licence of Privileged Identity Management; without it eligibilities answer 400. Default true. */
  readonly licensedForEligibility: boolean;
  /** /beta shows isPrivileged of a role and onPremisesObjectIdentifier of a user. Not declared everywhere; default true. */
  readonly betaShowsUndeclared: boolean;
}

export const DEFAULT_RULES: TenantRules = {
  deletedHoldersBlock: true,
  acceptsNullAnchor: true,
  formerlySyncedWritable: true,
  appOnlyReadsSyncFeatures: false,
  licensedForEligibility: true,
  betaShowsUndeclared: true,
};

export interface Simulation {
  readonly store: TenantStore;
  readonly ledger: Ledger;
  readonly quota: Quota;
  readonly tokens: TokenDesk;
  readonly faults: FaultPlan;
  readonly clock: SimulationClock;
  readonly rules: TenantRules;
  /** What syncs AD into the tenant; `null` where nothing does. */
  readonly synchronization: SyncService | null;
}
