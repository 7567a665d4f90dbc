/**
 * One domain of Active Directory, to write to: mS-DS-ConsistencyGuid of an account, read and set through the one domain
 * controller that everything else was read from.
 *
 * The write is a compare-and-set that the domain controller itself makes: one modification deletes exactly the old value
 * and adds the new one, or adds one where none may be. It is done whole or not at all, so whatever somebody else has
 * written since the read is refused and never overwritten. Accounts are named by objectGUID, which no rename or move
 * changes.
 *
 * Source: RFC 4511 4.6 (Modify) and appendix A (result codes), MS-ADTS 3.1.1.3.1.2.4 (`<GUID=...>`) and 3.1.1.5.3
 * (Modify), MS-ADA2 (mS-DS-ConsistencyGuid: single-valued octets); tried on Samba 4.17, checked 2026-11.
 */
import { Attribute, Change } from "ldapts";
import { consistencyValueOf, nameOfAccount } from "../../core/ad-facts.ts";
import { facetOf } from "../../core/change.ts";
import { BatchError, describeError } from "../../core/errors.ts";
import type { Guid } from "../../core/guid.ts";
import type { HeldValue, WritableSide, WriteAnswer } from "../../ports/writable-side.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { ANCHOR_ATTRIBUTE, ANCHOR_ATTRIBUTES, decodeAnchorHolder, saveEntry } from "./entry.ts";
import { filterBySourceValues } from "./filter.ts";
import { LdapTrouble } from "./ldap-error.ts";
import { meaningOfResult } from "./modify-meaning.ts";

/** What the directory has said of itself. */
export type FoundDomain = { readonly domain: string; readonly domainDn: string; readonly server: string };

const LONGEST_MESSAGE = 500;

export class LdapSide implements WritableSide {
  readonly #pool: ConnectionPool;
  readonly #monotonicMs: () => number;
  readonly #findDomain: (signal: AbortSignal) => Promise<FoundDomain>;

  constructor(
    pool: ConnectionPool,
    world: {
      readonly monotonicMs: () => number;
      readonly findDomain: (signal: AbortSignal) => Promise<FoundDomain>;
    },
  ) {
    this.#pool = pool;
    this.#monotonicMs = world.monotonicMs;
    this.#findDomain = world.findDomain;
  }

  async readValue(objectId: Guid, signal: AbortSignal): Promise<HeldValue | null> {
    const entry = await this.#readEntry(objectId, ANCHOR_ATTRIBUTES, signal);
    if (entry === null) return null;
    const { domain } = await this.#findDomain(signal);
    const holder = decodeAnchorHolder(entry, domain);
    // Sync reads the attribute and writes to the cloud user: the account stays the directory's own.
    return { objectId, name: nameOfAccount(holder), value: consistencyValueOf(holder), synced: false };
  }

  async readWhole(objectId: Guid, signal: AbortSignal): Promise<unknown> {
    const entry = await this.#readEntry(objectId, ["*"], signal);
    if (entry !== null) return saveEntry(entry);
    const { domain } = await this.#findDomain(signal);
    throw new BatchError("directory", `Directory ${domain} has no account ${objectId}.`, "Plan again.");
  }

  async writeValue(
    { objectId, before = null, after, kind, freshForMs, giveUp }: Parameters<WritableSide["writeValue"]>[0],
    _clientRequestId: string,
    signal: AbortSignal,
  ): Promise<WriteAnswer> {
    if (kind !== undefined && facetOf(kind) !== "source-anchor")
      throw new RangeError(`${kind} writes to the tenant, and this is a domain`);
    const { server } = await this.#findDomain(signal);
    const begunMs = this.#monotonicMs();
    let sent = false;
    const begin = () => {
      const isOld = freshForMs !== undefined && this.#monotonicMs() - begunMs > freshForMs;
      sent = !isOld && giveUp?.aborted !== true && !signal.aborted;
      return sent;
    };
    try {
      const result = await this.#pool.modify(`<GUID=${objectId}>`, compareAndSet(before, after), { signal, begin });
      if (result === null) return answerOf("too-late", "its turn came too late, or was given up");
      const { meaning, message } = meaningOfResult(result);
      const errorCode = result.code === 0 ? null : `ldap-${result.code}`;
      return { ...answerOf(meaning, message), errorCode, requestId: server };
    } catch (error) {
      if (!(error instanceof LdapTrouble) && !(error instanceof BatchError)) throw error;
      const told = error instanceof LdapTrouble ? error.explained : error;
      return answerOf(sent ? "undecided" : "not-sent", describeError(told));
    }
  }

  /** @returns `null` when the domain has no such account. */
  async #readEntry(objectId: Guid, attributes: readonly string[], signal: AbortSignal) {
    const { domainDn: baseDn } = await this.#findDomain(signal);
    const filter = filterBySourceValues("objectGUID", [objectId]);
    const [entry] = await this.#pool.search({ baseDn, scope: "sub", filter, attributes }, signal);
    return entry ?? null;
  }
}

/** The order matters: the attribute has one value, and the old one must be gone before the new one comes. */
function compareAndSet(before: string | null, after: string | null): Change[] {
  return [
    ...(before === null ? [] : [changeOf("delete", before)]),
    ...(after === null ? [] : [changeOf("add", after)]),
  ];
}

function changeOf(operation: "add" | "delete", base64: string): Change {
  const values = [Buffer.from(base64, "base64")];
  return new Change({ operation, modification: new Attribute({ type: ANCHOR_ATTRIBUTE, values }) });
}

function answerOf(meaning: WriteAnswer["meaning"], message: string | null): WriteAnswer {
  const short = message?.slice(0, LONGEST_MESSAGE) ?? null;
  return { meaning, httpStatus: null, errorCode: null, message: short, requestId: null, conflict: null };
}
