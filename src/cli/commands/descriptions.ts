/**
 * What help says of every command, and which values each takes; what a command does is loaded when it is run.
 *
 * A hundred modules take longer to load than help takes to print.
 */
import { describeCommand } from "../command.ts";

export const PLAN = describeCommand({
  name: "plan",
  summary: "Dry run: read both sides, check the whole batch, save the plan",
  about:
    "Reads the mapping, Active Directory and the tenant, checks every row against every other, and saves the plan with plan.csv in a new run folder. Writes to no directory.",
  operand: { name: "mapping.csv", help: "Which AD account belongs to which cloud user", presence: "required" },
  options: [
    "run",
    "anchor",
    "source-key",
    "replace",
    "on-conflict",
    "allow",
    "accept-identity-mismatch",
    "limit",
    "encoding",
    "columns",
  ],
});

export const APPLY = describeCommand({
  name: "apply",
  summary: "Write exactly the saved plan, or go on where an apply stopped",
  about:
    "Reads both sides again, leaves every row alone that has moved since the plan, and writes the others one user at a time. Every write is on disk before it is sent. Ctrl-C stops it so that the same command goes on later. A run that stops by itself, because too much was refused or changed, goes on only when --acknowledge names the reason.",
  operand: { name: "run", help: "Run folder that plan or rollback made", presence: "required" },
  options: ["confirm", "confirm-holders", "skip-blocked", "canary", "acknowledge"],
});

export const STATUS = describeCommand({
  name: "status",
  summary: "Show how a run stands, offline, from its folder alone",
  about:
    "Reads the run folder and nothing else. Makes results.csv whole where a run died. A run in progress or a read-only folder is shown as it stands.",
  operand: { name: "run", help: "Run folder", presence: "required" },
  options: [],
});

export const VERIFY = describeCommand({
  name: "verify",
  summary: "Read both sides again and say what holds, drifted or was taken over by sync",
  about: "Compares every row of the run with Active Directory and the tenant as they are now. Writes to no directory.",
  operand: { name: "run", help: "Run folder", presence: "required" },
  options: [],
});

export const ROLLBACK = describeCommand({
  name: "rollback",
  summary: "Write the old values back, from a run folder or a results.csv alone",
  about:
    "Writes an old value back only where the user still holds exactly what the run wrote. Users that sync has taken over, and users that somebody else has changed since, are listed and left alone. The way back is a run of its own: it can be resumed, verified and itself rolled back.",
  operand: { name: "run or results.csv", help: "What is to be undone", presence: "required" },
  options: ["run", "rows", "plan-only", "confirm", "canary", "skip-blocked"],
});

export const EXPLAIN = describeCommand({
  name: "explain",
  summary: "Say what a finding or an exit code means, why it matters and how to mend it",
  about:
    "Without a code it lists them all. A number is an exit code; a holder action, such as clear-holder, is explained too.",
  operand: {
    name: "code",
    help: "A finding, such as source-not-found, a holder action or an exit code",
    presence: "optional",
  },
  options: [],
});

export const CONVERT = describeCommand({
  name: "convert",
  summary: "Turn GUID, immutable ID, hex bytes and LDAP filter bytes into one another",
  about:
    "Offline. Values come as arguments or, without any, one per line from stdin. 32 hex digits without dashes are read as the bytes that Active Directory stores; a GUID is written with dashes.",
  operand: { name: "value", help: "GUID, immutable ID, hex bytes or LDAP filter bytes", presence: "many" },
  options: [],
});

export const DEMO = describeCommand({
  name: "demo",
  summary: "Run the whole job, plan to rollback, on a simulated AD and tenant",
  about:
    "Starts both on free loopback ports, loads a small company and runs the ordinary commands against it. No account and no network are needed.",
  operand: null,
  options: ["serve", "keep"],
});
