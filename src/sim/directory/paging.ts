/**
 * Simple paged results (RFC 2696) as AD keeps them: cookies belong to one connection, at most ten of them, the
 * oldest discarded; a cookie is good once and only with the search it came from.
 *
 * Source: LDAP policies MaxPageSize and MaxResultSetsPerConn.
 */
import { expectTag, MalformedMessageError, readElements, readInteger, TAG, writeElement, writeInteger } from "./ber.ts";
import { describeFilter } from "./describe-filter.ts";
import { CONTROL, type Control, type SearchRequest } from "./ldap-message.ts";
import type { StoredEntry } from "./stored-entry.ts";

export const MAX_PAGE_SIZE = 1000;
const MAX_RESULT_SETS = 10;

/** `null` if the octets are no paging control value. */
export function readPaging(value: Buffer | null): { pageSize: number; cookie: Buffer } | null {
  try {
    const [size, cookie] = readElements(expectTag(readElements(value ?? Buffer.alloc(0))[0], TAG.sequence));
    const pageSize = readInteger(expectTag(size, TAG.integer));
    return pageSize < 0 ? null : { pageSize, cookie: expectTag(cookie, TAG.octetString) };
  } catch (error) {
    if (error instanceof MalformedMessageError) return null;
    throw error;
  }
}

/** The answer's control; an empty cookie says that this was the last page. AD gives no estimate of the total. */
export function writePaging(cookie: string): Control {
  const value = writeElement(TAG.sequence, writeInteger(0), writeElement(TAG.octetString, Buffer.from(cookie)));
  return { oid: CONTROL.pagedResults, critical: false, value };
}

/** The unfinished paged searches of one connection. */
export class ResultSets {
  readonly #waiting = new Map<string, { search: string; rest: readonly StoredEntry[] }>();
  #next = 1;

  /** Keeps what is left and returns the cookie for it. */
  keep(request: SearchRequest, rest: readonly StoredEntry[]): string {
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined && this.#waiting.size >= MAX_RESULT_SETS) this.#waiting.delete(oldest);
    const cookie = `result-set-${this.#next++}`;
    this.#waiting.set(cookie, { search: fingerprint(request), rest });
    return cookie;
  }

  /** What is left of the search that the cookie belongs to; `null` if it is unknown, used, or of another search. */
  take(request: SearchRequest, cookie: Buffer): readonly StoredEntry[] | null {
    const key = cookie.toString();
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    return waiting?.search === fingerprint(request) ? waiting.rest : null;
  }
}

function fingerprint({ base, scope, filter, attributes }: SearchRequest): string {
  return JSON.stringify([base.toLowerCase(), scope, describeFilter(filter), attributes]);
}
