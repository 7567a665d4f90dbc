import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Guid } from "../../../src/core/guid.ts";
import { type Division, UPN_INITIALS } from "../../../src/core/initials.ts";
import { startSimulatedTenant } from "../../../src/sim/tenant/server.ts";
import { describeTenant, describeUser } from "../../../src/sim/tenant/world.ts";
import { createJumpingClock } from "./jumping-clock.ts";
import { FACT_PERMISSIONS, openOn, USER_PERMISSIONS } from "./open-on.ts";
import {
  type Answer,
  graphError,
  guid,
  NEVER,
  openRawTenant,
  type SeenRequest,
  sendJson,
  TENANT_ID,
  userJson,
} from "./raw-server.ts";

const idOf = (number: number): Guid => guid(`0a000000-0000-4000-8000-${String(number).padStart(12, "0")}`);
const personOf = (name: string) => userJson(idOf(name.charCodeAt(0)), `${name}@contoso.example`);
/** Three parts for three people. */
const divide = (users: number): Division => ({ parts: ["abc", "def", "ghi"], users });

/** What a request asks for: the first initial of its part, or `whole`. */
function partOf({ url }: SeenRequest): string {
  const filter = new URL(url, "http://localhost").searchParams.get("$filter");
  return filter === null ? "whole" : (/^startswith\(userPrincipalName,'(.)'\)/.exec(filter)?.[1] ?? filter);
}

/** Lists a tenant that answers each part as it is told, and the whole with everybody. */
async function list(answers: Readonly<Record<string, Answer>>, users: number) {
  await using raw = await openRawTenant((response, request, count) =>
    answers[partOf(request)]?.(response, request, count),
  );
  const names: string[] = [];
  let error: unknown = null;
  try {
    for await (const page of raw.tenant.listUsers(NEVER, divide(users)))
      names.push(...page.map(({ userPrincipalName }) => userPrincipalName.replace("@contoso.example", "")));
  } catch (caught) {
    error = caught;
  }
  return { names: names.sort(), asked: raw.seen.map(partOf), error, notes: raw.notes };
}
const withPeople = (...names: readonly string[]): Answer => {
  return (response) => sendJson(response, 200, { value: names.map(personOf) });
};
const everybody = withPeople("ada", "dee", "gus");
const refused = (status: number, code: string): Answer => {
  return (response) => sendJson(response, status, graphError(code));
};
/** A part whose second page is answered so. */
const secondPage = (answer: Answer): Answer => {
  return (response, request, count) => {
    const next = `http://${request.headers.host}${request.url}&$skiptoken=second`;
    if (request.url.includes("$skiptoken")) answer(response, request, count);
    else sendJson(response, 200, { value: [personOf("ada")], "@odata.nextLink": next });
  };
};
const inParts = { a: withPeople("ada"), d: withPeople("dee"), g: withPeople("gus") };

describe("a listing in parts", () => {
  test("asks for all parts before one of them has answered", async () => {
    const waiting: (() => void)[] = [];
    const together = (name: string): Answer => {
      return (response) => {
        waiting.push(() => sendJson(response, 200, { value: [personOf(name)] }));
        if (waiting.length === 3) for (const answer of waiting) answer();
      };
    };
    const { names, asked } = await list({ a: together("ada"), d: together("dee"), g: together("gus") }, 3);
    expect(names).toEqual(["ada", "dee", "gus"]);
    expect(asked.sort()).toEqual(["a", "d", "g"]);
  });

  test("follows each part to its last page", async () => {
    const { names, asked } = await list({ ...inParts, a: secondPage(withPeople("ben")) }, 4);
    expect(names).toEqual(["ada", "ben", "dee", "gus"]);
    expect(asked.sort()).toEqual(["a", "a", "d", "g"]);
  });

  for (const { title, answers, users, expected } of [
    {
      title: "shows a user who is in two parts once",
      answers: { ...inParts, d: withPeople("dee", "ada") },
      users: 3,
      expected: { names: ["ada", "dee", "gus"], asked: ["a", "d", "g"] },
    },
    {
      title: "shows whoever came into being since the count",
      answers: { ...inParts, d: withPeople("dee", "eve") },
      users: 3,
      expected: { names: ["ada", "dee", "eve", "gus"], asked: ["a", "d", "g"] },
    },
    {
      title: "lists the whole for a user who was renamed from one part into another and is in none",
      answers: { ...inParts, g: withPeople(), whole: everybody },
      users: 3,
      expected: { names: ["ada", "dee", "gus"], asked: ["a", "d", "g", "whole"] },
    },
    {
      title: "does not take a user who is in two parts for one who is in none",
      answers: { ...inParts, d: withPeople("dee", "ada"), g: withPeople(), whole: everybody },
      users: 3,
      expected: { names: ["ada", "dee", "gus"], asked: ["a", "d", "g", "whole"] },
    },
    {
      title: "is content with the whole when more were counted than there are",
      answers: { ...inParts, whole: everybody },
      users: 9,
      expected: { names: ["ada", "dee", "gus"], asked: ["a", "d", "g", "whole"] },
    },
    {
      title: "lists the whole where Graph does not take the filter",
      answers: { ...inParts, g: refused(400, "Request_UnsupportedQuery"), whole: everybody },
      users: 3,
      expected: { names: ["ada", "dee", "gus"], asked: ["a", "d", "g", "whole"] },
    },
  ] as const)
    test(title, async () => {
      const { names, asked, error, notes } = await list(answers, users);
      expect(error).toBeNull();
      expect({ names, asked: asked.sort() }).toEqual(expected);
      // Nobody should wonder why the count stands still.
      expect(notes.length).toBe("whole" in answers ? 1 : 0);
    });

  test("says what the whole is refused for", async () => {
    const forbidden = refused(403, "Authorization_RequestDenied");
    const { names, error } = await list({ a: forbidden, d: forbidden, g: forbidden, whole: forbidden }, 3);
    expect(names).toEqual([]);
    expect(error).toMatchObject({ code: "tenant", hint: expect.stringMatching(/User\.Read\.All/) });
  });

  const reset: Answer = (response) => response.socket?.resetAndDestroy();
  const elsewhere: Answer = (response) =>
    sendJson(response, 200, { value: [], "@odata.nextLink": "https://eve.example/v1.0/users?$skiptoken=3" });
  for (const { title, answer, tries } of [
    { title: "is never answered", answer: reset, tries: 3 },
    { title: "takes too long", answer: refused(504, "GatewayTimeout"), tries: 3 },
    { title: "is refused", answer: refused(400, "Directory_ExpiredPageToken"), tries: 1 },
    { title: "leads to another host", answer: elsewhere, tries: 1 },
  ])
    for (const { page, part, pages } of [
      { page: "first page", part: answer, pages: 0 },
      { page: "second page", part: secondPage(answer), pages: 1 },
    ])
      test(`lists the whole, in which nobody is missing, where the ${page} of a part ${title}`, async () => {
        const { names, asked, error } = await list({ ...inParts, a: part, whole: everybody }, 3);
        expect(error).toBeNull();
        expect(names).toEqual(["ada", "dee", "gus"]);
        expect(asked.filter((each) => each === "a")).toHaveLength(pages + tries);
        expect(asked.filter((each) => each === "whole")).toHaveLength(1);
      });

  test("leaves the whole as much patience as a listing that never was in parts", async () => {
    let tries = 0;
    const late: Answer = (...exchange) => {
      tries += 1;
      (tries < 8 ? refused(502, "BadGateway") : everybody)(...exchange);
    };
    const slow = refused(504, "GatewayTimeout");
    const { names, error } = await list({ a: slow, d: slow, g: slow, whole: late }, 3);
    expect(error).toBeNull();
    expect(names).toEqual(["ada", "dee", "gus"]);
  });

  test("ends what other parts have under way before it lists the whole", async () => {
    const ends: Promise<unknown>[] = [];
    const underWay = secondPage((response) => ends.push(once(response, "close")));
    const refusedLate = secondPage(async (response) => {
      while (ends.length < 2) await new Promise((resolve) => setImmediate(resolve));
      sendJson(response, 400, graphError("Request_UnsupportedQuery"));
    });
    const whole: Answer = async (...exchange) => {
      await Promise.all(ends);
      everybody(...exchange);
    };
    const { names, asked } = await list({ a: refusedLate, d: underWay, g: underWay, whole }, 3);
    expect(names).toEqual(["ada", "dee", "gus"]);
    expect(asked.filter((each) => each === "d")).toHaveLength(2);
  });

  test("does not take who was created since the count for somebody who is in no part", async () => {
    const now = createJumpingClock().now().getTime();
    const bornAgo = (name: string, hours: number) => {
      return { ...personOf(name), createdDateTime: new Date(now - hours * 3_600_000).toISOString() };
    };
    const [dee, eve] = [bornAgo("dee", 1.01), bornAgo("eve", 0.99)];
    const answers = {
      ...inParts,
      d: ((response) => sendJson(response, 200, { value: [dee, eve] })) satisfies Answer,
      g: withPeople(),
      whole: ((response) =>
        sendJson(response, 200, { value: [personOf("ada"), dee, eve, personOf("gus")] })) satisfies Answer,
    };
    expect(await list(answers, 3)).toMatchObject({ names: ["ada", "dee", "eve", "gus"], error: null });
    // Those who have been there for longer are enough.
    expect((await list(answers, 2)).names).toEqual(["ada", "dee", "eve"]);
  });

  test("ends at once where it is stopped, and asks nothing more", async () => {
    const stop = new AbortController();
    const waits: Answer = (_response, _request, count) => {
      if (count === 3) stop.abort();
    };
    await using raw = await openRawTenant(waits);
    const pages = raw.tenant.listUsers(stop.signal, divide(3))[Symbol.asyncIterator]();
    await expect(pages.next()).rejects.toMatchObject({ code: "interrupted" });
    expect(raw.seen).toHaveLength(3);
  });
});

/** One user for each character with which a UPN may begin, and three more who begin in other ways. */
const people = [...UPN_INITIALS, "+", "é", "%"].map((initial, index) =>
  describeUser({
    id: idOf(1000 + index),
    userPrincipalName: `${index % 2 === 0 ? initial.toUpperCase() : initial}${index}@contoso.example`,
    onPremisesObjectIdentifier: index === 7 || index === 45 ? idOf(index) : null,
  }),
);
const parts = [UPN_INITIALS.slice(0, 15), UPN_INITIALS.slice(15, 30), UPN_INITIALS.slice(30)];

for (const { title, population, whole } of [
  { title: "every character of a UPN finds whoever begins with it", population: people.slice(0, 44), whole: 0 },
  { title: "whoever begins with none of them is found all the same", population: people, whole: 1 },
])
  test(`in a tenant as strict as Graph, ${title}`, async () => {
    const simulated = await startSimulatedTenant(describeTenant({ id: TENANT_ID, users: [...population] }));
    onTestFinished(() => simulated.close());
    const token = simulated.mintToken({ roles: [...USER_PERMISSIONS, ...FACT_PERMISSIONS] });
    const { tenant } = openOn(simulated, { token });
    const division = { parts, users: await tenant.countUsers(NEVER) };
    const found: string[] = [];
    for await (const page of tenant.listUsers(NEVER, division)) found.push(...page.map(({ id }) => id));
    expect(found.toSorted()).toEqual(population.map(({ id }) => id).toSorted());
    expect(simulated.ledger.exchangeCounts()["v1.0 GET /users"]).toBe(3 + whole);

    const ids = population.map(({ id }) => guid(id));
    const targets = {
      atMost: 601,
      users: division.users,
      division,
      groups: (async function* () {
        yield ids;
      })(),
    };
    const { objectIdentifiers } = await tenant.readTakeoverFacts(targets, NEVER);
    // Of who is in no part only those are asked for who are wanted.
    expect(simulated.ledger.exchangeCounts()["beta $batch of GET /users"] ?? 0).toBe(whole);
    const expected = population.flatMap(({ id, onPremisesObjectIdentifier: held }) =>
      held === null ? [] : [[id, held]],
    );
    expect([...(objectIdentifiers ?? [])].toSorted()).toEqual(expected.toSorted());
    expect(simulated.ledger.exchangeCounts()["beta GET /users"]).toBe(3);
    await tenant.close();
  });
