/**
 * Active Directory as one side that is written to, whatever number of domains it has.
 *
 * A change names its account by objectGUID alone, which is unique in the world: the domain that knows it is the one that
 * is written, always through the one domain controller that the run reads from.
 */
import { BatchError, describeError } from "../core/errors.ts";
import type { Guid } from "../core/guid.ts";
import type { Tenant } from "../ports/tenant.ts";
import type { HeldValue, WritableSide, WriteAnswer } from "../ports/writable-side.ts";
import type { IdentifiedSources } from "./identify-directories.ts";
import type { SidesToWrite } from "./writer-run.ts";

/** Both sides as the writer writes to them; the domains only where they have been asked who they are. */
export function connectSides(tenant: Tenant, sources: IdentifiedSources | null): SidesToWrite {
  const domains = sources?.directories.flatMap(({ directory }) => directory.side ?? []) ?? [];
  return domains.length === 0 ? { cloud: tenant } : { cloud: tenant, ad: joinDomains(domains) };
}

/** @param sides Those of the live domains; at least one. */
export function joinDomains(sides: readonly WritableSide[]): WritableSide {
  return new AdSide(sides);
}

class AdSide implements WritableSide {
  readonly #sides: readonly WritableSide[];
  readonly #sideOf = new Map<Guid, WritableSide>();

  constructor(sides: readonly WritableSide[]) {
    this.#sides = sides;
  }

  async readValue(...asked: Parameters<WritableSide["readValue"]>): Promise<HeldValue | null> {
    const [objectId] = asked;
    const known = this.#sideOf.get(objectId);
    const others = this.#sides.filter((side) => side !== known);
    for (const side of known === undefined ? others : [known, ...others]) {
      const held = await side.readValue(...asked);
      if (held === null) continue;
      this.#sideOf.set(objectId, side);
      return held;
    }
    return null;
  }

  async readWhole(objectId: Guid, signal: AbortSignal): Promise<unknown> {
    const side = await this.#find(objectId, signal);
    if (side === null) {
      throw new BatchError("directory", `No configured domain has the account ${objectId}.`, "Plan again.");
    }
    return await side.readWhole(objectId, signal);
  }

  async writeValue(...asked: Parameters<WritableSide["writeValue"]>): Promise<WriteAnswer> {
    const [{ objectId }, , signal] = asked;
    let side: WritableSide | null;
    try {
      side = await this.#find(objectId, signal);
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      return nothingSent("not-sent", describeError(error));
    }
    if (side === null) return nothingSent("changed-meanwhile", "no configured domain has the account any more");
    return await side.writeValue(...asked);
  }

  async #find(objectId: Guid, signal: AbortSignal): Promise<WritableSide | null> {
    if (!this.#sideOf.has(objectId)) await this.readValue(objectId, signal, { facet: "source-anchor" });
    return this.#sideOf.get(objectId) ?? null;
  }
}

function nothingSent(meaning: WriteAnswer["meaning"], message: string): WriteAnswer {
  return { meaning, message, httpStatus: null, errorCode: null, requestId: null, conflict: null };
}
