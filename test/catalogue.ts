/**
 * The catalogue of faults: everything that is known to go wrong in such a job, each with a number and one line.
 *
 * A case is tested by at least one test whose title begins with its number; `catalogue.test.ts` holds that true. The
 * letters are areas: A the mapping file, B Active Directory, C Graph, D disk, process and time, E security.
 */

/** Number and meaning of every case. */
export const CATALOGUE = {
  A01: "a mapping in UTF-8 with or without a mark, with any line ending, gives one and the same plan",
  A02: "a mapping in UTF-16 of either byte order is decoded by its mark",
  A03: "bytes that are no UTF-8 are read as Windows-1252, said so, and trusted in no name before the encoding is named",
  A04: "two names that differ in one uncertain byte are both refused and never become one person",
  A05: "a control character in a field is refused and shown escaped",
  A06: "an invisible or bidirectional character in a name is refused by its code point",
  A07: "half of a surrogate pair is refused",
  A08: "a decomposed, full-width or otherwise similar letter never finds another person",
  A09: "a UPN with a letter of another alphabet that looks like Latin is refused",
  A10: "two names that differ only in case are one person, and both lines are named",
  A11: "one account or one cloud user on two rows is refused with both lines",
  A12: "a row that stands twice is refused",
  A13: "headings that are missing, doubled or named as JavaScript's own properties do no harm; their order is free",
  A14: "every usual delimiter, a sep= line and PowerShell's #TYPE line are understood",
  A15: "rows that are too short, too long, blank, commented or badly quoted never shift a column",
  A16: "a quote that is never closed is refused by the line on which it opened",
  A17: "a line break inside a field is refused",
  A18: "giant fields, columns, rows and packed files are refused early and in little memory",
  A19: "names that Excel has damaged are refused, or not found with a hint",
  A20: "what a spreadsheet would run as a formula is written so that it is not, and read back exactly",
  A21: "a column that has slipped by a row refuses the whole plan",
  A22: "a few rows that have slipped are warned of, each by its row",
  A23: "a mapping that was edited after the plan changes nothing, and that is said at apply",
  A24: "a pipe, folder, device, circle of links or unreadable file in the place of the mapping ends at once",
  A25: "an empty mapping, or a header alone, makes no plan",
  A26: "a value that looks like a path is a value, and touches no file",

  B01: "filter syntax, NUL and giant names find nobody else",
  B02: "a server that ignores accents does not turn one person into another",
  B03: "a server that ignores width or outer spaces does not turn one person into another",
  B04: "a name that several domains hold is ambiguous and blocked",
  B05: "a missing, disabled, machine, contact, service or deleted account each has its own reason",
  B06: "a GUID that is missing, cut, too long or text is refused; any 16 bytes are taken exactly",
  B07: "the byte order of a GUID is that of Microsoft's published example",
  B08: "a ConsistencyGuid that is empty, different or junk counts as the chosen anchor says",
  B09: "a server that spells attribute names its own way changes no value",
  B10: "limits of the server on the size of an answer lose nobody",
  B11: "referrals are never followed, in a circle or anywhere else",
  B12: "a connection that breaks, hangs or drips is tried again and then given up, without a plan",
  B13: "an account that was moved or renamed is the same one; one that was made anew is drift",
  B14: "plain LDAP to another machine is refused before one byte leaves",
  B15: "StartTLS that is stripped, refused or tampered with sends no password",
  B16: "an expired, self-signed, foreign or misnamed certificate, or an old TLS, is refused",
  B17: "a sign-in that fails is tried once, and its reason is told",
  B18: "malformed or giant answers cost bounded memory and end in an error",
  B19: "after a lost connection the sign-in goes over TLS again, or not at all",
  B20: "debug switches print no password",

  C01: "a pause that Graph asks for in seconds is kept in full, and a long one ends the run resumably",
  C02: "a pause until a date counts from the server's clock, whatever the local one says",
  C03: "a refusal for load without a usable time is waited out for a growing, bounded time",
  C04: "a service that refuses for load for ever ends the run, resumably",
  C05: "answers inside a batch are told apart by id, whatever is missing, doubled or in another order",
  C06: "a server error of a write that did not happen is settled by reading, then sent again",
  C07: "a server error of a write that did happen is settled by reading, and not sent again",
  C08: "a connection lost before a write took effect is settled as not done",
  C09: "a connection lost after a write took effect is settled as done",
  C10: "a write that lands late meets no other value of ours",
  C11: "a write that lands after a crash does not undo the rollback that was started at once",
  C12: "a write that a proxy delivers twice does no harm and is seen",
  C13: "an answer of a portal or proxy is not Graph's, and no redirect is followed",
  C14: "an old value read right after a write is neither drift nor a reason to write again",
  C15: "an old holder read before a write is looked at again",
  C16: "somebody else's write between our read and our write is found afterwards",
  C17: "somebody else's write before our read leaves the row alone",
  C18: "somebody else's write before a rollback leaves the row alone",
  C19: "a user who was deleted, renamed or replaced under the same UPN is never mistaken for another",
  C20: "sync that takes users over in the middle of a run stops it and is named",
  C21: "a conflict that Graph reports is told apart by who holds the value",
  C22: "swaps, cycles and chains of any length are written in the right order",
  C23: "a crash in the middle of a cycle leaves a parked user who is shown, and a resume finishes",
  C24: "a tenant that refuses null is found out by the canary, before any cycle",
  C25: "a cycle that cannot be finished blocks what waits for it and is put back by a rollback",
  C26: "two IDs that differ only in case are two IDs",
  C27: "no character of a name or ID is taken for syntax of a request",
  C28: "pages that loop, lead elsewhere, are lost or empty never pass for the whole list",
  C29: "a token that ends or is revoked is renewed once, or the run stops resumably",
  C30: "another tenant, another cloud or a missing permission is found out at the start",
  C31: "giant, packed, broken or foreign answers are capped",
  C32: "a kept connection that the server closes loses no row",
  C33: "of a batch of reads only what failed is read again",
  C34: "an unset, an empty and a foreign old value are kept apart and restored exactly",
  C35: "a user who holds the right ID already is not written, and not rolled back",
  C36: "what never left the machine is tried again; a proxy in between that forges a certificate is refused",
  C37: "thousands of rows among mixed faults end as planned",
  C38: "two hosts that write the same users do not fight",

  D01: "a process killed before or after any effect loses nothing",
  D02: "a process killed at any moment loses nothing",
  D03: "a process killed in a resume or rollback, also again and again, loses nothing",
  D04: "power lost between two flushes leaves what was committed",
  D05: "a record that was cut off opens at a committed state or is refused",
  D06: "a bit that has flipped in the record is found or has no effect",
  D07: "a record of another run, or with rows taken out, is refused",
  D08: "a disk that fills up at any write stops the run and truncates nothing",
  D09: "limits, missing rights and failures of the disk stop the run resumably",
  D10: "a flush to disk that failed is not tried again",
  D11: "a plan that is interrupted is whole or not there",
  D12: "a run folder that is deleted, moved or locked away stops the run",
  D13: "one signal in any phase drains within the time-out and leaves the run resumable",
  D14: "a second and a third signal stop at once, and what was sent is recorded as undecided",
  D15: "a process that slept for long trusts nothing that was under way",
  D16: "a process that sleeps keeps its run to itself",
  D17: "of many that start at once exactly one runs",
  D18: "a lock file that is stale, empty or junk is taken over or refused with what to do",
  D19: "a screen that is gone, slow or no terminal does not stop a run",
  D20: "a bug or a lack of memory at any point leaves the run resumable",
  D21: "a wall clock that jumps changes no waiting time",
  D22: "a run folder of a newer version is refused; an older one is read or refused with what to do",
  D23: "a plan, or its table, that was edited is refused",
  D24: "the same command again writes nothing again, and a rollback can be rolled back",
  D25: "results that a spreadsheet has damaged are named line by line and not used",
  D26: "lost results are made again to the last byte",
  D27: "canary, confirmation and breaker stop exactly at their limits",
  D28: "long, foreign and spaced paths and network drives work or are refused clearly",
  D29: "on Windows a file that is held open, Ctrl-Break and a closed console lose nothing",
  D30: "a very large run loads in seconds and bounded memory",

  E01: "no secret stands in any output, file, crash or list of processes",
  E02: "no option takes a secret, and whoever tries is told where it belongs",
  E03: "a file of a secret that others can read, that is a link or no file, is refused",
  E04: "folders and files of a run are private whatever the umask, and whatever lay there before",
  E05: "links, pipes and second names planted in the place of our files are refused and lead nowhere",
  E06: "a run folder that is replaced while it is in use gets nothing",
  E07: "switched-off certificate checks are refused; other switches that change what is trusted are logged",
  E08: "a token goes to no host but Graph's own or this machine",
  E09: "a run folder that was made to do harm is refused by its schema",
  E10: "a results file that was made to do harm writes to nobody it should not",
  E11: "terminal codes and line breaks in names of either side are shown, not obeyed",
  E12: "no name or error makes a second line of the log",
  E13: "a privileged user in the batch is blocked, and no option overrides that",
  E14: "roles that cannot be read are said to be unchecked",
  E15: "a token without a needed permission is refused; one with far too many is warned of",
  E16: "readers take time in proportion to their input, whatever repeats in it",
  E17: "the package holds the program and its licence, no test, no secret and no install script; its dependencies are free to use",
  E18: "changed code in planner, journal, classifier or rollback makes a test fail",
  E19: "random plans among random faults and schedules keep every promise",
  E20: "an app that may only read can plan, and its apply is refused before the first write",
} as const satisfies Record<`${Area}${string}`, string>;

type Area = "A" | "B" | "C" | "D" | "E";
export type CatalogueId = keyof typeof CATALOGUE;

/** How many cases each area has: a case that is lost is missed. */
export const AREA_SIZES: Readonly<Record<Area, number>> = { A: 26, B: 20, C: 38, D: 30, E: 20 };

/** Cases that no machine of CI can show, at most {@link MOST_NOT_ON_CI}: why, and what stands in. */
export const NOT_ON_CI: Partial<Record<CatalogueId, { readonly reason: string; readonly standIn: string }>> = {
  D29: {
    reason: "CI has no Windows",
    standIn:
      "write-file-safely.test.ts makes a rename fail as a file held open does there; stopped-runs.test.ts sends the signals that Node makes of Ctrl-Break and a closed console",
  },
};
export const MOST_NOT_ON_CI = 12;

/** Numbers of one area, from the first to the last. */
function list(area: Area, from: number, to: number): CatalogueId[] {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => String(from + index).padStart(2, "0"));
  return numbers.map((number) => `${area}${number}` as CatalogueId);
}

/** Cases that have no test under their number yet. Only ever shortened: `catalogue.test.ts` names those that have one. */
export const PENDING: readonly CatalogueId[] = [...list("C", 1, 38), ...list("D", 1, 28), "D30", "E18", "E19"];
