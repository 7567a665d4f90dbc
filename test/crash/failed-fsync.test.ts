/** A disk that fails to make something durable, once: the run stops there, and the same command goes on. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KillGround, openKillGround } from "./kill-points.ts";

let ground: KillGround;
beforeAll(async () => {
  ground = await openKillGround();
});
afterAll(() => ground.close());

/** The kernel's answer to the n-th fsync of a process can only be changed from outside it. */
const TRACER = "strace -f --seccomp-bpf -qq -o /dev/null -e trace=fsync,fdatasync";

test("D10: an fsync that fails once and then would succeed stops the run, sends nothing more, and loses nothing", async (context) => {
  if (spawnSync("sh", ["-c", `${TRACER} true`]).status !== 0)
    return context.skip("strace is missing, or may not trace");
  let stopped = 0;
  for (const which of [1, 2, 4, 7, 12, 25, 50, 90]) {
    const { broken, died } = await ground.disturb("apply", [
      async (words) => {
        const inject = `-e inject=fsync,fdatasync:error=EIO:when=${which}`;
        const { code, stderr } = await ground.lane.start(`exec ${TRACER} ${inject} "$0" "$@"`, ...words).ended;
        return code === 0 ? null : `code ${code}: ${stderr}`;
      },
    ]);
    expect(broken, `fsync ${which}`).toEqual([]);
    for (const text of died)
      expect(text, `fsync ${which}`).toMatch(/^code 6: .*(read or write error|disk I\/O error)/s);
    stopped += died.length;
  }
  expect(stopped).toBeGreaterThan(4);
}, 300_000);
