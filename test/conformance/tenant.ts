/**
 * What every Tenant must do, whatever it is made of: the contract of `src/ports/tenant.ts` as tests.
 *
 * A new implementation calls `describeTenant` with a way to open itself on a given population.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Guid } from "../../src/core/guid.ts";
import { parseGuid } from "../../src/core/guid.ts";
import type { Division } from "../../src/core/initials.ts";
import type { ProvisioningError } from "../../src/core/provisioning-error.ts";
import type { RoleHolding } from "../../src/core/takeover-facts.ts";
import type { Tenant } from "../../src/ports/tenant.ts";

/** A user as the suite places it: all that the contract speaks of. */
export type PlacedUser = {
  readonly id: Guid;
  readonly userPrincipalName: string;
  readonly immutableId: string | null;
  readonly syncEnabled: boolean | null;
  readonly mail?: string;
  readonly proxyAddresses?: readonly string[];
  readonly securityIdentifier?: string;
  readonly objectIdentifier?: string;
  readonly cloudManaged?: boolean;
  readonly provisioningErrors?: readonly ProvisioningError[];
  readonly manager?: Guid;
};

/** A role, held by a user or by everybody in a group. */
export type PlacedRole = Pick<RoleHolding, "role" | "privileged" | "how"> & { readonly holder: Guid };

export type PlacedGroup = {
  readonly id: Guid;
  readonly name: string;
  readonly mail: string | null;
  readonly proxyAddresses: readonly string[];
  readonly mayHoldRoles: boolean;
  readonly members: readonly Guid[];
  /** Users who have the right to become members. */
  readonly mayJoin?: readonly Guid[];
};

export type Population = {
  readonly tenantId: Guid;
  readonly users: readonly PlacedUser[];
  readonly deletedUsers: readonly PlacedUser[];
  /** Beside the managed domain of the users. */
  readonly federatedDomain: string;
  readonly roles: readonly PlacedRole[];
  readonly groups: readonly PlacedGroup[];
  readonly contacts: readonly Pick<PlacedGroup, "id" | "name" | "mail">[];
  /** Switches that are on, by their names in Graph. */
  readonly switchedOn: readonly string[];
};

/** What the account that opens the tenant may do: everything, or everything but reading roles and sync. */
export type Access = "all" | "no-roles-and-sync";

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
const CYD: PlacedUser = { ...place(3, "cyd", null), manager: BEN.id };
const DEE = place(4, "o'dee", "");
const EVE = place(5, "eve", "1eLWKGhjWk22cdUrMBcmgA==", true);
const FAY = place(6, "fay#fay", "not base64 at all, but sixty characters of text in a row ...");
const GUS = place(7, "gus", "zzzzzGhjWk22cdUrMBcmgA==");
const SID = "S-1-5-21-1004336348-1177238915-682003330-1108";
const HAL: PlacedUser = {
  ...place(8, "hal", null),
  mail: "Hal.Mail@contoso.example",
  proxyAddresses: ["SMTP:Hal.First@contoso.example", "smtp:o'hal+x@contoso.example", "x500:/o=Contoso/cn=hal"],
  securityIdentifier: SID,
  objectIdentifier: "5d000000-0000-4000-8000-000000000001",
  cloudManaged: true,
  provisioningErrors: [
    {
      category: "PropertyConflict",
      occurredAt: "2026-11-22T02:31:05Z",
      property: "ProxyAddresses",
      value: "smtp:o'hal@contoso.example",
    },
    { category: "PropertyConflict", occurredAt: "2026-11-22T02:31:05Z", property: "UserPrincipalName", value: "hal@x" },
  ],
};
const IDA = place(9, "ida", "iiiiiGhjWk22cdUrMBcmgA==");
const ADMINS = idOf(50);
const CROWD = Array.from({ length: 2493 }, (_, index) => place(100 + index, `user${index}`, null));
const POPULATION: Population = {
  tenantId: idOf(99),
  users: [ADA, BEN, CYD, DEE, EVE, FAY, HAL, IDA, ...CROWD],
  deletedUsers: [GUS],
  federatedDomain: "Fed.contoso.example",
  roles: [
    { role: "Global Administrator", privileged: true, how: "active", holder: ADA.id },
    { role: "Reports Reader", privileged: false, how: "eligible", holder: ADA.id },
    { role: "Helpdesk Administrator", privileged: true, how: "eligible", holder: ADMINS },
    { role: "Global Administrator", privileged: true, how: "active", holder: EVE.id },
  ],
  groups: [
    {
      id: ADMINS,
      name: "Admins",
      mail: "admins@contoso.example",
      proxyAddresses: ["SMTP:admins@contoso.example"],
      mayHoldRoles: true,
      members: [BEN.id, EVE.id],
      mayJoin: [FAY.id],
    },
    { id: idOf(51), name: "Plain", mail: null, proxyAddresses: [], mayHoldRoles: false, members: [CYD.id] },
  ],
  contacts: [{ id: idOf(60), name: "Partner", mail: "partner@elsewhere.example" }],
  switchedOn: ["blockCloudObjectTakeoverThroughHardMatchEnabled", "passwordSyncEnabled"],
};
const FREE_VALUE = "AAAAAGhjWk22cdUrMBcmgA==";

function divideUsers(...parts: readonly string[]): Division {
  return { parts, users: POPULATION.users.length };
}

/** @param open Opens an implementation on a population of its own. */
export function describeTenant(
  name: string,
  open: (population: Population, access: Access) => Promise<TenantUnderTest>,
): void {
  describe(`${name} as a Tenant`, () => {
    let opened: TenantUnderTest;
    let tenant: Tenant;
    beforeAll(async () => {
      opened = await open(POPULATION, "all");
      tenant = opened.tenant;
    });
    afterAll(() => opened.close());

    test("says which tenant it is", async () => {
      expect((await tenant.identify(NEVER)).tenantId).toBe(POPULATION.tenantId);
    });

    test("counts the live users", async () => {
      expect(await tenant.countUsers(NEVER)).toBe(POPULATION.users.length);
    });

    for (const { how, division } of [
      { how: "after each other", division: null },
      { how: "in parts that hold everybody", division: divideUsers("abcdefghij", "klmnopqrst", "uvwxyz") },
      { how: "in parts of which some users are in none", division: divideUsers("abcd", "x", "v") },
    ])
      test(`lists every live user once, in pages of at most the page size, ${how}`, async () => {
        const seen: string[] = [];
        for await (const page of tenant.listUsers(NEVER, division)) {
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

    test("finds users by UPN, mail and proxy address in any case, each once, and nobody else", async () => {
      const addresses = ["hal@contoso.example", "hal.mail@contoso.example", "hal.first@contoso.example"];
      for (const address of [...addresses, "o'hal+x@contoso.example", "HAL.FIRST@CONTOSO.EXAMPLE"]) {
        const found = await tenant.findUsersByAddress([address, "nobody@contoso.example"], NEVER);
        expect(found.map(({ id }) => id)).toEqual([HAL.id]);
      }
      const crowd = CROWD.slice(0, 40).map(({ userPrincipalName }) => userPrincipalName);
      const found = await tenant.findUsersByAddress([...addresses, ...crowd, ...crowd], NEVER);
      expect(found.map(({ id }) => id).toSorted()).toEqual([HAL.id, ...CROWD.slice(0, 40).map(({ id }) => id)]);
      expect(await tenant.findUsersByAddress([`${"x".repeat(250)}@contoso.example`, ""], NEVER)).toEqual([]);
      expect(await tenant.findUsersByAddress([], NEVER)).toEqual([]);
    });

    test("finds users by SID", async () => {
      expect((await tenant.findUsersBySid([SID, `${SID}9`], NEVER)).map(({ id }) => id)).toEqual([HAL.id]);
      expect(await tenant.findUsersBySid([], NEVER)).toEqual([]);
    });

    test("tells what Entra could not provision of named users, of more than one request can carry too", async () => {
      const asked = [ADA, HAL, ...CROWD.slice(0, tenant.lookUpSize + 20)].map(({ id }) => id);
      const errors = await tenant.readProvisioningErrors([...asked, HAL.id, idOf(98)], NEVER);
      expect([...errors]).toEqual([[HAL.id, HAL.provisioningErrors]]);
      expect(await tenant.readProvisioningErrors([ADA.id], NEVER)).toEqual(new Map());
      expect(await tenant.readProvisioningErrors([], NEVER)).toEqual(new Map());
    });

    test("tells what decides whether sync takes users over, and nothing of users that were not named", async () => {
      const facts = await tenant.readTakeoverFacts([ADA.id, BEN.id, CYD.id, FAY.id, HAL.id, ADA.id, idOf(98)], NEVER);
      expect(facts.gaps).toEqual([]);
      expect(facts.federatedDomains).toEqual(new Set(["fed.contoso.example"]));
      expect(facts.features).toEqual({ blocksHardMatch: true, allowsIdentifierUpdate: false, syncsPasswords: true });
      expect(facts.cloudManaged).toEqual(new Set([HAL.id]));
      expect(facts.roles).toEqual(
        new Map([
          [
            ADA.id,
            [
              { role: "Global Administrator", privileged: true, how: "active", through: null },
              { role: "Reports Reader", privileged: false, how: "eligible", through: null },
            ],
          ],
          [BEN.id, [{ role: "Helpdesk Administrator", privileged: true, how: "eligible", through: "Admins" }]],
          [FAY.id, [{ role: "Helpdesk Administrator", privileged: true, how: "eligible", through: "Admins" }]],
        ]),
      );
      expect(facts.objectIdentifiers).toEqual(new Map([[HAL.id, HAL.objectIdentifier]]));
      expect(facts.mailObjects?.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
        "group Admins",
        "contact Partner",
      ]);
      expect(facts.mailObjects?.[0]?.addresses).toContain("SMTP:admins@contoso.example");
    });

    test("tells the same facts of more users than one request can carry", async () => {
      const some = [HAL, ...CROWD.slice(0, 400)].map(({ id }) => id);
      const facts = await tenant.readTakeoverFacts(some, NEVER);
      expect(facts.gaps).toEqual([]);
      expect(facts.cloudManaged).toEqual(new Set([HAL.id]));
      expect([...(facts.objectIdentifiers ?? [])]).toEqual([[HAL.id, HAL.objectIdentifier]]);
      expect(facts.roles?.size).toBe(0);
    });

    test("tells of no user when none is named, and still of the tenant", async () => {
      const facts = await tenant.readTakeoverFacts([], NEVER);
      expect([facts.roles?.size, facts.cloudManaged?.size, facts.objectIdentifiers?.size]).toEqual([0, 0, 0]);
      expect(facts.federatedDomains?.size).toBe(1);
    });

    test("names exactly the checks that an account without role and sync permissions cannot make", async () => {
      const limited = await open(POPULATION, "no-roles-and-sync");
      try {
        const facts = await limited.tenant.readTakeoverFacts([ADA.id, HAL.id], NEVER);
        const { roles, features, cloudManaged } = facts;
        expect([roles, features, cloudManaged]).toEqual([null, null, null]);
        expect(facts.gaps.map(({ permission }) => permission).toSorted()).toEqual([
          "OnPremDirectorySynchronization.Read.All",
          "RoleManagement.Read.Directory and RoleEligibilitySchedule.Read.Directory",
          "User-OnPremisesSyncBehavior.ReadWrite.All",
        ]);
        expect(facts.gaps.every(({ check, reason }) => /^whether /.test(check) && reason !== "")).toBe(true);
        expect(facts.federatedDomains?.size).toBe(1);
        expect(facts.objectIdentifiers?.get(HAL.id)).toBe(HAL.objectIdentifier);
        expect(facts.mailObjects).toHaveLength(2);
      } finally {
        await limited.close();
      }
    });

    test("reads the managers of users, many at once, and leaves out whom it does not know", async () => {
      const crowd = CROWD.slice(0, 400).map(({ id }) => id);
      const { present, gap } = await tenant.readManagers([CYD.id, ADA.id, idOf(98), ...crowd], NEVER);
      expect(gap).toBeNull();
      expect(present.get(CYD.id)).toEqual({ id: BEN.id, userPrincipalName: BEN.userPrincipalName });
      expect([present.get(ADA.id), present.has(idOf(98)), present.size]).toEqual([null, false, 402]);
      expect(await tenant.readManagers([], NEVER)).toEqual({ present: new Map(), gap: null });
    });

    test("reads whether a user is live, deleted or gone", async () => {
      const read = (id: Guid) => tenant.readValue(id, NEVER, { facet: "existence" });
      expect(await read(EVE.id)).toEqual({
        objectId: EVE.id,
        name: EVE.userPrincipalName,
        value: "live",
        synced: true,
      });
      expect(await read(GUS.id)).toMatchObject({ objectId: GUS.id, value: "deleted", synced: false });
      expect((await read(GUS.id))?.name).toMatch(/gus@contoso\.example$/);
      expect(await read(idOf(98))).toEqual({ objectId: idOf(98), name: "", value: "gone", synced: false });
    });

    test("saves a user whole, live or deleted, and says when there is none", async () => {
      expect(await tenant.readWhole(HAL.id, NEVER)).toMatchObject({ id: HAL.id, mail: HAL.mail });
      const deleted: unknown = await tenant.readWhole(GUS.id, NEVER);
      expect(JSON.parse(JSON.stringify(deleted))).toEqual(deleted);
      expect(JSON.stringify(deleted)).toContain(GUS.immutableId);
      await expect(tenant.readWhole(idOf(98), NEVER)).rejects.toMatchObject({ code: "tenant" });
    });

    test("clears a user's object identifier and leaves its immutable ID alone", async () => {
      const read = () => tenant.readValue(HAL.id, NEVER, { facet: "object-identifier" });
      expect(await read()).toMatchObject({ objectId: HAL.id, value: HAL.objectIdentifier });
      const change = { objectId: HAL.id, after: null, kind: "clear-object-identifier" } as const;
      expect((await tenant.writeValue(change, crypto.randomUUID(), NEVER)).meaning).toBe("accepted");
      expect((await read())?.value).toBeNull();
      expect((await tenant.readValue(HAL.id, NEVER))?.value).toBe(HAL.immutableId);
      expect(await tenant.readValue(idOf(98), NEVER, { facet: "object-identifier" })).toBeNull();
    });

    test("deletes, restores, deletes and purges a user, and refuses each where there is nothing to do", async () => {
      const send = async (kind: "delete" | "purge" | "restore") => {
        const change = { objectId: IDA.id, after: null, kind };
        return (await tenant.writeValue(change, crypto.randomUUID(), NEVER)).meaning;
      };
      const read = async () => (await tenant.readValue(IDA.id, NEVER, { facet: "existence" }))?.value;
      expect([await send("purge"), await send("restore"), await read()]).toEqual(["refused", "refused", "live"]);
      expect([await send("delete"), await read(), await send("delete")]).toEqual(["accepted", "deleted", "refused"]);
      expect([await send("restore"), await read()]).toEqual(["accepted", "live"]);
      const { userPrincipalName: name, immutableId: value } = IDA;
      expect(await tenant.readValue(IDA.id, NEVER)).toEqual({ objectId: IDA.id, name, value, synced: false });
      expect([await send("delete"), await send("purge"), await read()]).toEqual(["accepted", "accepted", "gone"]);
      expect([await send("purge"), await send("restore")]).toEqual(["refused", "refused"]);
    });

    test("stops when it is told to: reads say interrupted, and a write was not sent", async () => {
      const stopped = AbortSignal.abort();
      await expect(tenant.readTakeoverFacts([ADA.id], stopped)).rejects.toMatchObject({ code: "interrupted" });
      await expect(tenant.readManagers([ADA.id], stopped)).rejects.toMatchObject({ code: "interrupted" });
      await expect(tenant.findUsersBySid([SID], stopped)).rejects.toMatchObject({ code: "interrupted" });
      await expect(tenant.readValue(ADA.id, stopped, { facet: "existence" })).rejects.toMatchObject({
        code: "interrupted",
      });
      await expect(tenant.readWhole(ADA.id, stopped)).rejects.toMatchObject({ code: "interrupted" });
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
