/** What an operator reads of a user that a dead process has left parked: the worst place of all comes first. */
import { expect, test } from "vitest";
import { ROWS_TO_WRITE } from "./golden-company.ts";
import { openKillGround } from "./kill-points.ts";

test("C23: status, verify and a resume that fails name a parked user first, with what its new value waits for", async () => {
  const ground = await openKillGround();
  const { lane } = ground;
  const told: { status?: string; verify?: string; again?: string } = {};
  try {
    // What comes after the refusals is another test's: rows that were refused are failed for good.
    await ground.disturb("resume", [
      async (words) => {
        const night = words[1] ?? "";
        told.status = (await lane.run("status", night)).stdout;
        told.verify = (await lane.run("verify", night)).stdout;
        lane.tenant.addFault({ match: { method: "PATCH" }, action: { kind: "status", status: 400, applied: false } });
        told.again = (await lane.run(...words)).stdout;
        lane.tenant.clearFaults();
        return "looked at and refused";
      },
    ]);
  } finally {
    await ground.close();
  }
  const parked = (why: string) =>
    new RegExp(
      `1 user is parked: without an immutable ID in the middle of a swap\\. Apply this run again first of all\\.\\n  row 16  oli -> oli@contoso\\.example: its new value is not written: ${why}`,
    );
  expect(told.status).toMatch(parked("sent, answer lost, not yet settled"));
  expect(told.again).toMatch(parked("."));
  for (const text of [told.status, told.again])
    expect(text).toMatch(new RegExp(`^To go on: +hardmatch apply \\S+night --confirm ${ROWS_TO_WRITE} `, "m"));
  expect(told.verify).toMatch(
    /row 16 {2}oli -> oli@contoso\.example: not-done, the user is parked, without an immutable ID in the middle of a swap: apply the run again first of all$/m,
  );
}, 120_000);
