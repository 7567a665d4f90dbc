/** Every command, in the order in which help lists them. */
import type { Command } from "../command.ts";
import { apply } from "./apply.ts";
import { convert } from "./convert.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { explain } from "./explain.ts";
import { init } from "./init.ts";
import { plan } from "./plan.ts";
import { rollback } from "./rollback.ts";
import { status } from "./status.ts";
import { verify } from "./verify.ts";

export const COMMANDS: readonly Command[] = [
  init,
  doctor,
  plan,
  apply,
  status,
  verify,
  rollback,
  explain,
  convert,
  demo,
];
