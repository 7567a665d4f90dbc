/**
 * Fresh reads of one user: what it holds, whether it is there, everything.
 *
 * A proxy has pages that are "not found" too, so only Graph's own word says that a user is gone.
 */

import type { Facet } from "../../core/change.ts";
import { BatchError } from "../../core/errors.ts";
import type { Guid } from "../../core/guid.ts";
import type { HeldValue } from "../../ports/writable-side.ts";
import type { Purpose } from "./call.ts";
import { decodeDeletedUser, decodeHeldIdentifier, decodeHeldValue, decodeHolder, decodeUser } from "./decode-user.ts";
import type { GraphCalls, GraphVersion, ReadRequest } from "./graph-calls.ts";
import { refuseReply } from "./graph-error.ts";
import { readErrorBody } from "./graph-reply.ts";
import {
  deletedHolderPath,
  holderPath,
  objectIdentifierPath,
  valuePath,
  wholeDeletedUserPath,
  wholeUserPath,
} from "./query.ts";

/** When a read ends without an answer. */
type Ends = Pick<ReadRequest, "signal" | "giveUp">;

/** @returns and throws as `WritableSide.readValue`. */
export async function readValue(calls: GraphCalls, id: Guid, facet: Facet, ends: Ends): Promise<HeldValue | null> {
  if (facet === "existence") return readExistence(calls, id, ends);
  const asksBeta = facet === "object-identifier";
  const path = asksBeta ? objectIdentifierPath(id) : valuePath(id);
  const user = await readOne(calls, path, purposeFor(id), ends, asksBeta ? "beta" : "v1.0");
  if (user === undefined) return null;
  return asksBeta ? decodeHeldIdentifier(user, id) : decodeHeldValue(user, id);
}

async function readExistence(calls: GraphCalls, id: Guid, ends: Ends): Promise<HeldValue> {
  const live = await readOne(calls, holderPath(id), purposeFor(id), ends);
  if (live !== undefined) return { ...decodeHolder(live, id), value: "live" };
  const deleted = await readOne(calls, deletedHolderPath(id), purposeFor(id), ends);
  if (deleted !== undefined) return { ...decodeHolder(deleted, id), value: "deleted" };
  // Restored between the two reads, it was in neither place: only a third one tells that from gone for ever.
  const restored = await readOne(calls, holderPath(id), purposeFor(id), ends);
  if (restored !== undefined) return { ...decodeHolder(restored, id), value: "live" };
  return { objectId: id, name: "", value: "gone", synced: false };
}

/** @returns and throws as `WritableSide.readWhole`. */
export async function readWhole(calls: GraphCalls, id: Guid, signal: AbortSignal): Promise<unknown> {
  const live = await readOne(calls, wholeUserPath(id), purposeFor(id), { signal });
  if (live !== undefined) return checkWhole(live, decodeUser(live).id, id);
  const deleted = await readOne(calls, wholeDeletedUserPath(id), purposeFor(id), { signal });
  if (deleted !== undefined) return checkWhole(deleted, decodeDeletedUser(deleted).id, id);
  throw new BatchError(
    "tenant",
    `There is no user ${id} to save, neither live nor in the recycle bin`,
    "Make a new plan: somebody has removed the user since.",
  );
}

function checkWhole(user: unknown, id: Guid, asked: Guid): unknown {
  if (id === asked) return user;
  throw new BatchError(
    "tenant",
    `Graph sent user ${id} where ${asked} was asked for`,
    "Look for a proxy on the way, then run the same command again.",
  );
}

function purposeFor(id: Guid): Purpose {
  return { doing: `read user ${id}`, permission: "User.Read.All" };
}

/** @returns The body; `undefined` when Graph says that there is no such object. */
async function readOne(
  calls: GraphCalls,
  path: string,
  purpose: Purpose,
  ends: Ends,
  version: GraphVersion = "v1.0",
): Promise<unknown> {
  const reply = await calls.readAny({ ...purpose, path, version, ...ends });
  if (reply.status === 200 && reply.json !== undefined) return reply.json;
  if (reply.status === 404 && readErrorBody(reply.json)?.code === "Request_ResourceNotFound") return undefined;
  throw refuseReply(reply, purpose);
}
