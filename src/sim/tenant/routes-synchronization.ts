/**
 * Cloud Sync as Graph shows it: service principals, their jobs, start, and provisioning on demand.
 *
 * Sources: "List servicePrincipals", "List synchronizationJobs", "synchronizationJob: start", "synchronizationJob:
 * provisionOnDemand", "Get synchronizationSchema" (learn.microsoft.com/graph, checked 2026-11). Unverified choices: of
 * service principals only those of Cloud Sync exist here and only a filter by applicationTemplateId is understood; a
 * throttled provisionOnDemand answers 429 with Retry-After; an account that is not found is a Failure with status 200.
 */
import type { ExportResult } from "../sync/export-account.ts";
import type { SyncJob } from "../sync/sync-service.ts";
import { REFUSALS, refuse } from "./errors.ts";
import { parseFilter } from "./filter.ts";
import type { GraphAnswer, GraphRequest, JsonObject } from "./graph-exchange.ts";
import type { QueryOptions } from "./parse-query.ts";
import { requirePermission } from "./permissions.ts";
import { answerList } from "./routes-tenant.ts";
import { refuseOptions } from "./routes-users.ts";
import type { Simulation } from "./simulation.ts";
import { isJsonObject, readJsonObject } from "./update-user.ts";

/** The application template of Cloud Sync, the same in every tenant. */
const CLOUD_SYNC_TEMPLATE = "1a4721b3-e57f-4451-ae87-ef078703ec94";

export function listServicePrincipals(simulation: Simulation, request: GraphRequest, query: QueryOptions): GraphAnswer {
  requirePermission(request.caller, "readApplications");
  refuseOptions(query, ["$expand"]);
  const filter = query.filter === null ? null : parseFilter(query.filter);
  const isKnown =
    filter === null ||
    (filter.kind === "compare" && filter.property === "applicationTemplateId" && filter.comparator === "eq");
  if (!isKnown) return refuse(REFUSALS.optionUnsupported("$filter"));
  const wanted = filter === null || (filter.kind === "compare" && filter.value === CLOUD_SYNC_TEMPLATE);
  const jobs = wanted ? (simulation.synchronization?.jobs ?? []) : [];
  const objects = jobs.map(({ servicePrincipalId, domainName }) => ({
    id: servicePrincipalId,
    appDisplayName: domainName,
    displayName: domainName,
    applicationTemplateId: CLOUD_SYNC_TEMPLATE,
    accountEnabled: true,
  }));
  return answerList(request, query, { set: "servicePrincipals", type: "microsoft.graph.servicePrincipal", objects });
}

export function listJobs(simulation: Simulation, request: GraphRequest, query: QueryOptions, key: string): GraphAnswer {
  requirePermission(request.caller, "readSynchronization");
  refuseOptions(query, ["$expand", "$filter"]);
  const jobs = jobsOf(simulation, key);
  return answerList(request, query, {
    set: `servicePrincipals('${key}')/synchronization/jobs`,
    type: "microsoft.graph.synchronizationJob",
    objects: jobs.map((job) => showJob(job, simulation.synchronization?.isRunning === true)),
  });
}

export function getSchema(
  simulation: Simulation,
  request: GraphRequest,
  _query: QueryOptions,
  key: string,
): GraphAnswer {
  requirePermission(request.caller, "readSynchronization");
  const job = findJob(simulation, request, key);
  const rule = (id: string, name: string) => ({ id, name, editable: true, priority: 0, objectMappings: [] });
  return {
    status: 200,
    body: { id: job.id, version: "1", synchronizationRules: [rule(job.ruleId, "AD2AADProvisioning")] },
  };
}

export function startJob(
  simulation: Simulation,
  request: GraphRequest,
  _query: QueryOptions,
  key: string,
): GraphAnswer {
  requirePermission(request.caller, "writeSynchronization");
  const job = findJob(simulation, request, key);
  simulation.synchronization?.startJob(job);
  return { status: 204, applied: true };
}

export function provisionOnDemand(
  simulation: Simulation,
  request: GraphRequest,
  _query: QueryOptions,
  key: string,
): GraphAnswer {
  requirePermission(request.caller, "writeSynchronization");
  const job = findJob(simulation, request, key);
  const waitMs = simulation.synchronization?.admitOnDemand() ?? 0;
  if (waitMs > 0) {
    const seconds = Math.ceil(simulation.clock.wallSeconds(waitMs));
    return refuse(REFUSALS.tooManyRequests({ "retry-after": String(seconds) }));
  }
  const dn = readSubject(readJsonObject(request), job);
  const result = simulation.synchronization?.provision(job, dn) ?? null;
  return {
    status: 200,
    applied: result !== null && result.kind !== "refused",
    body: {
      "@odata.context": `${request.origin}/${request.version}/$metadata#microsoft.graph.stringKeyStringValuePair`,
      key: JSON.stringify(describeResult(result, dn)),
      value: JSON.stringify({ action: "Other", sourceIdentity: { id: dn, type: "user" }, provisioningSteps: [] }),
    },
  };
}

function describeResult(result: ExportResult | null, dn: string): JsonObject {
  const failed = (errorCode: string, errorMessage: string) => ({
    result: "Failure",
    details: { errorCode, errorMessage },
  });
  if (result === null) return failed("EntryNotFound", `The object ${dn} was not found, or is not in scope.`);
  if (result.kind === "refused") return failed(result.error.code, result.error.text);
  if (result.kind === "updated")
    return { result: "Skipped", details: { errorCode: "RedundantExport", errorMessage: "" } };
  return { result: "Success", details: null };
}

/** One rule and one subject a request: what the documentation shows. */
function readSubject(body: JsonObject, job: SyncJob): string {
  const { parameters } = body;
  const [parameter] = Array.isArray(parameters) ? parameters : [];
  if (!isJsonObject(parameter)) return refuse(REFUSALS.invalidValue("parameters"));
  const { ruleId, subjects } = parameter;
  if (ruleId !== job.ruleId) return refuse(REFUSALS.invalidValue("ruleId"));
  const [subject] = Array.isArray(subjects) ? subjects : [];
  if (!isJsonObject(subject)) return refuse(REFUSALS.invalidValue("subjects"));
  const { objectId, objectTypeName } = subject;
  if (objectTypeName !== "user") return refuse(REFUSALS.invalidValue("objectTypeName"));
  return typeof objectId === "string" && objectId !== "" ? objectId : refuse(REFUSALS.invalidValue("objectId"));
}

function jobsOf({ synchronization }: Simulation, servicePrincipalId: string): readonly SyncJob[] {
  const jobs = (synchronization?.jobs ?? []).filter((job) => job.servicePrincipalId === servicePrincipalId);
  return jobs.length === 0 ? refuse(REFUSALS.userNotFound(servicePrincipalId)) : jobs;
}

/** The path names two keys; the second is the job. */
function findJob(simulation: Simulation, request: GraphRequest, servicePrincipalId: string): SyncJob {
  const jobId = request.segments[4] ?? "";
  return jobsOf(simulation, servicePrincipalId).find(({ id }) => id === jobId) ?? refuse(REFUSALS.userNotFound(jobId));
}

function showJob({ id, state, quarantineReason, domainName }: SyncJob, isRunning: boolean): JsonObject {
  const quarantine =
    quarantineReason === null
      ? null
      : {
          reason: quarantineReason,
          currentBegan: "2026-11-02T07:30:00Z",
          error: { code: quarantineReason, message: "" },
        };
  return {
    id,
    templateId: "AD2AADProvisioning",
    schedule: { expiration: null, interval: "PT2M", state: state === "Paused" ? "Disabled" : "Active" },
    status: { code: state, quarantine, progress: isRunning ? [{ timeEnded: null }] : [] },
    synchronizationJobSettings: [{ name: "Domain", value: JSON.stringify({ DomainFQDN: domainName }) }],
  };
}
