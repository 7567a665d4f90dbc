/** Which effects a run performs, and in which order: what is enumerated must be everything. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOLDEN_APPLY, ROWS_TO_WRITE } from "./golden-company.ts";
import { type KillGround, openKillGround } from "./kill-points.ts";

let ground: KillGround;
const performed: string[] = [];
beforeAll(async () => {
  ground = await openKillGround();
  await ground.disturb("apply", [
    async () => {
      performed.push(...(await ground.lane.record("apply", ground.lane.path("runs", "night"), ...GOLDEN_APPLY)));
      return "recorded";
    },
  ]);
});
afterAll(() => ground.close());

test("an apply performs every kind of effect through the composition root", () => {
  const kinds = new Set(performed.map((moment) => moment.replace(/^(before|after) /, "")));
  expect([...kinds].sort()).toEqual([
    ...["chance.uuid", "clock.sleep", "directory.close", "directory.findAccounts", "directory.findAnchorHolders"],
    ...["directory.findWritable", "directory.identify", "directory.readValue", "directory.writeValue"],
    ...["http GET", "http PATCH", "http POST"],
    ...["log.close", "log.info", "log.open"],
    ...["run.close", "run.intend", "run.observe", "run.publish", "run.recordEnd", "run.storeDecisions"],
    ...["shelf.open", "tenant-lock.release", "tenant-lock.take"],
  ]);
});

test("no write leaves the process before its intent is on disk", () => {
  let [intended, sent] = [0, 0];
  for (const moment of performed) {
    if (moment === "after run.intend") intended += 1;
    if (moment !== "before http PATCH" && moment !== "before directory.writeValue") continue;
    sent += 1;
    expect(sent).toBeLessThanOrEqual(intended);
  }
  expect(sent).toBeGreaterThan(ROWS_TO_WRITE);
});
