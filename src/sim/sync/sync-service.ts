/**
 * A simulated sync engine between simulated domains and the simulated tenant, and the jobs through which Graph shows it.
 *
 * It lets the whole cutover be rehearsed: what a takeover does to a user, what it refuses, and what it makes instead.
 * Follows, checked 2026-11:
 *   matching and takeover                    export-account.ts, refusals.ts
 *   jobs, their states, start, on demand     "Cloud sync programmatically with Graph", "synchronizationJob: start",
 *                                            "synchronizationJob: provisionOnDemand" (5 requests in 10 s)
 *   an engine knows its objects; one that was joined is never matched anew        "existing tenant"
 * Compared with no live tenant. Unverified choices: a cycle takes effect at its end, all at once; a start in the middle of
 * a cycle is taken and changes nothing; an account that left the scope leaves its user as it is; deletions, groups,
 * contacts, password hashes and writeback are left out.
 */
import { createHash } from "node:crypto";
import type { SimulatedDomain } from "../directory/world.ts";
import type { SimulationClock } from "../tenant/clock.ts";
import type { TenantStore } from "../tenant/store.ts";
import { type AnchorAttribute, listAccounts, type SyncedAccount } from "./account.ts";
import { type ExportResult, exportKnownAccount, exportNewAccount } from "./export-account.ts";

export type SyncSettings = {
  /** The domains as they are now. */
  readonly domains: readonly (() => SimulatedDomain)[];
  /** Default `connect-sync`: Graph then shows no job. */
  readonly kind?: "connect-sync" | "cloud-sync";
  readonly anchor?: AnchorAttribute;
  /** Simulated milliseconds that a cycle takes. Default 20,000. */
  readonly cycleMs?: number;
  /** Simulated milliseconds from the end of a cycle to the next one that comes by itself. Default: none comes. */
  readonly everyMs?: number;
  /** What the jobs are in at first. Default `Active`. */
  readonly jobState?: JobState;
  /** DNs of containers in scope; `null`, the default, is everything. */
  readonly scope?: readonly string[] | null;
};

export type JobState = "Active" | "Paused" | "Quarantine";

/** One configuration of Cloud Sync: a service principal with a job for one AD domain. */
export type SyncJob = {
  readonly id: string;
  readonly servicePrincipalId: string;
  /** DNS name of the AD domain, as the portal names the service principal. */
  readonly domainName: string;
  state: JobState;
  quarantineReason: string | null;
  readonly ruleId: string;
  readonly domain: () => SimulatedDomain;
};

const DEFAULT_CYCLE_MS = 20_000;
const ON_DEMAND_REQUESTS = 5;
const ON_DEMAND_WINDOW_MS = 10_000;

export class SyncService {
  readonly jobs: readonly SyncJob[];
  /** What a cycle reads from now on; a test may change them between two. */
  scope: readonly string[] | null;
  anchor: AnchorAttribute;
  readonly #settings: SyncSettings;
  readonly #store: TenantStore;
  readonly #clock: SimulationClock;
  /** Joined objects by the account's key. */
  readonly #joined = new Map<string, { readonly userId: string; readonly anchor: string }>();
  readonly #results = new Map<string, ExportResult>();
  #onDemand: number[] = [];
  /** Groups of domains whose cycle is under way: Cloud Sync runs one for each job, Connect Sync one for all. */
  readonly #running = new Set<string>();

  constructor(settings: SyncSettings, store: TenantStore, clock: SimulationClock) {
    this.#settings = settings;
    this.#store = store;
    this.#clock = clock;
    this.scope = settings.scope ?? null;
    this.anchor = settings.anchor ?? "mS-DS-ConsistencyGuid";
    const domains = settings.kind === "cloud-sync" ? settings.domains : [];
    this.jobs = domains.map((domain) => {
      const domainName = domain().dnsName;
      const jobId = `AD2AADProvisioning.${guidFor(`job ${domainName}`).replaceAll("-", "")}`;
      return {
        id: jobId,
        servicePrincipalId: guidFor(`service principal ${domainName}`),
        domainName,
        state: settings.jobState ?? "Active",
        quarantineReason: null,
        ruleId: guidFor(`rule ${domainName}`),
        domain,
      };
    });
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** How the last export of each account ended, by its sAMAccountName. */
  results(): ReadonlyMap<string, ExportResult> {
    return this.#results;
  }

  /** Begins a cycle that takes effect when its time is over. @returns False while one of these domains is under way. */
  start(domains = this.#settings.domains): boolean {
    const name = domains.map((domain) => domain().dnsName).join(" ");
    if (this.#running.has(name)) return false;
    this.#running.add(name);
    this.#clock.schedule(() => {
      this.#running.delete(name);
      this.runNow(domains);
      this.#scheduleNext(domains);
    }, this.#settings.cycleMs ?? DEFAULT_CYCLE_MS);
    return true;
  }

  #scheduleNext(domains: SyncSettings["domains"]): void {
    const { everyMs } = this.#settings;
    if (everyMs !== undefined) this.#clock.schedule(() => this.start(domains), everyMs);
  }

  /** A whole cycle at once. */
  runNow(domains = this.#settings.domains): void {
    const at = this.#now();
    const accounts = domains.flatMap((domain) => listAccounts(domain(), this.anchor, this.scope));
    for (const account of accounts) this.#export(account, at);
    this.#exportManagers(accounts);
    this.#store.world.onPremisesLastSyncDateTime = at;
  }

  /** References come last, when both ends are joined; one to an object that sync does not know is left as it is. */
  #exportManagers(accounts: readonly SyncedAccount[]): void {
    const keyOf = new Map(accounts.map(({ dn, key }) => [dn.toLowerCase(), key]));
    for (const { key, managerDn } of accounts) {
      const user = this.#joined.get(key);
      const manager = this.#joined.get(keyOf.get(managerDn?.toLowerCase() ?? "") ?? "");
      if (user === undefined || manager === undefined) continue;
      this.#store.changeUser(user.userId, { managerId: manager.userId }, "foreign");
    }
  }

  /** Resumes a paused job or one in quarantine; a job that is active stays so. */
  startJob(job: SyncJob): void {
    job.state = "Active";
    job.quarantineReason = null;
    this.start([job.domain]);
  }

  /** @returns Milliseconds until the next request may come; 0 when this one may. */
  admitOnDemand(): number {
    const nowMs = this.#clock.nowMs();
    this.#onDemand = this.#onDemand.filter((atMs) => nowMs - atMs < ON_DEMAND_WINDOW_MS);
    const [first] = this.#onDemand;
    if (this.#onDemand.length >= ON_DEMAND_REQUESTS && first !== undefined) return first + ON_DEMAND_WINDOW_MS - nowMs;
    this.#onDemand.push(nowMs);
    return 0;
  }

  /** @returns `null` where the job's domain has no such account, or it is out of scope. */
  provision(job: SyncJob, dn: string): ExportResult | null {
    const account = listAccounts(job.domain(), this.anchor, this.scope).find(
      (one) => one.dn.toLowerCase() === dn.toLowerCase(),
    );
    return account === undefined ? null : this.#export(account, this.#now());
  }

  #export(account: SyncedAccount, at: string): ExportResult {
    const joined = this.#joined.get(account.key);
    const result =
      joined === undefined
        ? exportNewAccount(this.#store, account, at)
        : exportKnownAccount(this.#store, account, joined, at);
    if (result.kind !== "refused" && joined === undefined)
      this.#joined.set(account.key, { userId: result.userId, anchor: account.anchor });
    this.#results.set(account.accountName, result);
    return result;
  }

  /** As Graph writes it: whole seconds. */
  #now(): string {
    return `${new Date(this.#clock.wallMs()).toISOString().slice(0, 19)}Z`;
  }
}

function guidFor(name: string): string {
  const hex = createHash("sha256").update(`sync ${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
