/** A bug, or a lack of memory, that ends an apply anywhere: its exit code, what it says, and that the run goes on. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawNumber } from "../../src/sim/company/person.ts";
import { ROWS_TO_WRITE } from "./golden-company.ts";
import { type Disturbance, type KillGround, openKillGround } from "./kill-points.ts";

const SEED = 20261122;
/** Three bugs each: `npm run reliability:cases` plants fifty and more. */
const RUNS = Number(process.env.HARDMATCH_BUG_RUNS ?? 8);
/** An error that an effect throws, a rejection that nobody handles, and an error where nobody catches: one after the other. */
const BUGS = ["throw", "reject", "crash"] as const;
/** What fails on the way to Graph is a lost answer, whatever failed, and the log may lack a line: the run goes on. */
const MAY_FAIL = /^(before|after) (http |log\.|writeSync|clock\.sleep)/;

const GO_ON = new RegExp(
  `run the same command again: hardmatch apply \\S+night --confirm ${ROWS_TO_WRITE} --confirm-h`,
);

let ground: KillGround;
beforeAll(async () => {
  ground = await openKillGround();
});
afterAll(() => ground.close());

test("D20: bugs at random points of an apply and its resumes end them with 1, say how it goes on, and lose nothing", async () => {
  const { lane, moments, disturb } = ground;
  const ends = new Map<string, number>();
  const plant =
    (at: string): Disturbance =>
    async (words) => {
      const { code, stderr } = await lane.kill(at, ...words);
      const place = /^bug (.*)$/m.exec(stderr)?.[1];
      if (place === undefined) return null;
      if (code === 0 && at.startsWith("throw") && MAY_FAIL.test(place)) return place;
      expect([at, place, code]).toEqual([at, place, 1]);
      expect(stderr, place).toContain(
        "error: hardmatch has a bug: a bug that was planted. Everything that was sent is recorded",
      );
      expect(stderr, place).toMatch(GO_ON);
      const how = `${at.split(" ")[0]}, ${/^Run night, plan \w+: /m.test(stderr) ? "with a summary" : "at once"}`;
      ends.set(how, (ends.get(how) ?? 0) + 1);
      return place;
    };
  for (let run = 0; run < RUNS; run += 1) {
    // A resume has fewer effects than the apply that it goes on with.
    const bugs = BUGS.map((bug, number) => {
      const point = drawNumber(SEED, `${bug} in run ${run}`, Math.floor(moments.apply / (number + 1)));
      return plant(`${bug} ${point + 1}`);
    });
    const { broken, died } = await disturb("apply", bugs);
    expect(broken, died.join(", ")).toEqual([]);
  }
  console.info(`bugs planted with seed ${SEED}: ${JSON.stringify(Object.fromEntries(ends))}`);
  // What is thrown in the way of the work ends with the state of every row; what is thrown beside it ends at once.
  expect([...ends.keys()]).toEqual(
    expect.arrayContaining(["throw, with a summary", "reject, at once", "crash, at once"]),
  );
}, 300_000);

test("D20: an apply that runs out of memory loses nothing, and 64 MB are enough for one of 22 rows", async () => {
  const under =
    (megabytes: number): Disturbance =>
    async (words) => {
      const { code, stderr } = await ground.lane.start(
        `ulimit -c 0; export NODE_OPTIONS=--max-old-space-size=${megabytes}`,
        ...words,
      ).ended;
      if (code === 0) return null;
      expect(stderr).toContain("JavaScript heap out of memory");
      return `${megabytes} MB`;
    };
  const enough = await ground.disturb("apply", [under(64)]);
  expect([enough.broken, enough.died]).toEqual([[], []]);
  let died = 0;
  for (const megabytes of [16, 20, 24, 28, 32]) {
    const survival = await ground.disturb("apply", [under(megabytes)]);
    expect(survival.broken, `${megabytes} MB`).toEqual([]);
    died += survival.died.length;
  }
  expect(died).toBeGreaterThan(0);
}, 300_000);
