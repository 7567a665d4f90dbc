/**
 * PATCH of a user: everything it refuses, in a fixed order, and then the one change.
 *
 * Source: "Update user" and, for texts, `errors.ts`; checked 2026-11. Unverified choices: the order of the checks;
 * a first anchor (null to value) on a federated user is accepted, a change or removal is not; a synced user refuses
 * every property but usageLocation; anchors may have any length and any character but `$`, `_` and space.
 *
 * A user may hold an anchor that no PATCH can set: "", or one with `$` or `_` in it, which only sync could write (its
 * anchor may be any text, not only base64). Graph documents that it refuses `$` and `_` ("Update user") and an old
 * announcement names the space; that it refuses "" is reported (msgraph-sdk-powershell #2514). So writing such an old
 * value back is refused here too: the program must say that it cannot be restored, and not find a lenient tenant.
 */
import { GraphRefusal, REFUSALS, refuse } from "./errors.ts";
import type { GraphAnswer, GraphRequest } from "./graph-exchange.ts";
import { may, requirePermission } from "./permissions.ts";
import { actsWithOwnRoles, mayChangeSensitive } from "./role-protection.ts";
import type { Simulation } from "./simulation.ts";
import type { UserChanges } from "./store.ts";
import { findUserProperty, type UserProperty } from "./user-properties.ts";
import type { SimulatedUser } from "./world.ts";

/** The sensitive properties of a role holder that the simulation knows ("Privileged roles and permissions"). */
const SENSITIVE: ReadonlySet<string> = new Set([
  "accountEnabled",
  "businessPhones",
  "mobilePhone",
  "onPremisesImmutableId",
  "otherMails",
  "passwordProfile",
  "userPrincipalName",
]);

export function updateUser(simulation: Simulation, request: GraphRequest, key: string): GraphAnswer {
  const body = readJsonObject(request);
  const names = Object.keys(body).filter((name) => !name.startsWith("@odata."));
  const onlyObjectIdentifier = names.length === 1 && names[0] === "onPremisesObjectIdentifier";
  if (!(onlyObjectIdentifier && may(request.caller, "clearObjectIdentifier"))) {
    requirePermission(request.caller, "updateUsers");
  }
  const changes = new Map(names.map((name) => readChange(name, body[name], request)));
  if (changes.size === 0) return refuse(REFUSALS.emptyBody());

  const user = simulation.store.findUser(key) ?? refuse(REFUSALS.userNotFound(key));
  refuseProtected(simulation, request, user, changes);
  refuseSynced(simulation, user, changes);
  refuseName(simulation, user, changes.get("userPrincipalName"));
  if (changes.has("onPremisesImmutableId")) refuseAnchor(simulation, user, changes.get("onPremisesImmutableId"));

  const applied: UserChanges = Object.fromEntries(changes);
  simulation.store.changeUser(user.id, applied, "graph");
  return { status: 204, applied: true };
}

/** @throws {GraphRefusal} 415 unless the content type is JSON, 400 unless the body is a JSON object. */
export function readJsonObject(request: { headers: GraphRequest["headers"]; body: string | null }): {
  readonly [name: string]: unknown;
} {
  const contentType = request.headers["content-type"] ?? "";
  if (!/^application\/([a-z.]+\+)?json\b/i.test(contentType)) return refuse(REFUSALS.contentType(contentType));
  const parsed = parseJson(request.body ?? "");
  return isJsonObject(parsed) ? parsed : refuse(REFUSALS.bodyNotJson());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isJsonObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readChange(name: string, value: unknown, request: GraphRequest): [string, unknown] {
  const found = findUserProperty(name, request.version);
  // The body is read by exact name, unlike the query.
  if (found === null || found.name !== name) return refuse(REFUSALS.unknownBodyProperty(name));
  const { traits } = found;
  if (traits.writable === "never" || (traits.writable === "beta" && request.version !== "beta")) {
    return refuse(REFUSALS.readOnlyProperty(name));
  }
  if (!fitsKind(value, traits.kind)) return refuse(REFUSALS.invalidValue(name));
  if (name === "onPremisesObjectIdentifier") {
    // Documented: null only, with a permission and a directory role of its own.
    if (value !== null) return refuse(REFUSALS.invalidValue(name));
    requirePermission(request.caller, "clearObjectIdentifier");
    const { directoryRoles } = request.caller;
    if (!directoryRoles.has("Global Administrator") && !directoryRoles.has("Hybrid Identity Administrator")) {
      return refuse(REFUSALS.insufficientPrivileges());
    }
  }
  return [name, value];
}

function fitsKind(value: unknown, kind: UserProperty["kind"]): boolean {
  if (kind === "flag") return typeof value === "boolean";
  if (kind === "texts") return Array.isArray(value) && value.every((entry) => typeof entry === "string");
  return value === null || (kind === "text" && typeof value === "string");
}

function refuseProtected(
  simulation: Simulation,
  request: GraphRequest,
  user: SimulatedUser,
  changes: ReadonlyMap<string, unknown>,
): void {
  if (!Array.from(changes.keys()).some((name) => SENSITIVE.has(name))) return;
  if (mayChangeSensitive(simulation, request.caller, user.id) && actsOn(simulation, request, user)) return;
  refuse(REFUSALS.insufficientPrivileges());
}

/** A delegated caller without Directory.AccessAsUser.All acts only on users without any role. */
function actsOn(simulation: Simulation, request: GraphRequest, user: SimulatedUser): boolean {
  if (actsWithOwnRoles(request.caller)) return true;
  return mayChangeSensitive(simulation, { ...request.caller, directoryRoles: new Set() }, user.id);
}

function refuseSynced(simulation: Simulation, user: SimulatedUser, changes: ReadonlyMap<string, unknown>): void {
  const mastered = Array.from(changes.keys()).filter(
    (name) => name !== "usageLocation" && name !== "onPremisesObjectIdentifier",
  );
  if (user.onPremisesSyncEnabled === true && mastered.length > 0) refuse(REFUSALS.syncedUser());
  const anchorChanges = changes.has("onPremisesImmutableId");
  if (user.onPremisesSyncEnabled === false && anchorChanges && !simulation.rules.formerlySyncedWritable) {
    refuse(REFUSALS.syncedUser());
  }
}

function refuseName(simulation: Simulation, user: SimulatedUser, name: unknown): void {
  if (name === undefined) return;
  if (typeof name !== "string" || !/^[^@\s]+@[^@\s]+$/.test(name)) {
    throw new GraphRefusal(REFUSALS.invalidValue("userPrincipalName"));
  }
  const domain = simulation.store.world.domains.find(({ id }) => id.toLowerCase() === domainOf(name));
  if (domain === undefined || !domain.isVerified) refuse(REFUSALS.unverifiedDomain());
  const holder = simulation.store.findUser(name);
  if (holder !== null && holder.id !== user.id) refuse(REFUSALS.valueTaken("userPrincipalName", holder.id));
}

function refuseAnchor(simulation: Simulation, user: SimulatedUser, value: unknown): void {
  const { store, rules } = simulation;
  if (
    value === "" ||
    (typeof value === "string" && /[$_ ]/.test(value)) ||
    (value === null && !rules.acceptsNullAnchor)
  ) {
    refuse(REFUSALS.invalidValue("onPremisesImmutableId"));
  }
  if (value === user.onPremisesImmutableId) return;
  if (user.onPremisesImmutableId !== null && isFederated(simulation, user.userPrincipalName)) {
    refuse(REFUSALS.federatedAnchor());
  }
  if (typeof value !== "string") return;
  const [holder] = store
    .findHolders(value, { deletedToo: rules.deletedHoldersBlock })
    .filter((holderId) => holderId !== user.id);
  if (holder !== undefined) refuse(REFUSALS.valueTaken("onPremisesImmutableId", holder));
}

function isFederated(simulation: Simulation, upn: string): boolean {
  const domain = simulation.store.world.domains.find(({ id }) => id.toLowerCase() === domainOf(upn));
  return domain?.authenticationType === "Federated";
}

function domainOf(upn: string): string {
  return upn.slice(upn.lastIndexOf("@") + 1).toLowerCase();
}
