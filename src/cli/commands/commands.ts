/** Every command, in the order in which help lists them; what it does is loaded when it is run. */
import { type Command, loadLater } from "../command.ts";
import { APPLY, CONVERT, DEMO, DOCTOR, EXPLAIN, INIT, PLAN, ROLLBACK, STATUS, SYNC, VERIFY } from "./descriptions.ts";

export const COMMANDS: readonly Command[] = [
  loadLater(INIT, async () => (await import("./init.ts")).init),
  loadLater(DOCTOR, async () => (await import("./doctor.ts")).doctor),
  loadLater(PLAN, async () => (await import("./plan.ts")).plan),
  loadLater(APPLY, async () => (await import("./apply.ts")).apply),
  loadLater(STATUS, async () => (await import("./status.ts")).status),
  loadLater(SYNC, async () => (await import("./sync.ts")).sync),
  loadLater(VERIFY, async () => (await import("./verify.ts")).verify),
  loadLater(ROLLBACK, async () => (await import("./rollback.ts")).rollback),
  loadLater(EXPLAIN, async () => (await import("./explain.ts")).explain),
  loadLater(CONVERT, async () => (await import("./convert.ts")).convert),
  loadLater(DEMO, async () => (await import("./demo.ts")).demo),
];
