/**
 * One page of a list, and the link to the next.
 *
 * The link is absolute and carries every option of the first request, with an opaque $skiptoken. The token is a
 * place in an order that only grows, so users deleted or restored between two pages neither hide nor repeat others.
 *
 * Source: "Paging Microsoft Graph data in your app" and "List users" (default 100, at most 999),
 * learn.microsoft.com/graph, checked 2026-11.
 */
import { REFUSALS, refuse } from "./errors.ts";
import type { GraphAnswer, GraphRequest, JsonObject } from "./graph-exchange.ts";
import type { QueryOptions } from "./parse-query.ts";

const DEFAULT_PAGE_SIZE = 100;

export interface ListedObject<Value> {
  readonly position: number;
  readonly value: Value;
}

export function answerPage<Value>(
  request: GraphRequest,
  query: QueryOptions,
  list: {
    /** Fragment of @odata.context after "$metadata#". */
    readonly contextFragment: string;
    from(position: number): Iterable<ListedObject<Value>>;
    matches(value: Value): boolean;
    project(value: Value): JsonObject;
    /** True to count all matches into @odata.count. */
    readonly counted: boolean;
  },
): GraphAnswer {
  const pageSize = query.top ?? DEFAULT_PAGE_SIZE;
  const start = query.skipToken === null ? 0 : readSkipToken(query.skipToken);
  const page: JsonObject[] = [];
  let nextPosition: number | null = null;
  for (const { position, value } of list.from(start)) {
    if (!list.matches(value)) continue;
    if (page.length === pageSize) {
      nextPosition = position;
      break;
    }
    page.push(list.project(value));
  }
  const body: JsonObject = {
    "@odata.context": `${request.origin}/${request.version}/$metadata#${list.contextFragment}`,
    ...(list.counted ? { "@odata.count": countMatches(list) } : {}),
    ...(nextPosition === null ? {} : { "@odata.nextLink": nextLink(request, nextPosition) }),
    value: page,
  };
  return { status: 200, body, pageUsers: page.length };
}

function countMatches<Value>(list: {
  from(position: number): Iterable<ListedObject<Value>>;
  matches(value: Value): boolean;
}): number {
  let count = 0;
  for (const { value } of list.from(0)) if (list.matches(value)) count += 1;
  return count;
}

function nextLink(request: GraphRequest, position: number): string {
  const path = request.target.split("?", 1)[0] ?? "";
  const kept = request.rawQuery.split("&").filter((part) => part !== "" && !/^(\$|%24)skiptoken=/i.test(part));
  return `${request.origin}/${request.version}${path}?${[...kept, `$skiptoken=${writeSkipToken(position)}`].join("&")}`;
}

function writeSkipToken(position: number): string {
  return Buffer.from(`page:${position}`).toString("base64url");
}

function readSkipToken(token: string): number {
  const position = /^page:(\d{1,12})$/.exec(Buffer.from(token, "base64url").toString("latin1"))?.[1];
  return position === undefined ? refuse(REFUSALS.pageTokenExpired()) : Number(position);
}
