import { expect, test } from "vitest";
import type { SearchRequest } from "../../../src/sim/directory/ldap-message.ts";
import { ResultSets } from "../../../src/sim/directory/paging.ts";
import { BASE } from "./domain-fixture.ts";

function search(attribute: string): SearchRequest {
  const filter = { kind: "present", attribute } as const;
  return { kind: "search", base: BASE, scope: "sub", sizeLimit: 0, typesOnly: false, filter, attributes: ["cn"] };
}

test("a page cookie is good once, and only for the search it came from", () => {
  const sets = new ResultSets();
  const own = Buffer.from(sets.keep(search("cn"), []));
  expect(sets.take(search("cn"), own)).toEqual([]);
  expect(sets.take(search("cn"), own)).toBeNull();
  const foreign = Buffer.from(sets.keep(search("cn"), []));
  expect(sets.take(search("mail"), foreign)).toBeNull();
});

test("a connection keeps ten unfinished searches and drops the oldest for the eleventh", () => {
  const sets = new ResultSets();
  const cookies = Array.from({ length: 11 }, () => Buffer.from(sets.keep(search("cn"), [])));
  expect(cookies.map((cookie) => sets.take(search("cn"), cookie) !== null)).toEqual([false, ...Array(10).fill(true)]);
});
