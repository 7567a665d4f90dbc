/**
 * Which HTTP request each kind of change is, and how Graph says that it was done.
 *
 * Source: https://learn.microsoft.com/graph/api/user-update, user-delete, directory-deleteditems-delete and
 * directory-deleteditems-restore; the identifier: learn.microsoft.com/entra, how-to-connect-install-existing-tenant
 * (checked 2026-11)
 */
import type { Change, ChangeKind } from "../../core/change.ts";
import { BatchError } from "../../core/errors.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import type { Tenant } from "../../ports/tenant.ts";
import type { WriteAnswer } from "../../ports/writable-side.ts";
import { readText } from "./decode-json.ts";
import { PauseTooLong, TurnTooLate } from "./governor.ts";
import type { GraphCalls, WriteAct } from "./graph-calls.ts";
import type { GraphReply } from "./graph-reply.ts";
import { deletedUserPath, userPath } from "./query.ts";
import { TransportFailure } from "./transport-failure.ts";
import { readWriteAnswer, readWriteFailure } from "./write-answer.ts";

/** @returns and throws as `WritableSide.writeValue`. */
export async function writeUser(
  calls: GraphCalls,
  {
    objectId,
    after,
    kind = after === null ? "clear" : "replace",
    freshForMs,
    giveUp,
  }: Parameters<Tenant["writeValue"]>[0],
  clientRequestId: string,
  signal: AbortSignal,
): Promise<WriteAnswer> {
  try {
    const act = actOf(kind, { objectId, after });
    const reply = await calls.write({ ...act, clientRequestId, signal, giveUp, freshForMs });
    return readWriteAnswer(reply, (answer) => isDone(answer, kind, objectId));
  } catch (error) {
    const foreseen = [TransportFailure, PauseTooLong, TurnTooLate, BatchError].some(
      (thrown) => error instanceof thrown,
    );
    if (foreseen || signal.aborted) return readWriteFailure(error);
    throw error;
  }
}

function actOf(kind: ChangeKind, { objectId, after }: Pick<Change, "objectId" | "after">): WriteAct {
  switch (kind) {
    case "set":
    case "replace":
    case "clear":
      return patch("v1.0", objectId, { onPremisesImmutableId: after });
    case "set-consistency-guid":
    case "replace-consistency-guid":
    case "clear-consistency-guid":
      throw new RangeError(`${kind} writes an AD account, and this is the tenant`);
    case "clear-object-identifier":
      // null is the only value that is taken.
      return patch("beta", objectId, { onPremisesObjectIdentifier: null });
    case "delete":
      return { method: "DELETE", version: "v1.0", path: userPath(objectId), body: null };
    case "purge":
      return { method: "DELETE", version: "v1.0", path: deletedUserPath(objectId), body: null };
    case "restore":
      return { method: "POST", version: "v1.0", path: `${deletedUserPath(objectId)}/restore`, body: {} };
  }
}

function patch(version: WriteAct["version"], id: Guid, body: object): WriteAct {
  return { method: "PATCH", version, path: userPath(id), body };
}

/** A restore answers with the user that is back; everything else with nothing. */
function isDone(reply: GraphReply, kind: ChangeKind, objectId: Guid): boolean {
  if (kind !== "restore") return reply.status === 204;
  return reply.status === 200 && parseGuid(readText(reply.json, "id") ?? "") === objectId;
}
