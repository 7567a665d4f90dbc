/**
 * What a rollback does about each object that a run has written, by what the object holds now.
 */
import type { AdAccount } from "./ad-account.ts";
import { consistencyValueOf, nameOfAccount } from "./ad-facts.ts";
import type { Finding, FindingCode } from "./findings.ts";
import type { Guid } from "./guid.ts";
import { isAnotherServer } from "./other-servers.ts";
import type { CloudUser } from "./snapshot.ts";
import type { WrittenObject } from "./written-objects.ts";

/**
 * - `revert`: it holds what the run wrote, and gets its old value back.
 * - `nothing`: it holds its old value.
 * - `drift`: somebody else has changed or deleted it.
 * - `taken-over`: sync manages it, and its ID can no longer be written.
 */
export type RollbackVerdict = "revert" | "nothing" | "drift" | "taken-over";

/** An AD account that a run has written, as it is now. */
export type PresentAccount = {
  readonly account: AdAccount;
  /** A cloud user is synced from it: its anchor must not change any more. */
  readonly takenOver: boolean;
  /** DNS name of the domain controller that has shown it so; `null` where it has not said its name. */
  readonly server: string | null;
};

/** Both sides as they are now, by object id. What is not there was deleted. */
export type PresentObjects = {
  readonly users: ReadonlyMap<Guid, CloudUser>;
  readonly accounts: ReadonlyMap<Guid, PresentAccount>;
};

/** An object of either side as it is now; `server` is the domain controller that says so, and a cloud user has none. */
export type PresentObject = {
  readonly name: string;
  readonly value: string | null;
  readonly takenOver: boolean;
  readonly server: string | null;
};

/** A written object with what is to be done about it; `now` is undefined where it was deleted. */
export type JudgedObject = {
  readonly written: WrittenObject;
  readonly verdict: RollbackVerdict;
  readonly now: PresentObject | undefined;
};

/** A written object as it is now; undefined where it was deleted. */
export function presentObjectOf(
  { side, objectId }: Pick<WrittenObject, "side" | "objectId">,
  { users, accounts }: PresentObjects,
): PresentObject | undefined {
  if (side === "cloud") {
    const user = users.get(objectId);
    if (user === undefined) return undefined;
    const { userPrincipalName: name, immutableId: value } = user;
    return { name, value, takenOver: user.syncEnabled === true, server: null };
  }
  const found = accounts.get(objectId);
  if (found === undefined) return undefined;
  const { account, takenOver, server } = found;
  return { name: nameOfAccount(account), value: consistencyValueOf(account), takenOver, server };
}

/**
 * Judges one object. An uncertain write counts only where the object holds a value that the run has written and that
 * is not its old one: `null` for any other.
 */
export function judgeWrittenObject(recorded: WrittenObject, now: PresentObject | undefined): JudgedObject | null {
  const held = now !== undefined && recorded.wrote.includes(now.value) ? now.value : undefined;
  if (!recorded.certain && (held === undefined || held === recorded.before)) return null;
  // By object id it is the same person, whatever the UPN is today.
  const name = now?.name ?? recorded.name;
  const written = { ...recorded, name, ours: held === undefined ? recorded.ours : held };
  return { written, verdict: judge(written, now), now };
}

function judge({ before, ours, whole }: WrittenObject, now: PresentObject | undefined): RollbackVerdict {
  if (now === undefined || !whole) return "drift";
  if (now.value === before) return "nothing";
  if (now.takenOver) return "taken-over";
  return now.value === ours ? "revert" : "drift";
}

/** What the operator is told of a verdict; `null` where it is as it should be. */
export function findingOfVerdict(verdict: RollbackVerdict): FindingCode | null {
  if (verdict === "drift") return "rollback-drift";
  return verdict === "taken-over" ? "rollback-taken-over" : null;
}

/** What cannot be written back, one finding for each object. */
export function findUnwritable(judged: readonly JudgedObject[]): Finding[] {
  return judged.flatMap((object): Finding[] => {
    const code = findingOfVerdict(object.verdict);
    if (code === null) return [];
    return [{ code, severity: "warn", rows: [object.written.row], detail: describe(object) }];
  });
}

function describe({ written: { row, name, whole }, now }: JudgedObject): string {
  if (!whole) return `the first line of row ${row} is missing, and with it the value that ${name} had`;
  return now === undefined ? `${name} no longer exists` : `${name} holds ${now.value ?? "no ID"}`;
}

/** Accounts that need nothing, if the domain controller that says so knows of the write. */
export function findUnconfirmed(judged: readonly JudgedObject[]): Finding[] {
  return judged.flatMap(({ written: { row, name, line }, verdict, now }): Finding[] => {
    const through = line.requestId;
    const server = now?.server ?? null;
    if (verdict !== "nothing" || !isAnotherServer(through, server)) return [];
    const detail = `${name} was written through ${through}, and ${server} shows its old value`;
    return [{ code: "rollback-unconfirmed", severity: "warn", rows: [row], detail }];
  });
}
