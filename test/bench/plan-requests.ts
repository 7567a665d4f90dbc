/**
 * Sorts the HTTP requests of a plan: those that read users and the recycle bin, and the rest by what they are for.
 *
 * A `$batch` counts once, by its first request.
 */

const USERS: ReadonlySet<string> = new Set([
  "v1.0 GET /users",
  "v1.0 GET /users/$count",
  "v1.0 $batch of GET /users",
  "v1.0 GET /directory/deletedItems/microsoft.graph.user",
]);

export type CountedRequests = {
  readonly users: number;
  readonly others: readonly { readonly what: string; readonly count: number }[];
};

export function countRequests(exchanges: Readonly<Record<string, number>>): CountedRequests {
  const all = Object.entries(exchanges);
  const users = all.filter(([exchange]) => USERS.has(exchange)).reduce((sum, [, count]) => sum + count, 0);
  const others = all.filter(([exchange]) => !USERS.has(exchange)).map(([what, count]) => ({ what, count }));
  return { users, others };
}
