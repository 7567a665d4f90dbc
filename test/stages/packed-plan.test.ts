/** One batch with everything in it, planned of packed records and of plain ones. */
import { expect, test, vi } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import { FINDING_CODES } from "../../src/core/findings.ts";
import type { Guid } from "../../src/core/guid.ts";
import { immutableIdFromGuid } from "../../src/core/immutable-id.ts";
import type { Mapping } from "../../src/core/mapping.ts";
import { type Plan, planLines } from "../../src/core/plan.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import type { CloudManager } from "../../src/core/takeover-managers.ts";
import { planBatch } from "../../src/pipeline.ts";
import { makeCompany, shiftUsers } from "../core/identity-company.ts";
import { cloudUser, deletedUser, guidFor, HEADER, mapping, OPTIONS } from "../support/facts.ts";
import { MemoryDirectory, MemoryTenant } from "../support/memory-world.ts";
import { surround } from "../support/quiet-world.ts";

/** How many records are no longer few, and for how many room was asked since it was set. */
const packing = vi.hoisted(() => ({ fewest: Number.POSITIVE_INFINITY, asked: 0 }));

vi.mock(import("../../src/core/packing.ts"), async (load) => {
  const real = await load();
  return {
    ...real,
    createPacker: (records) => {
      if (records >= packing.fewest) packing.asked += records;
      return real.createPacker(records, packing.fewest);
    },
  };
});

const PEOPLE = 300;

/** So many people have each something else the matter. */
const KINDS = 24;

/** Some rows in a row are shifted by one. The rows of the last kinds write into AD, and each account has a manager. */
function makeRichBatch() {
  const company = shiftUsers(makeCompany({ seed: 11, people: PEOPLE }), 1, 200, 230);
  const accounts: AdAccount[] = [];
  const users: CloudUser[] = [];
  const mappings: Mapping[] = [];
  const managers = new Map<Guid, CloudManager | null>();
  const anchorAt = (place: number) => immutableIdFromGuid(company[place]?.account?.objectGuid ?? guidFor("nobody"));
  const oldAnchorAt = (place: number) => immutableIdFromGuid(guidFor(`account before ${place}`));
  for (const [place, { row, account, user }] of company.entries()) {
    if (account === null || user === null) continue;
    const kind = place % KINDS;
    const anchors: Readonly<Record<number, string>> = {
      5: anchorAt(place),
      // Of the rows that write into AD: one account has another value, one has its value already.
      21: anchorAt(place),
      22: oldAnchorAt(place),
    };
    const immutableIds: Readonly<Record<number, string>> = {
      // 11 and 12 have exchanged their IDs, 13 holds what nobody wants, 14 differs in case, 15 holds what 16 wants.
      11: anchorAt(place + 1),
      12: anchorAt(place - 1),
      13: `old value ${place}`,
      14: anchorAt(place).toLowerCase(),
      15: anchorAt(place + 1),
      // The IDs of 20, 21 and 22 go into AD, another account has that of 23.
      20: oldAnchorAt(place),
      21: oldAnchorAt(place),
      22: oldAnchorAt(place),
      23: anchorAt(place - 15),
    };
    const anchor = anchors[kind];
    const anchorBytes = anchor === undefined ? null : Buffer.from(anchor, "base64");
    const { dn = "" } = company[place - kind]?.account ?? {};
    accounts.push({
      ...account,
      profile: {
        title: "Engineer",
        department: `Dept ${place % 7}`,
        manager: kind === 1 ? "CN=outsider,DC=elsewhere" : kind === 2 ? dn.toLowerCase() : dn,
        ...(kind === 1 && { l: "Zürich 🏔" }),
      },
      objectSid: `S-1-5-21-1-2-3-${place}`,
      disabled: kind === 2,
      protectedAccount: kind === 3,
      consistencyGuid: kind === 4 ? Uint8Array.of(1, 2, 3) : anchorBytes,
      sidHistory: kind === 6 ? [`S-1-5-21-9-9-9-${place}`] : [],
    });
    users.push({
      ...user,
      profile: { jobTitle: ["Engineer"], businessPhones: ["+41 1", "+41 2"] },
      accountEnabled: kind !== 7,
      userType: kind === 8 ? "Guest" : "Member",
      syncEnabled: kind === 9 || kind === 20 ? true : null,
      licenceCount: kind,
      securityIdentifier: kind === 10 ? `S-1-5-21-1-2-3-${place + 1}` : null,
      immutableId: immutableIds[kind] ?? null,
    });
    if (kind % 2 === 0)
      managers.set(user.id, kind % 4 === 0 ? null : { id: user.id, userPrincipalName: "Zoë@contoso.example" });
    mappings.push({
      ...mapping(row, account.accountName),
      upn: kind === 17 ? `missing-${place}@contoso.example` : user.userPrincipalName,
      account: kind === 18 ? "nobody" : account.accountName,
      onConflict: kind === 16 ? ["clear-holder"] : kind === 17 ? ["restore-target"] : [],
      writeTo: kind >= 20 ? "ad" : null,
      extra: [`ticket ${place}`, kind === 19 ? "=1+1" : ""],
    });
  }
  // In the bin lies one who is to come back, and one who holds what a row wants.
  const deleted = [
    deletedUser("gone", { userPrincipalName: "missing-17@contoso.example" }),
    deletedUser("holder", { immutableId: anchorAt(0) }),
  ];
  const strangers = [
    cloudUser("stranger", { immutableId: anchorAt(19), proxyAddresses: company[1]?.account?.proxyAddresses ?? [] }),
  ];
  return { accounts, users: [...users, ...strangers], deleted, mappings, managers };
}

async function planWith(fewest: number): Promise<{ readonly plan: Plan; readonly asked: number }> {
  Object.assign(packing, { fewest, asked: 0 });
  const { accounts, users, deleted, mappings, managers } = makeRichBatch();
  const { world } = surround({
    directories: [new MemoryDirectory("CORP", accounts)],
    tenant: Object.assign(new MemoryTenant(users, deleted), { managers }),
  });
  const options = { ...OPTIONS, replace: true, limit: null, allow: ["clear-holder", "restore-target"] as const };
  const request = { mapping: { ...HEADER.mapping, extraColumns: ["ticket", "note"] }, mappings, options };
  return { plan: (await planBatch(request, world)).plan, asked: packing.asked };
}

test("a batch with everything in it gives the same plan, byte for byte, of packed records", async () => {
  const plain = await planWith(Number.POSITIVE_INFINITY);
  const packed = await planWith(0);
  expect(plain.asked).toBe(0);
  expect(packed.asked).toBeGreaterThan(2 * PEOPLE);
  expect([...planLines(packed.plan)]).toEqual([...planLines(plain.plan)]);
  expect(packed.plan.hash).toBe(plain.plan.hash);
});

test("the batch has much in it that a packed record could get wrong", async () => {
  const { plan } = await planWith(0);
  const found = new Set(plan.findings.map(({ code }) => code));
  console.info(`${found.size} of ${FINDING_CODES.length} findings, ${plan.changes.length} changes`);
  expect(found.size).toBeGreaterThan(12);
  expect(new Set(plan.changes.map(({ wave }) => wave))).toEqual(new Set(["holder", "simple", "chain", "cycle"]));
  expect(new Set(plan.changes.map(({ side, kind }) => `${side} ${kind}`))).toEqual(
    new Set([
      ...["cloud set", "cloud replace", "cloud clear", "cloud restore"],
      ...["ad set-consistency-guid", "ad replace-consistency-guid"],
    ]),
  );
  const settledInAd = plan.rows.filter(({ side }) => side === "ad").map(({ settled }) => settled);
  expect(new Set(settledInAd)).toEqual(new Set([null, "already", "blocked"]));
  expect(plan.rows.filter(({ takeover }) => (takeover?.length ?? 0) > 0).length).toBeGreaterThan(PEOPLE / 2);
  const changed = plan.rows.flatMap(({ takeover }) => (takeover ?? []).map(({ property }) => property));
  expect(changed.filter((property) => property === "manager").length).toBeGreaterThan(PEOPLE / 4);
});
