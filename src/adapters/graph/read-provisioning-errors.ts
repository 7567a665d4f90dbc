/**
 * What Entra could not provision of named users, asked for by id: a filter by category would find only the categories
 * that are known today.
 *
 * Source: https://learn.microsoft.com/graph/api/resources/onpremisesprovisioningerror and /graph/known-issues (15 values
 * of `in`) (checked 2026-11)
 */
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { ProvisioningError } from "../../core/provisioning-error.ts";
import { readField, readText } from "./decode-json.ts";
import type { GraphCalls } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import { userLookUpPaths } from "./query.ts";
import { readInBatches } from "./read-batch.ts";
import { decodePage, readPages } from "./read-pages.ts";

const PURPOSE = { doing: "read the provisioning errors of users", permission: "User.Read.All" };

/** @throws {BatchError} tenant: an answer cannot be had whole or read. interrupted. */
export async function readProvisioningErrors(
  calls: GraphCalls,
  ids: readonly Guid[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Guid, readonly ProvisioningError[]>> {
  const errors = new Map<Guid, readonly ProvisioningError[]>();
  if (ids.length === 0) return errors;
  const paths = userLookUpPaths(ids, "$select=id,onPremisesProvisioningErrors");
  for (const reply of await readInBatches(calls, paths, { purpose: PURPOSE }, signal)) {
    const page = reply.status === 200 ? decodePage(reply.json, calls.baseAddressOf("v1.0"), PURPOSE) : null;
    if (page === null) throw refuseReply(reply, PURPOSE);
    for (const entry of page.entries) collect(entry, errors);
    if (page.next === null) continue;
    for await (const more of readPages(calls, page.next, PURPOSE, signal))
      for (const entry of more) collect(entry, errors);
  }
  return errors;
}

function collect(entry: unknown, errors: Map<Guid, readonly ProvisioningError[]>): void {
  const id = parseGuid(readText(entry, "id") ?? "");
  const listed = readField(entry, "onPremisesProvisioningErrors");
  if (id === null || !Array.isArray(listed) || listed.length === 0) return;
  errors.set(id, listed.map(decodeError));
}

function decodeError(json: unknown): ProvisioningError {
  return {
    category: readText(json, "category") ?? "an error without a category",
    occurredAt: readText(json, "occurredDateTime"),
    property: readText(json, "propertyCausingError"),
    value: readText(json, "value"),
  };
}
