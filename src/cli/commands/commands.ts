/** Every command, in the order in which help lists them. */
import type { Command } from "../command.ts";
import { apply } from "./apply.ts";
import { convert } from "./convert.ts";
import { demo } from "./demo.ts";
import { explain } from "./explain.ts";
import { plan } from "./plan.ts";
import { rollback } from "./rollback.ts";
import { status } from "./status.ts";
import { sync } from "./sync.ts";
import { verify } from "./verify.ts";

export const COMMANDS: readonly Command[] = [plan, apply, status, sync, verify, rollback, explain, convert, demo];
