import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { identifyDirectories, resolveUsers } from "../../src/stages/resolve-users.ts";
import { account, mapping } from "../support/facts.ts";
import { SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryDirectory } from "../support/memory-world.ts";
import { collectUnhandled } from "../support/unhandled-rejections.ts";

const scope = { sourceKey: "sAMAccountName" as const, progress: SILENT_PROGRESS, signal: new AbortController().signal };
const people = ["ada", "ben", "cyd", "dee", "eve"];
const corp = () =>
  new MemoryDirectory(
    "CORP",
    people.map((name) => account(name)),
  );
const old = () =>
  new MemoryDirectory(
    "OLD",
    ["ben", "gil"].map((name) => account(name, { domain: "OLD" })),
  );
const rows = (...names: readonly string[]) =>
  names.map((name, index) => {
    const [account = "", domain = null] = name.split("@");
    return mapping(index + 2, account, { domain });
  });

describe("resolveUsers", () => {
  test("asks in groups of the directory's size, for each name once, whatever its case", async () => {
    const directory = corp();
    await resolveUsers(rows("ada", "ben", "ADA", "cyd", "dee", "Ada"), [directory], scope);
    expect(directory.asked.map((group) => group.length)).toEqual([2, 2]);
    expect(new Set(directory.asked.flat().map((name) => name.toLowerCase()))).toEqual(
      new Set(["ada", "ben", "cyd", "dee"]),
    );
  });

  test("gives one resolution a row, in input order, in whatever order the answers come", async () => {
    const directory = corp();
    const gates = new Map<number, () => void>();
    directory.beforeSearch = (n) => {
      // The second search answers first.
      if (n !== 1) return gates.get(1)?.();
      return new Promise<void>((resolve) => gates.set(1, resolve));
    };
    const resolutions = await resolveUsers(rows("eve", "nobody", "ada", "dee"), [directory], scope);
    expect(
      resolutions.map(({ mapping: { row }, exact }) => [row, exact.map(({ accountName }) => accountName)]),
    ).toEqual([
      [2, ["eve"]],
      [3, []],
      [4, ["ada"]],
      [5, ["dee"]],
    ]);
  });

  test("has no more searches under way than the directory allows", async () => {
    const directory = corp();
    directory.groupSize = 1;
    let underWay = 0;
    let most = 0;
    directory.beforeSearch = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
    };
    await resolveUsers(rows(...people), [directory], scope);
    expect([most, directory.asked.length]).toEqual([2, 5]);
  });

  test("asks the row's own domain, and every domain where the row names none", async () => {
    const directories = [corp(), old()];
    const resolutions = await resolveUsers(rows("ada", "ben@old", "cyd@CORP", "gil@NEW", "ben"), directories, scope);
    expect(directories.map(({ asked }) => asked.flat().sort())).toEqual([
      ["ada", "ben", "cyd"],
      ["ada", "ben"],
    ]);
    expect(resolutions.map(({ exact }) => exact.map(({ domain }) => domain).join())).toEqual([
      "CORP",
      "OLD",
      "CORP",
      "",
      "CORP,OLD",
    ]);
    expect(resolutions.map(({ unknownDomain }) => unknownDomain)).toEqual([false, false, false, true, false]);
  });

  test("an account that two searches have found is one account", async () => {
    const directory = new MemoryDirectory("CORP", [account("jose"), account("josé")]);
    directory.groupSize = 1;
    const [plain, accented] = await resolveUsers(rows("jose", "josé"), [directory], scope);
    expect([plain?.exact.length, plain?.near.length]).toEqual([1, 1]);
    expect([accented?.exact.length, accented?.near.length]).toEqual([1, 1]);
  });

  test("with no row nothing is asked", async () => {
    const directory = corp();
    expect(await resolveUsers([], [directory], scope)).toEqual([]);
    expect(directory.asked).toEqual([]);
  });

  test("a search that fails ends the stage with its error, and the searches behind it are never sent", async () => {
    const failing = corp();
    failing.groupSize = 1;
    failing.concurrency = 1;
    const lost = new BatchError("directory", "the connection was lost", "Try again.");
    failing.beforeSearch = (n) => {
      if (n === 2) throw lost;
    };
    const { error, unhandled } = await collectUnhandled(resolveUsers(rows(...people), [failing, old()], scope));
    expect(error).toBe(lost);
    // The slot of the failed search may be given away before its failure is known; the queue is not.
    expect(failing.asked.length).toBeLessThanOrEqual(3);
    expect(unhandled).toEqual([]);
  });

  test("two directories that fail end the stage once, and neither failure is left over", async () => {
    const directories = [corp(), old()];
    for (const directory of directories) {
      directory.beforeSearch = async () => {
        await Promise.resolve();
        throw new BatchError("directory", `${directory.domain} is lost`, "Try again.");
      };
    }
    const { error, unhandled } = await collectUnhandled(resolveUsers(rows(...people), directories, scope));
    expect(error).toMatchObject({ code: "directory" });
    expect(unhandled).toEqual([]);
  });

  test("the stage is ended whether it worked or not, and counts every name that was looked up", async () => {
    const told: string[] = [];
    const progress = {
      ...SILENT_PROGRESS,
      begin: (stage: string, total: number | null) => {
        told.push(`begin ${stage} ${total}`);
        return { advance: (count: number) => told.push(`${count}`), end: () => told.push("end") };
      },
    };
    const directory = corp();
    await resolveUsers(rows("ada", "ben", "cyd"), [directory], { ...scope, progress });
    directory.beforeSearch = () => {
      throw new BatchError("directory", "lost", "Try again.");
    };
    await expect(resolveUsers(rows("ada"), [directory], { ...scope, progress })).rejects.toThrow("lost");
    expect(told).toEqual(["begin reading AD accounts 3", "2", "1", "end", "begin reading AD accounts 1", "end"]);
  });

  test("the total counts a row with a domain for that domain only", async () => {
    const totals: (number | null)[] = [];
    const progress = {
      ...SILENT_PROGRESS,
      begin: (stage: string, total: number | null) => {
        totals.push(total);
        return SILENT_PROGRESS.begin(stage, total);
      },
    };
    await resolveUsers(rows("ada@CORP", "ben@OLD", "cyd"), [corp(), old()], { ...scope, progress });
    expect(totals).toEqual([4]);
  });
});

test("identifyDirectories asks each who it is, in the order in which they are configured", async () => {
  const identities = await identifyDirectories([old(), corp()], scope.signal);
  expect(identities.map(({ domain }) => domain)).toEqual(["OLD", "CORP"]);
});
