import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import type { Mapping } from "../../src/core/mapping.ts";
import { identifySources } from "../../src/stages/identify-directories.ts";
import { type ResolveScope, resolveUsers } from "../../src/stages/resolve-users.ts";
import { account, mapping } from "../support/facts.ts";
import { SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryDirectory, MemoryForest } from "../support/memory-world.ts";
import { collectUnhandled } from "../support/unhandled-rejections.ts";

const scope = { sourceKey: "sAMAccountName" as const, progress: SILENT_PROGRESS, signal: new AbortController().signal };
const resolve = async (
  mappings: readonly Mapping[],
  directories: readonly MemoryDirectory[],
  { forests = [], ...changes }: Partial<ResolveScope> & { readonly forests?: readonly MemoryForest[] } = {},
) =>
  resolveUsers(mappings, await identifySources({ directories, forests, log: SILENT_LOG }, scope.signal), {
    ...scope,
    ...changes,
  });
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
    await resolve(rows("ada", "ben", "ADA", "cyd", "dee", "Ada"), [directory]);
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
    const resolutions = await resolve(rows("eve", "nobody", "ada", "dee"), [directory]);
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
    await resolve(rows(...people), [directory]);
    expect([most, directory.asked.length]).toEqual([2, 5]);
  });

  test("asks the row's own domain, and every domain where the row names none", async () => {
    const directories = [corp(), old()];
    const resolutions = await resolve(rows("ada", "ben@old", "cyd@CORP", "gil@NEW", "ben"), directories);
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
    const [plain, accented] = await resolve(rows("jose", "josé"), [directory]);
    expect([plain?.exact.length, plain?.near.length]).toEqual([1, 1]);
    expect([accented?.exact.length, accented?.near.length]).toEqual([1, 1]);
  });

  test("with no row nothing is asked", async () => {
    const directory = corp();
    expect(await resolve([], [directory])).toEqual([]);
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
    const { error, unhandled } = await collectUnhandled(resolve(rows(...people), [failing, old()]));
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
    const { error, unhandled } = await collectUnhandled(resolve(rows(...people), directories));
    expect(error).toMatchObject({ code: "directory" });
    expect(unhandled).toEqual([]);
  });

  test("the stage is ended whether it worked or not, and counts every name that was looked up", async () => {
    const told: string[] = [];
    const progress = {
      ...SILENT_PROGRESS,
      begin: (stage: string, total: number | null) => {
        told.push(`begin ${stage} ${total}`);
        return {
          ...SILENT_PROGRESS.begin(stage, total),
          advance: (count: number) => told.push(`${count}`),
          end: () => told.push("end"),
        };
      },
    };
    const directory = corp();
    await resolve(rows("ada", "ben", "cyd"), [directory], { progress });
    directory.beforeSearch = () => {
      throw new BatchError("directory", "lost", "Try again.");
    };
    await expect(resolve(rows("ada"), [directory], { progress })).rejects.toThrow("lost");
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
    await resolve(rows("ada@CORP", "ben@OLD", "cyd"), [corp(), old()], { progress });
    expect(totals).toEqual([4]);
  });
});

describe("resolveUsers with a Global Catalog", () => {
  const eu = () =>
    new MemoryDirectory("EU", [
      account("ada", { domain: "EU", dn: "CN=ada,DC=EU" }),
      account("hal", { domain: "EU", dn: "CN=hal,DC=EU" }),
    ]);

  test("asks a row without a domain only where the catalog has seen its account", async () => {
    const directories = [corp(), old()];
    const resolutions = await resolve(rows("ada", "gil", "nobody"), directories, {
      forests: [new MemoryForest(directories)],
    });
    expect(directories.map(({ asked }) => asked.flat())).toEqual([
      ["ada", "nobody"],
      ["gil", "nobody"],
    ]);
    expect(resolutions.map(({ exact }) => exact.length)).toEqual([1, 1, 0]);
  });

  test("asks every directory about a name that the catalog does not know yet", async () => {
    const directories = [corp(), old()];
    const empty = new MemoryForest([new MemoryDirectory("CORP", []), new MemoryDirectory("OLD", [])]);
    const [ben] = await resolve(rows("ben"), directories, { forests: [empty] });
    expect(ben?.exact.map(({ domain }) => domain)).toEqual(["CORP", "OLD"]);
  });

  test("asks a row's own domain whatever the catalog says, since it may lag behind", async () => {
    const directory = corp();
    const [ada] = await resolve(rows("ada@CORP"), [directory], {
      forests: [new MemoryForest([new MemoryDirectory("CORP", [])])],
    });
    expect(ada?.exact.map(({ accountName }) => accountName)).toEqual(["ada"]);
  });

  test("finds both accounts of a name that two configured domains have", async () => {
    const directories = [corp(), old()];
    const [ben] = await resolve(rows("ben"), directories, { forests: [new MemoryForest(directories)] });
    expect(ben?.exact.map(({ domain }) => domain)).toEqual(["CORP", "OLD"]);
  });

  test("names an account in a domain of the forest that no directory serves, and takes no anchor from the catalog", async () => {
    const forests = [new MemoryForest([corp(), eu()])];
    const [ada, hal, own, cyd] = await resolve(rows("ada", "HAL", "ada@CORP", "cyd"), [corp()], { forests });
    const elsewhere = (resolution: typeof ada) =>
      resolution?.elsewhere.map(({ domain, accountName }) => `${domain.domain}\\${accountName}`);
    expect([ada?.exact.length, elsewhere(ada)]).toEqual([1, ["EU\\ada"]]);
    expect([hal?.exact.length, elsewhere(hal)]).toEqual([0, ["EU\\hal"]]);
    expect([own?.exact.length, elsewhere(own)]).toEqual([1, []]);
    expect([cyd?.exact.length, elsewhere(cyd)]).toEqual([1, []]);
  });

  test("asks a directory of another forest about every row", async () => {
    const [inForest, outside] = [corp(), old()];
    await resolve(rows("ada", "ben"), [inForest, outside], { forests: [new MemoryForest([inForest])] });
    expect([inForest.asked.flat(), outside.asked.flat()]).toEqual([
      ["ada", "ben"],
      ["ada", "ben"],
    ]);
  });

  test("two catalogs of one forest name an account once", async () => {
    const forests = [new MemoryForest([corp(), eu()]), new MemoryForest([corp(), eu()])];
    const [hal] = await resolve(rows("hal"), [corp()], { forests });
    expect(hal?.elsewhere).toHaveLength(1);
  });

  test("an account elsewhere that differs by an accent is another account", async () => {
    const abroad = new MemoryDirectory("EU", [account("josé", { domain: "EU" })]);
    const [jose] = await resolve(rows("jose"), [new MemoryDirectory("CORP", [account("jose")])], {
      forests: [new MemoryForest([new MemoryDirectory("CORP", [account("jose")]), abroad])],
    });
    expect([jose?.exact.length, jose?.elsewhere]).toEqual([1, []]);
  });

  test("asks a domain whose account differs by an accent, so that the row is told from one that finds nobody", async () => {
    const directory = new MemoryDirectory("CORP", [account("josé")]);
    const [jose] = await resolve(rows("jose"), [directory], { forests: [new MemoryForest([directory])] });
    expect([jose?.exact.length, jose?.near.length]).toEqual([0, 1]);
  });
});
