/**
 * What every Tenant must do, whatever it is made of: the contract of `src/ports/tenant.ts` as tests.
 *
 * A new implementation calls `describeTenant` with a way to open itself on a given population.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Guid } from "../../src/core/guid.ts";
import { parseGuid } from "../../src/core/guid.ts";
import type { Tenant } from "../../src/ports/tenant.ts";

/** A user as the suite places it: all that the contract speaks of. */
export type PlacedUser = {
  readonly id: Guid;
  readonly userPrincipalName: string;
  readonly immutableId: string | null;
  readonly syncEnabled: boolean | null;
};

export type Population = {
  readonly tenantId: Guid;
  readonly users: readonly PlacedUser[];
  readonly deletedUsers: readonly PlacedUser[];
};

/** A tenant opened on a population. */
export type TenantUnderTest = { readonly tenant: Tenant; close(): Promise<void> };

const NEVER = new AbortController().signal;
const UPN_DOMAIN = "contoso.example";

function idOf(number: number): Guid {
  const id = parseGuid(`0a1b2c3d-0000-4000-8000-${String(number).padStart(12, "0")}`);
  if (id === null) throw new Error("the suite made a bad GUID");
  return id;
}

function place(
  number: number,
  name: string,
  immutableId: string | null,
  syncEnabled: boolean | null = null,
): PlacedUser {
  return { id: idOf(number), userPrincipalName: `${name}@${UPN_DOMAIN}`, immutableId, syncEnabled };
}

/** Values with each character that a query could lose, and one that differs in case alone. */
const ADA = place(1, "ada", "a+b/cWhjWk22cdUrMBcmgA==");
const BEN = place(2, "Ben", "A+B/cWhjWk22cdUrMBcmgA==");
const CYD = place(3, "cyd", null);
const DEE = place(4, "o'dee", "");
const EVE = place(5, "eve", "1eLWKGhjWk22cdUrMBcmgA==", true);
const FAY = place(6, "fay#fay", "not base64 at all, but sixty characters of text in a row ...");
const GUS = place(7, "gus", "zzzzzGhjWk22cdUrMBcmgA==");
const CROWD = Array.from({ length: 2493 }, (_, index) => place(100 + index, `user${index}`, null));
const POPULATION: Population = {
  tenantId: idOf(99),
  users: [ADA, BEN, CYD, DEE, EVE, FAY, ...CROWD],
  deletedUsers: [GUS],
};
const FREE_VALUE = "AAAAAGhjWk22cdUrMBcmgA==";

/** @param open Opens an implementation on a population of its own. */
export function describeTenant(name: string, open: (population: Population) => Promise<TenantUnderTest>): void {
  describe(`${name} as a Tenant`, () => {
    let opened: TenantUnderTest;
    let tenant: Tenant;
    beforeAll(async () => {
      opened = await open(POPULATION);
      tenant = opened.tenant;
    });
    afterAll(() => opened.close());

    test("says which tenant it is", async () => {
      expect((await tenant.identify(NEVER)).tenantId).toBe(POPULATION.tenantId);
    });

    test("counts the live users", async () => {
      expect(await tenant.countUsers(NEVER)).toBe(POPULATION.users.length);
    });

    test("lists every live user once, in pages of at most the page size", async () => {
      const seen: string[] = [];
      for await (const page of tenant.listUsers(NEVER)) {
        expect(page.length).toBeLessThanOrEqual(tenant.pageSize);
        seen.push(...page.map(({ id }) => id));
      }
      expect(seen.toSorted()).toEqual(POPULATION.users.map(({ id }) => id).toSorted());
    });

    test("lists the recycle bin, with the values that its users keep", async () => {
      const seen: (readonly [string, string | null])[] = [];
      for await (const page of tenant.listDeletedUsers(NEVER)) {
        seen.push(...page.map(({ id, immutableId }) => [id, immutableId] as const));
      }
      expect(seen).toEqual([[GUS.id, GUS.immutableId]]);
    });

    test("finds users by name in any case and by object id, each once, and nobody else", async () => {
      const names = ["ADA@Contoso.Example", BEN.userPrincipalName, CYD.id.toUpperCase(), CYD.userPrincipalName];
      const found = await tenant.findUsersByName([...names, "nobody@contoso.example", idOf(98)], NEVER);
      expect(found.map(({ id }) => id).toSorted()).toEqual([ADA.id, BEN.id, CYD.id]);
    });

    test("finds names that hold what a query gives a meaning to", async () => {
      const found = await tenant.findUsersByName([DEE.userPrincipalName, FAY.userPrincipalName], NEVER);
      expect(found.map(({ id }) => id).toSorted()).toEqual([DEE.id, FAY.id]);
    });

    test("finds more names than one request can carry, and nobody for none", async () => {
      const asked = CROWD.slice(0, tenant.lookUpSize + 20);
      const found = await tenant.findUsersByName(
        asked.map(({ userPrincipalName }) => userPrincipalName),
        NEVER,
      );
      expect(found.map(({ id }) => id).toSorted()).toEqual(asked.map(({ id }) => id));
      expect(await tenant.findUsersByName([], NEVER)).toEqual([]);
    });

    test("finds the holder of a value with + / = in it, whoever else it may find", async () => {
      const found = await tenant.findUsersByImmutableId([ADA.immutableId ?? "", FREE_VALUE], NEVER);
      expect(found.filter(({ immutableId }) => immutableId === ADA.immutableId).map(({ id }) => id)).toEqual([ADA.id]);
      expect(found.every(({ immutableId }) => immutableId?.toLowerCase() === ADA.immutableId?.toLowerCase())).toBe(
        true,
      );
    });

    test("reads a value as it is: unset, empty, foreign text, synced", async () => {
      const held = await Promise.all([ADA, CYD, DEE, EVE, FAY].map(({ id }) => tenant.readValue(id, NEVER)));
      expect(held).toEqual(
        [ADA, CYD, DEE, EVE, FAY].map(({ id, userPrincipalName, immutableId, syncEnabled }) => ({
          objectId: id,
          name: userPrincipalName,
          value: immutableId,
          synced: syncEnabled === true,
        })),
      );
    });

    test("reads a user that does not exist, or only in the recycle bin, as null", async () => {
      expect(await tenant.readValue(idOf(98), NEVER)).toBeNull();
      expect(await tenant.readValue(GUS.id, NEVER)).toBeNull();
    });

    test("accepts a write, shows it at once, and clears it again with null", async () => {
      const written = await tenant.writeValue({ objectId: CYD.id, after: FREE_VALUE }, crypto.randomUUID(), NEVER);
      expect(written).toMatchObject({ meaning: "accepted", requestId: expect.any(String), conflict: null });
      expect((await tenant.readValue(CYD.id, NEVER))?.value).toBe(FREE_VALUE);
      const cleared = await tenant.writeValue({ objectId: CYD.id, after: null }, crypto.randomUUID(), NEVER);
      expect(cleared.meaning).toBe("accepted");
      expect((await tenant.readValue(CYD.id, NEVER))?.value).toBeNull();
    });

    test("refuses a value that another user holds, and names the holder", async () => {
      const answer = await tenant.writeValue({ objectId: CYD.id, after: ADA.immutableId }, crypto.randomUUID(), NEVER);
      expect(answer).toMatchObject({ meaning: "refused", conflict: { holderId: ADA.id } });
      expect((await tenant.readValue(CYD.id, NEVER))?.value).toBeNull();
    });

    test("refuses to write a user that is synced or does not exist", async () => {
      const synced = await tenant.writeValue({ objectId: EVE.id, after: FREE_VALUE }, crypto.randomUUID(), NEVER);
      expect(synced).toMatchObject({ meaning: "refused", conflict: null });
      const missing = await tenant.writeValue({ objectId: idOf(98), after: FREE_VALUE }, crypto.randomUUID(), NEVER);
      expect(missing).toMatchObject({ meaning: "refused", conflict: null });
    });

    test("stops when it is told to: reads say interrupted, and a write was not sent", async () => {
      const stopped = AbortSignal.abort();
      await expect(tenant.readValue(ADA.id, stopped)).rejects.toMatchObject({ code: "interrupted" });
      await expect(tenant.findUsersByName(["ada@contoso.example"], stopped)).rejects.toMatchObject({
        code: "interrupted",
      });
      await expect(tenant.listUsers(stopped)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: "interrupted",
      });
      const write = await tenant.writeValue({ objectId: CYD.id, after: FREE_VALUE }, crypto.randomUUID(), stopped);
      expect(write.meaning).toBe("not-sent");
    });
  });
}
