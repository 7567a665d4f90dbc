/**
 * What help says of every command, and which values each takes; what a command does is loaded when it is run.
 *
 * A hundred modules take longer to load than help takes to print.
 */
import { describeCommand } from "../command.ts";

export const INIT = describeCommand({
  name: "init",
  group: "before",
  summary: "Ask for tenant and directories, test each answer, write hardmatch.yaml",
  about:
    "Asks for the tenant, the sign-in and each Active Directory domain, and tests each answer as doctor does as soon as what it needs is known: an address at once, a sign-in when its questions are answered. Where something fails it can be corrected, tested again or left for later. Writes a commented hardmatch.yaml and beside it a JSON Schema, with which editors know the keys. It asks where secrets come from, never for one to write down. A file that is there already is replaced only after asking. Ctrl-C leaves everything as it was.",
  examples: [
    ["hardmatch init", "ask, test, and write hardmatch.yaml here"],
    ["hardmatch init --config fabrikam.yaml", "another configuration beside it"],
  ],
  operand: null,
  options: [],
});

export const DOCTOR = describeCommand({
  name: "doctor",
  group: "before",
  summary: "Check config, reachability, TLS, sign-in, permissions and tenant settings before the night",
  about:
    "Each thing that is looked at is one line: ok, warning, failure with what mends it, or not checked with the reason. A password is sent only over TLS that is trusted, and once: a sign-in that was refused is not tried again. Writes to no directory. Ends with 0 where nothing fails, else with 2 (configuration or this machine), 4 (directory) or 5 (tenant): the first of them that has a failure.",
  examples: [
    ["hardmatch doctor", "look at everything that hardmatch.yaml names"],
    ["hardmatch doctor --config fabrikam.yaml --json", "the same lines of another configuration, for a script"],
  ],
  operand: null,
  options: [],
});

export const PLAN = describeCommand({
  name: "plan",
  group: "job",
  summary: "Dry run: read both sides, check the whole batch, save the plan",
  about:
    "Reads the mapping, Active Directory and the tenant, checks every row against every other, and saves the plan with plan.csv in a new run folder. Writes to no directory.",
  examples: [
    ["hardmatch plan mapping.csv", "check the whole mapping and save the plan"],
    ["hardmatch plan mapping.csv --limit 5", "a pilot with its first five rows"],
    ["hardmatch plan mapping.csv --replace", "also users that hold another immutable ID"],
    [
      "hardmatch plan mapping.csv --write-to ad",
      "users that move between domains: put their IDs into the new accounts",
    ],
    ["hardmatch plan mapping.csv --on-conflict clear-holder --allow clear-holder", "free IDs that other users hold"],
  ],
  operand: { name: "mapping.csv", help: "Which AD account belongs to which cloud user", presence: "required" },
  options: [
    "run",
    "anchor",
    "source-key",
    "write-to",
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
  group: "job",
  summary: "Write exactly the saved plan, or go on where an apply stopped",
  about:
    "Reads both sides again, leaves every row alone that has moved since the plan, and writes the others one user at a time. Every write is on disk before it is sent. Ctrl-C stops it so that the same command goes on later. A run that stops by itself, because too much was refused or changed, goes on only when --acknowledge names the reason.",
  examples: [
    ["hardmatch apply runs/people-20261122T014500Z", "write the plan of this run; asks for the number of rows"],
    ["hardmatch apply runs/people-20261122T014500Z --confirm 312", "the same without a terminal"],
    ["hardmatch apply runs/people-20261122T014500Z --skip-blocked", "only the rows that are not blocked"],
  ],
  operand: { name: "run", help: "Run folder that plan or rollback made", presence: "required" },
  options: ["confirm", "confirm-holders", "skip-blocked", "canary", "sync-paused", "acknowledge"],
});

export const STATUS = describeCommand({
  name: "status",
  group: "job",
  summary: "Show how a run stands, offline, from its folder alone",
  about:
    "Reads the run folder and nothing else. Makes results.csv whole where a run died. A run in progress or a read-only folder is shown as it stands.",
  examples: [["hardmatch status runs/people-20261122T014500Z", "what stands where, offline"]],
  operand: { name: "run", help: "Run folder", presence: "required" },
  options: [],
});

export const SYNC = describeCommand({
  name: "sync",
  group: "job",
  summary: "Start a delta sync: Connect Sync on its own server, or Cloud Sync through Graph",
  about:
    "On the server of Connect Sync it starts a delta cycle through PowerShell; on another machine it prints the line to run there. Cloud Sync is started through Graph, or asked for named users with --users.\n\nWithout sync.method in the configuration it finds out which of the two there is.",
  examples: [
    ["hardmatch sync", "start a cycle, or print the line that starts one where sync runs"],
    ["hardmatch sync --users runs/people-20261122T014500Z", "Cloud Sync on demand, for the users of a run"],
  ],
  operand: null,
  options: ["users"],
});

export const VERIFY = describeCommand({
  name: "verify",
  group: "job",
  summary: "Read both sides again and say what holds, drifted or was taken over by sync",
  about:
    "Compares every row of the run with Active Directory and the tenant as they are now. Writes to no directory.\n\nWith --wait-for-sync it goes on looking, twice a minute, until sync has taken every user over or it is known why not.",
  examples: [
    ["hardmatch verify runs/people-20261122T014500Z", "compare every row with both sides as they are now"],
    ["hardmatch verify runs/people-20261122T014500Z --wait-for-sync 90m", "follow the takeover until all is decided"],
  ],
  operand: { name: "run", help: "Run folder", presence: "required" },
  options: ["wait-for-sync"],
});

export const ROLLBACK = describeCommand({
  name: "rollback",
  group: "job",
  summary: "Write the old values back, from a run folder or a results.csv alone",
  about:
    "Writes an old value back only where the user still holds exactly what the run wrote. Users that sync has taken over, and users that somebody else has changed since, are listed and left alone. The way back is a run of its own: it can be resumed, verified and itself rolled back.",
  examples: [
    ["hardmatch rollback runs/people-20261122T014500Z --plan-only", "show the way back, and write nothing"],
    ["hardmatch rollback runs/people-20261122T014500Z", "take the run back"],
    ["hardmatch rollback results.csv --rows 17,40-52", "only these rows, from the file alone"],
  ],
  operand: { name: "run or results.csv", help: "What is to be undone", presence: "required" },
  options: ["run", "rows", "plan-only", "confirm", "canary", "sync-paused", "skip-blocked"],
});

export const EXPLAIN = describeCommand({
  name: "explain",
  group: "other",
  summary: "Say what a finding or an exit code means, why it matters and how to mend it",
  about:
    "Without a code it lists them all. A number is an exit code; a holder action, such as clear-holder, is explained too, and so is what verify says of a cutover, such as duplicate-made.",
  examples: [
    ["hardmatch explain", "all findings, holder actions and exit codes"],
    ["hardmatch explain id-held-by-user", "one of them, with how to mend it"],
    ["hardmatch explain 6", "an exit code"],
  ],
  operand: {
    name: "code",
    help: "A finding, such as source-not-found, a holder action or an exit code",
    presence: "optional",
  },
  options: [],
});

export const CONVERT = describeCommand({
  name: "convert",
  group: "other",
  summary: "Turn GUID, immutable ID, hex bytes and LDAP filter bytes into one another",
  about:
    "Offline. Values come as arguments or, without any, one per line from stdin. 32 hex digits without dashes are read as the bytes that Active Directory stores; a GUID is written with dashes.",
  examples: [
    ["hardmatch convert 28d6e2d5-6368-4d5a-b671-d52b30172680", "a GUID in all its forms"],
    ["hardmatch convert < ids.txt", "one value a line"],
  ],
  operand: { name: "value", help: "GUID, immutable ID, hex bytes or LDAP filter bytes", presence: "many" },
  options: [],
});

export const DEMO = describeCommand({
  name: "demo",
  group: "other",
  summary: "Run the whole job, plan to rollback, on a simulated AD and tenant",
  about:
    "Starts both on free loopback ports, loads a small company and runs the ordinary commands against it. No account and no network are needed.",
  examples: [
    ["hardmatch demo", "the whole job, on this machine"],
    ["hardmatch demo --serve --keep demo", "leave the simulation running, to try commands on"],
  ],
  operand: null,
  options: ["serve", "keep"],
});
