import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { NO_KEYS } from "../../src/core/plan-questions.ts";
import { TargetNames } from "../../src/core/target-names.ts";
import { chooseWay, takeSnapshot } from "../../src/stages/take-snapshot.ts";
import { anchorOf, CLOUD_ID, cloudUser, deletedUser } from "../support/facts.ts";
import { SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryTenant } from "../support/memory-world.ts";
import { collectUnhandled } from "../support/unhandled-rejections.ts";

const scope = { progress: SILENT_PROGRESS, signal: new AbortController().signal };
const lost = new BatchError("directory", "the directory is lost", "Try again.");

for (const [users, names, expected] of [
  [0, 0, "list"],
  [1, 1, "list"],
  // Two look-ups, once by name and once by ID, against one page more or less.
  [1_998, 300, "list"],
  [1_999, 300, "look-up"],
  [1_999, 301, "list"],
  [3_996, 600, "list"],
  [3_997, 600, "look-up"],
  [500_000, 10_000, "look-up"],
  [10_000, 10_000, "list"],
  [500_000, 0, "look-up"],
] as const) {
  test(`${names} names in a tenant of ${users} users are read by ${expected}`, () =>
    expect(chooseWay(users, names, { pageSize: 999, lookUpSize: 300 })).toBe(expected));
}

const people = ["ada", "ben", "cyd", "dee", "eve"];
const tenant = (pageSize: number) => {
  const made = new MemoryTenant(
    people.map((name) => cloudUser(name, { immutableId: name === "eve" ? anchorOf("ada") : null })),
    [deletedUser("fay", { immutableId: anchorOf("ben") })],
  );
  made.pageSize = pageSize;
  return made;
};

describe("takeSnapshot", () => {
  test("lists a small tenant whole, every page of it, without waiting for the wanted IDs", async () => {
    const listed = tenant(3);
    const snapshot = await takeSnapshot(
      listed,
      new TargetNames(["ada@contoso.example"]),
      new Promise(() => undefined),
      scope,
    );
    expect(listed.calls.sort()).toEqual(["listDeletedUsers", "listUsers"]);
    expect([snapshot.liveUsers, snapshot.deletedUsers]).toEqual([5, 1]);
    expect(snapshot.holdersOf(anchorOf("ada")).map(({ id }) => id)).toEqual([CLOUD_ID("eve")]);
  });

  test("keeps the profile of those whom the batch names, by any spelling or by id, and of nobody else", async () => {
    const listed = tenant(3);
    const names = ["ADA@contoso.example", CLOUD_ID("ben").toUpperCase(), "fay@contoso.example"];
    const snapshot = await takeSnapshot(listed, new TargetNames(names), new Promise(() => undefined), scope);
    const [fay] = snapshot.findDeletedTargets("fay@contoso.example");
    expect(people.map((name) => snapshot.byId(CLOUD_ID(name))?.profile)).toEqual([{}, {}, null, null, null]);
    expect(fay?.profile).toEqual({});
  });

  test("looks up targets and holders in a large one, and lists the recycle bin all the same", async () => {
    const large = tenant(1);
    const names = ["ada@contoso.example", "EVE@contoso.example", "nobody@contoso.example"];
    const snapshot = await takeSnapshot(
      large,
      new TargetNames(names),
      Promise.resolve({ ...NO_KEYS, immutableIds: [anchorOf("ada"), anchorOf("ben")] }),
      scope,
    );
    // By address twice: for what AD says of the accounts, and for the name that nobody has.
    expect(large.calls.sort()).toEqual([
      "findUsersByAddress",
      "findUsersByAddress",
      "findUsersByImmutableId",
      "findUsersByName",
      "findUsersBySid",
      "listDeletedUsers",
    ]);
    // Eve is found by her name and by the ID that she holds, and counts once.
    expect(snapshot.liveUsers).toBe(2);
    expect(snapshot.holdersOf(anchorOf("ada")).map(({ id }) => id)).toEqual([CLOUD_ID("eve")]);
    expect(snapshot.deletedHoldersOf(anchorOf("ben")).map(({ id }) => id)).toEqual([CLOUD_ID("fay")]);
    expect(snapshot.findTarget("nobody@contoso.example")).toBeUndefined();
  });

  for (const [way, pageSize] of [
    ["listing", 999],
    ["looking up", 1],
  ] as const) {
    test(`whose mail address a name is that nobody has as UPN is known after ${way}`, async () => {
      const others = people.slice(1).map((name) => cloudUser(name));
      const reading = new MemoryTenant([cloudUser("ada", { mail: "a.adler@contoso.example" }), ...others], []);
      reading.pageSize = pageSize;
      const names = ["A.Adler@contoso.example", "BEN@contoso.example", CLOUD_ID("nobody")];
      const snapshot = await takeSnapshot(reading, new TargetNames(names), Promise.resolve(NO_KEYS), scope);
      const owners = snapshot.ownersOfAddress("a.adler@contoso.example");
      expect([way, owners.map(({ userPrincipalName }) => userPrincipalName)]).toEqual([way, ["ada@contoso.example"]]);
      expect(snapshot.findTarget("A.Adler@contoso.example")).toBeUndefined();
      expect(reading.calls.includes("listUsers")).toBe(way === "listing");
    });

    test(`wanted IDs that cannot be had leave no unhandled rejection behind when ${way}`, async () => {
      const reading = tenant(pageSize);
      const counted = reading.countUsers.bind(reading);
      reading.countUsers = async () => {
        // The directory fails long before the tenant has answered.
        await new Promise((resolve) => setImmediate(resolve));
        return counted();
      };
      const taking = takeSnapshot(reading, new TargetNames(["ada@contoso.example"]), Promise.reject(lost), scope);
      const { error, unhandled } = await collectUnhandled(taking);
      expect(unhandled).toEqual([]);
      expect(error).toBe(way === "listing" ? null : lost);
    });
  }

  for (const [title, pageSize, breaking] of [
    ["the number of users", 999, "countUsers"],
    ["a page of users", 999, "listUsers"],
    ["the recycle bin", 999, "listDeletedUsers"],
    ["the recycle bin of a large tenant", 1, "listDeletedUsers"],
    ["the look-up by name", 1, "findUsersByName"],
    ["the look-up by ID", 1, "findUsersByImmutableId"],
  ] as const) {
    test(`without ${title} there is no snapshot`, async () => {
      const failure = new BatchError("tenant", "lost", "Try again.");
      const broken = new Proxy(tenant(pageSize), {
        get(target, name) {
          if (name === "lookUpSize" || name === "pageSize") return target[name];
          const method: unknown = Reflect.get(target, name);
          if (name !== breaking) return typeof method === "function" ? method.bind(target) : method;
          return breaking.startsWith("list")
            ? async function* () {
                yield [];
                throw failure;
              }
            : () => Promise.reject(failure);
        },
      });
      const taking = takeSnapshot(broken, new TargetNames(["ada@contoso.example"]), Promise.resolve(NO_KEYS), scope);
      expect(await collectUnhandled(taking)).toEqual({ error: failure, unhandled: [] });
    });
  }
});
