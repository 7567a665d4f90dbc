/**
 * Cloud Sync over Graph: the service principals made from its template, their jobs, and users on demand.
 *
 * Source: https://learn.microsoft.com/graph/api/serviceprincipal-list, synchronization-serviceprincipal-list-jobs,
 * synchronization-synchronizationjob-start, -provisionondemand, synchronization-synchronizationschema-get; Microsoft
 * Entra, "Configure cloud sync with Graph" for the template and the job's name (checked 2026-11). That the list of service
 * principals can be filtered by applicationTemplateId is documented and was not tried on a live tenant.
 */
import type { ProvisionAnswer, SyncJob } from "../../core/cloud-sync.ts";
import { BatchError } from "../../core/errors.ts";
import type { CloudSync } from "../../ports/cloud-sync.ts";
import type { Purpose } from "./call.ts";
import { readField, readText } from "./decode-json.ts";
import { PauseTooLong } from "./governor.ts";
import type { GraphCalls, WriteAct } from "./graph-calls.ts";
import { explainReadFailure, refuseReply } from "./graph-error.ts";
import type { GraphReply } from "./graph-reply.ts";
import { readPages } from "./read-pages.ts";
import { TransportFailure } from "./transport-failure.ts";

/** The application template of Cloud Sync, the same in every tenant and cloud. */
const TEMPLATE = "1a4721b3-e57f-4451-ae87-ef078703ec94";
/** The job that brings users and groups; another one brings password hashes. */
const JOB_TEMPLATE = "AD2AADProvisioning";

const FIND: Purpose = { doing: "find Cloud Sync", permission: "Application.Read.All" };
const READ: Purpose = { doing: "read the jobs of Cloud Sync", permission: "Synchronization.Read.All" };
const START: Purpose = { doing: "start a Cloud Sync job", permission: "Synchronization.ReadWrite.All" };
const PROVISION: Purpose = { doing: "provision users on demand", permission: "Synchronization.ReadWrite.All" };

export function openCloudSync(calls: GraphCalls): CloudSync {
  return {
    listJobs: (signal) => listJobs(calls, signal),
    async startJob(job, signal) {
      const reply = await post(calls, { path: `${jobPath(job)}/start`, body: null }, START, signal);
      if (reply.status !== 204) throw refuseReply(reply, START);
    },
    readRule: (job, signal) => readRule(calls, job, signal),
    async provision(job, ruleId, dn, signal) {
      const subjects = [{ objectId: dn, objectTypeName: "user" }];
      const body = { parameters: [{ ruleId, subjects }] };
      const reply = await post(calls, { path: `${jobPath(job)}/provisionOnDemand`, body }, PROVISION, signal);
      if (reply.status !== 200) throw refuseReply(reply, PROVISION);
      return readProvisionAnswer(reply.json);
    },
  };
}

async function listJobs(calls: GraphCalls, signal: AbortSignal): Promise<SyncJob[]> {
  const filter = encodeURIComponent(`applicationTemplateId eq '${TEMPLATE}'`);
  const principals: { readonly id: string; readonly name: string }[] = [];
  const path = `/servicePrincipals?$filter=${filter}&$select=id,displayName`;
  for await (const page of readPages(calls, path, FIND, signal)) {
    for (const entry of page) {
      const id = readText(entry, "id");
      if (id !== null) principals.push({ id, name: readText(entry, "displayName") ?? id });
    }
  }
  const jobs: SyncJob[] = [];
  for (const { id, name } of principals) {
    const jobsPath = `/servicePrincipals/${encodeURIComponent(id)}/synchronization/jobs`;
    for await (const page of readPages(calls, jobsPath, READ, signal))
      jobs.push(...page.flatMap((entry) => decodeJob(entry, { servicePrincipalId: id, name })));
  }
  return jobs;
}

function decodeJob(json: unknown, owner: Pick<SyncJob, "servicePrincipalId" | "name">): SyncJob[] {
  const id = readText(json, "id");
  if (id === null || readText(json, "templateId") !== JOB_TEMPLATE) return [];
  const status = readField(json, "status");
  const quarantine = readField(status, "quarantine");
  const reason = readText(quarantine, "reason");
  const message = readText(readField(quarantine, "error"), "message");
  const quarantineReason = [reason, message].filter((text) => text !== null && text !== "").join(": ");
  return [
    {
      id,
      ...owner,
      code: readText(status, "code") ?? "unknown",
      quarantineReason: quarantineReason === "" ? null : quarantineReason,
    },
  ];
}

async function readRule(calls: GraphCalls, job: SyncJob, signal: AbortSignal): Promise<string> {
  const reply = await calls.read({ ...READ, path: `${jobPath(job)}/schema`, signal });
  const rules = readField(reply.json, "synchronizationRules");
  const listed: unknown[] = Array.isArray(rules) ? rules : [];
  const id = readText(listed.find((rule) => mapsUsers(rule)) ?? listed[0], "id");
  if (id !== null) return id;
  throw new BatchError(
    "tenant",
    `The schema of the Cloud Sync job ${job.id} names no rule, so nobody can be provisioned on demand.`,
    "Wait for its next cycle: it comes within two minutes.",
  );
}

function mapsUsers(rule: unknown): boolean {
  const mappings = readField(rule, "objectMappings");
  return Array.isArray(mappings) && mappings.some((one) => readText(one, "sourceObjectName")?.toLowerCase() === "user");
}

function jobPath({ servicePrincipalId, id }: SyncJob): string {
  return `/servicePrincipals/${encodeURIComponent(servicePrincipalId)}/synchronization/jobs/${encodeURIComponent(id)}`;
}

/** One POST; whether it was done is decided by whoever asked. */
async function post(
  calls: GraphCalls,
  act: Pick<WriteAct, "path" | "body">,
  purpose: Purpose,
  signal: AbortSignal,
): Promise<GraphReply> {
  const request = { method: "POST", version: "v1.0", giveUp: undefined, freshForMs: undefined, signal } as const;
  try {
    return await calls.write({ ...act, ...request, clientRequestId: calls.chance.uuid() });
  } catch (error) {
    const foreseen = error instanceof TransportFailure || error instanceof PauseTooLong || signal.aborted;
    throw foreseen ? explainReadFailure(error, purpose, signal) : error;
  }
}

/** `key` and `value` are texts of JSON; the result stands in the first. */
function readProvisionAnswer(json: unknown): ProvisionAnswer {
  const told = parseJson(readText(json, "key")) ?? parseJson(readText(json, "value"));
  const details = readField(told, "details");
  const result = (readText(told, "result") ?? "").toLowerCase();
  return {
    result: result === "success" || result === "skipped" ? result : "failure",
    code: readText(details, "errorCode"),
    message: readText(details, "errorMessage") ?? (result === "" ? "Graph did not say how it ended" : null),
  };
}

function parseJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
