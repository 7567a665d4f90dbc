/** What a rollback says of rows that it leaves alone. The rollback planner raises these; no check finds them. */
import type { Explanation } from "./check.ts";

export const ROLLBACK_FINDINGS = {
  "rollback-drift": {
    severity: "warn",
    says: "The value in the tenant is neither what the run wrote nor what was there before.",
    why: "Somebody else has changed the user since; writing the old value would undo their work.",
    mend: "Look at the user, decide by hand, and write nothing if in doubt.",
    source: "By construction: Graph has no compare-and-set on users.",
    checked: "2026-11",
  },
  "rollback-taken-over": {
    severity: "warn",
    says: "Sync has taken the user over: its immutable ID can no longer be changed.",
    why: "Graph refuses writes to the attribute once AD owns the user.",
    mend: "To undo it, take the AD account out of the sync scope, let a sync run and restore the user from the recycle bin.",
    source: "Microsoft Learn, Use Microsoft Entra Connect with an existing tenant",
    checked: "2026-11",
  },
  "rollback-unconfirmed": {
    severity: "warn",
    says: "The account seems to hold its old value again, but another domain controller says so than the one that was written to.",
    why: "One that has not got the write by replication yet shows the old value too; the row would then stay as the run left it.",
    mend: "Wait until both have replicated, or put the domain controller that was written to first under url; then roll back again.",
    source: "MS-ADTS 3.1.1.1.16 (replication); Microsoft Learn, Active Directory replication concepts",
    checked: "2026-11",
  },
  "rollback-irreversible": {
    severity: "warn",
    says: "A step of this row cannot be taken back: an object was deleted for good, or an identifier was cleared.",
    why: "The row's own immutable ID is still written back; the object that stood in the way stays gone.",
    mend: "Its last state stands in the run folder as JSON, for making it anew by hand.",
    source: "Microsoft Graph, Permanently delete an item (directory object)",
    checked: "2026-11",
  },
  "rollback-restored-stays": {
    severity: "info",
    says: "A user that was restored stays: rollback does not delete it again.",
    why: "It is a live user with a mailbox now, and somebody may have begun to work with it. Its immutable ID is still written back.",
    mend: "If it shall be gone, delete the user by hand; it then lies in the recycle bin for 30 days.",
    source: "Microsoft Graph, Delete user: deleted users are kept for 30 days",
    checked: "2026-11",
  },
  "rollback-record-incomplete": {
    severity: "warn",
    says: "Lines of the results file are missing or damaged: the rows in them are not rolled back.",
    why: "The old values of these rows stand in those lines and nowhere else in the file.",
    mend: "Roll back from the run folder, or from a copy of results.csv that nobody has opened; `hardmatch status <run>` writes the file anew.",
    source: "By construction: each line carries a check over its cells, its number and the number of all lines.",
    checked: "2026-11",
  },
} as const satisfies Readonly<Record<`rollback-${string}`, Explanation>>;
