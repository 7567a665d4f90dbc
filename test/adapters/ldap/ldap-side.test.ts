/**
 * Writing into AD against the simulated domain controller: the compare-and-set that the server itself makes, and what
 * every way to lose an answer comes to.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import {
  type DirectoryOptions,
  type SimulatedDirectory,
  startSimulatedDirectory,
} from "../../../src/sim/directory/server.ts";
import type { SimulatedEntry } from "../../../src/sim/directory/world.ts";
import { AD_GUID, idOf } from "../../support/facts.ts";
import { describeDomain, describeEntry, PASSWORD } from "../../support/small-company.ts";
import { type SettingsChanges, settingsFor } from "./settings.ts";

const never = () => new AbortController().signal;
const ADA = AD_GUID("ada");
const [OURS, FOREIGN, OTHER] = [idOf("the old domain"), idOf("somebody"), idOf("another")];
const holding = (name: string, value: string | null): SimulatedEntry => {
  const entry = describeEntry(name);
  return value === null ? entry : { ...entry, binary: { ...entry.binary, "mS-DS-ConsistencyGuid": [value] } };
};

async function open(
  entries: readonly SimulatedEntry[],
  { options = {}, changes = {} }: { options?: DirectoryOptions; changes?: SettingsChanges } = {},
) {
  const server = await startSimulatedDirectory(describeDomain([...entries]), options);
  const directory = openLdapDirectory(settingsFor(server.url, { password: async () => PASSWORD, ...changes }));
  onTestFinished(async () => {
    await directory.close();
    await server.close();
  });
  const { side } = directory;
  if (side === null) throw new Error("a live directory can be written to");
  await directory.identify(never());
  const held = () => server.domain.entries[0]?.binary["mS-DS-ConsistencyGuid"]?.[0] ?? null;
  const write = async (before: string | null, after: string | null) => {
    const { meaning, errorCode } = await side.writeValue({ objectId: ADA, before, after }, "request-1", never());
    return `${meaning} ${errorCode ?? ""}`.trim();
  };
  return { server, directory, side, held, write };
}

describe("a write into AD", () => {
  test.each([
    ["adds a value where there is none", null, null, OURS, "accepted", OURS],
    ["puts a value in the place of exactly the old one", FOREIGN, FOREIGN, OURS, "accepted", OURS],
    ["takes exactly the old value away", OURS, OURS, null, "accepted", null],
    ["is refused where a value has come", FOREIGN, null, OURS, "changed-meanwhile ldap-20", FOREIGN],
    ["is refused where the old value was changed", FOREIGN, OTHER, OURS, "changed-meanwhile ldap-16", FOREIGN],
    ["is refused where the old value was taken away", null, OTHER, OURS, "changed-meanwhile ldap-16", null],
    ["takes no value away but its own", FOREIGN, OURS, null, "changed-meanwhile ldap-16", FOREIGN],
    ["is refused where its own value is there already", OURS, null, OURS, "changed-meanwhile ldap-20", OURS],
  ] as const)("%s", async (_title, present, before, after, meaning, left) => {
    const { write, held } = await open([holding("ada", present)]);
    expect(await write(before, after)).toBe(meaning);
    expect(held()).toBe(left);
  });

  test("is one modification of the account by its objectGUID: the old value out, the new one in, as bytes", async () => {
    const { write, server } = await open([holding("ada", FOREIGN)]);
    await write(FOREIGN, OURS);
    const attribute = "mS-DS-ConsistencyGuid";
    expect(server.ledger.read("modify")).toMatchObject([
      {
        dn: `<GUID=${ADA}>`,
        changes: [
          { change: "delete", attribute, values: [FOREIGN] },
          { change: "add", attribute, values: [OURS] },
        ],
      },
    ]);
  });

  test("compares values of any length, so that junk is put back as it was", async () => {
    const junk = Buffer.from("not a GUID at all, and longer").toString("base64");
    const { write, held } = await open([holding("ada", junk)]);
    expect(await write(junk, OURS)).toBe("accepted");
    expect(await write(OURS, junk)).toBe("accepted");
    expect(held()).toBe(junk);
  });

  test("follows an account that was moved, and tells one that is gone", async () => {
    const { write, held, server, side } = await open([holding("ada", null)]);
    const [entry] = server.domain.entries;
    if (entry === undefined) throw new Error("there is an account");
    server.replaceEntries([{ ...entry, dn: entry.dn.replace("OU=People", "OU=Moved") }]);
    expect(await write(null, OURS)).toBe("accepted");
    expect(held()).toBe(OURS);
    server.replaceEntries([]);
    expect(await write(OURS, null)).toBe("changed-meanwhile ldap-32");
    expect(await side.readValue(ADA, never())).toBeNull();
    await expect(side.readWhole(ADA, never())).rejects.toMatchObject({ code: "directory" });
  });

  test("that the account may not make is refused, and was foretold", async () => {
    const mayWrite = (dn: string) => !dn.includes("ada");
    const { write, held, directory } = await open([holding("ada", null), holding("ben", null)], {
      options: { mayWrite },
    });
    expect(await directory.findWritable([ADA, AD_GUID("ben"), AD_GUID("nobody")], never())).toEqual([AD_GUID("ben")]);
    expect(await write(null, OURS)).toBe("refused ldap-50");
    expect(held()).toBeNull();
  });

  test("names the domain controller that answered, and says in words and in the server's what it answered", async () => {
    const { side } = await open([holding("ada", FOREIGN)]);
    const answer = await side.writeValue({ objectId: ADA, before: null, after: OURS }, "request-1", never());
    expect(answer).toMatchObject({
      requestId: "dc1.corp.contoso.example",
      httpStatus: null,
      message: expect.stringMatching(/^the account no longer holds what the write rests on: 00002083: AtrErr/),
    });
  });

  test("writes nothing else than the source anchor", async () => {
    const { side } = await open([holding("ada", null)]);
    const change = { objectId: ADA, before: null, after: OURS, kind: "set" } as const;
    await expect(side.writeValue(change, "request-1", never())).rejects.toBeInstanceOf(RangeError);
  });
});

describe("a write whose way is disturbed", () => {
  const failing = (fault: ReturnType<NonNullable<DirectoryOptions["onRequest"]>>): DirectoryOptions => ({
    onRequest: ({ operation }) => (operation.kind === "modify" ? fault : undefined),
  });
  const count = (server: SimulatedDirectory) => server.ledger.read("modify").length;

  test.each([
    ["a connection that is cut off", { kind: "reset" }, "undecided"],
    ["a server that never answers", { kind: "hang" }, "undecided"],
    ["a server that is too busy", { kind: "result", code: 51, message: "" }, "not-sent ldap-51"],
    ["a server that goes down", { kind: "result", code: 52, message: "" }, "undecided ldap-52"],
    ["a server that has run into its time limit", { kind: "result", code: 3, message: "" }, "undecided ldap-3"],
    ["a server that does not know what went wrong", { kind: "result", code: 80, message: "" }, "undecided ldap-80"],
    ["a rule of the directory", { kind: "result", code: 19, message: "" }, "refused ldap-19"],
    ["a server that is not willing", { kind: "result", code: 53, message: "" }, "refused ldap-53"],
    ["a referral to another server", { kind: "result", code: 10, message: "" }, "refused ldap-10"],
  ] as const)("%s: it is sent once, and never again", async (_title, fault, meaning) => {
    let sent = 0;
    const options: DirectoryOptions = {
      onRequest: ({ operation }) => {
        if (operation.kind !== "modify") return undefined;
        sent += 1;
        return { ...fault };
      },
    };
    const { write, held } = await open([holding("ada", null)], { options, changes: { operationTimeoutMs: 300 } });
    expect(await write(null, OURS)).toBe(meaning);
    expect([sent, held()]).toEqual([1, null]);
  });

  test("after a lost answer the same side reads what became of it, on a new connection", async () => {
    const { write, side } = await open([holding("ada", null)], { options: failing({ kind: "reset" }) });
    expect(await write(null, OURS)).toBe("undecided");
    expect(await side.readValue(ADA, never())).toEqual({
      objectId: ADA,
      name: "CORP\\ada",
      value: null,
      synced: false,
    });
  });

  test("a server that cuts every connection off before the sign-in was sent nothing", async () => {
    let down = false;
    const options: DirectoryOptions = { onRequest: () => (down ? { kind: "reset" } : undefined) };
    const { write, side, server } = await open([holding("ada", null)], { options });
    down = true;
    // With this the connection from before is gone too.
    await expect(side.readValue(ADA, never())).rejects.toMatchObject({ code: "directory" });
    expect([await write(null, OURS), count(server)]).toEqual(["not-sent", 0]);
  });

  test.each([
    ["that rests on an old read", { freshForMs: 30_000 }, 30_001],
    ["that nobody waits for any longer", { giveUp: AbortSignal.abort() }, 0],
  ])("a write %s is not sent", async (_title, waiting, passedMs) => {
    let ms = 0;
    const monotonicMs = () => {
      ms += passedMs;
      return ms;
    };
    const { side, server } = await open([holding("ada", null)], { changes: { monotonicMs } });
    const answer = await side.writeValue(
      { objectId: ADA, before: null, after: OURS, ...waiting },
      "request-1",
      never(),
    );
    expect([answer.meaning, count(server)]).toEqual(["too-late", 0]);
  });

  test("a signal that has fired sends nothing, and one that fires on the way leaves it undecided", async () => {
    const { side, server } = await open([holding("ada", null)]);
    const change = { objectId: ADA, before: null, after: OURS } as const;
    expect((await side.writeValue(change, "request-1", AbortSignal.abort())).meaning).toBe("not-sent");
    expect(count(server)).toBe(0);
    const abort = new AbortController();
    const options: DirectoryOptions = {
      onRequest: ({ operation }) => {
        if (operation.kind !== "modify") return undefined;
        abort.abort();
        return { kind: "hang" };
      },
    };
    const hanging = await open([holding("ada", null)], { options });
    expect((await hanging.side.writeValue(change, "request-1", abort.signal)).meaning).toBe("undecided");
  });
});

describe("the search for holders of a source anchor", () => {
  const crowd = (size: number) => Array.from({ length: size }, (_, index) => holding(`user${index}`, null));

  // The domain's own administrator is not among the fixture's accounts: what is counted is what is there.
  test.each([1, 999, 1000, 1001, 2000])(
    "goes through all users of a domain of %i, whatever fills the last page",
    async (size) => {
      const { directory } = await open([...crowd(size - 1), holding("ada", OURS)]);
      const found = await directory.findAnchorHolders(new Set([OURS, idOf("user7")]), never());
      const names = found.map(({ accountName }) => accountName).sort();
      expect(names).toEqual(size > 8 ? ["ada", "user7"] : ["ada"]);
    },
  );

  test("begins anew on a new connection where one is lost between two pages, and counts nobody twice", async () => {
    let pages = 0;
    const options: DirectoryOptions = {
      onRequest: ({ operation }) => {
        if (operation.kind !== "search" || !operation.attributes.includes("objectSid")) return undefined;
        pages += 1;
        return pages === 2 ? { kind: "reset" } : undefined;
      },
    };
    const { directory } = await open([holding("ada", OURS), ...crowd(1500)], { options });
    const found = await directory.findAnchorHolders(new Set([OURS]), never());
    expect(found.map(({ accountName }) => accountName)).toEqual(["ada"]);
    expect(pages).toBe(4);
  });

  test("finds nothing but users, and refuses a domain that shows none", async () => {
    const computer = { ...holding("ada", OURS), objectClass: ["computer"] };
    const { directory } = await open([computer]);
    await expect(directory.findAnchorHolders(new Set([OURS]), never())).rejects.toMatchObject({
      code: "directory",
      message: expect.stringContaining("with an empty last page"),
    });
  });
});
