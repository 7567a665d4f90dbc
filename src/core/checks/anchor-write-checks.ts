/**
 * Checks of the rows that write a cloud user's ID into mS-DS-ConsistencyGuid of an AD account: whether there is such an
 * ID, whether the account is free to take it, and whether sync knows the account already under another one.
 *
 * Sync takes the attribute once, when it first imports the account, and reports an error when it changes afterwards: a
 * wrong value here ties one person's account to another's mailbox with the next cycle.
 */
import { type AnchorHolder, consistencyValueOf, listPossibleIds, nameOfAccount } from "../ad-facts.ts";
import { guidFromBytes } from "../guid.ts";
import { guidFromImmutableId, immutableIdFromGuid } from "../immutable-id.ts";
import { countOf } from "../words.ts";
import {
  type CheckBatch,
  type Checks,
  describeUser,
  isSyncedFrom,
  isTakenOver,
  type RowFacts,
  wouldWrite,
} from "./check.ts";

/** Rows that write into AD, with the two that they tie together, and not taken over yet. */
function* writingIntoAd(rows: readonly RowFacts[]) {
  for (const facts of rows) {
    const { side, target, account } = facts;
    if (side === "ad" && target !== null && account !== null && !isTakenOver(facts))
      yield { ...facts, target, account };
  }
}

type WritingRow = ReturnType<typeof writingIntoAd> extends Generator<infer Row> ? Row : never;

/** Other accounts, in any configured domain, that hold the value which the row writes. */
function otherHolders({ wantedId, account }: WritingRow, { ad }: CheckBatch): readonly AnchorHolder[] {
  if (wantedId === null) return [];
  return (ad.anchorHolders.get(wantedId) ?? []).filter(({ objectGuid }) => objectGuid !== account.objectGuid);
}

/** An account of another domain that the same person has left, or is about to leave. */
function isOldAccount(holder: AnchorHolder, { account, target }: WritingRow): boolean {
  if (holder.objectSid === null || holder.domain === account.domain) return false;
  return account.sidHistory.includes(holder.objectSid) || target.securityIdentifier === holder.objectSid;
}

function describeHolder(holder: AnchorHolder, wantedId: string | null): string {
  const attribute = wantedId === consistencyValueOf(holder) ? "mS-DS-ConsistencyGuid" : "objectGUID";
  return `${nameOfAccount(holder)} (${holder.dn}) holds it as ${attribute}`;
}

/** The ID in both spellings, or how many bytes there are. */
function describeValue(value: string): string {
  const bytes = Buffer.from(value, "base64");
  const guid = guidFromBytes(bytes);
  return guid === null ? `${countOf(bytes.length, "byte")} and no GUID` : `${value} (${guid})`;
}

export const ANCHOR_WRITE_CHECKS = {
  "cloud-id-missing": {
    severity: "block",
    says: "The cloud user has no immutable ID that could be written into AD.",
    why: "The AD account would stay without a tie to the user, and sync would make a new one.",
    mend: "Write the other way round: leave --write-to ad out for this row (writeTo cell: cloud), which gives the user the account's anchor.",
    source: "By construction.",
    checked: "2026-11",
    *find({ rows }) {
      for (const { row, target } of writingIntoAd(rows)) {
        if ((target.immutableId ?? "") === "") yield { rows: [row], detail: `${target.userPrincipalName} holds no ID` };
      }
    },
  },
  "cloud-id-not-a-guid": {
    severity: "block",
    says: "The cloud user's immutable ID is not the base64 of 16 bytes.",
    why: "mS-DS-ConsistencyGuid holds a GUID: sync would make another ID of these bytes, which matches nobody.",
    mend: "Find out which attribute the old domain used as its source anchor. Once the user is no longer synced, it can be given the new account's own anchor instead (writeTo cell: cloud, with --replace).",
    source: "Microsoft Learn, Microsoft Entra Connect: Design concepts (sourceAnchor)",
    checked: "2026-11",
    *find({ rows }) {
      for (const { row, target } of writingIntoAd(rows)) {
        const held = target.immutableId ?? "";
        if (held !== "" && guidFromImmutableId(held) === null)
          yield { rows: [row], detail: `${target.userPrincipalName} holds ${held}` };
      }
    },
  },
  "old-account-remains": {
    severity: "warn",
    says: "The person's account in another domain holds this source anchor too.",
    why: "While both accounts are in the sync scope, both claim the cloud user: sync takes the first and reports an error for the other.",
    mend: "Take the old account out of the sync scope in the same step in which the new one comes in, and let no sync run in between.",
    source: "Microsoft Learn, Troubleshoot synchronization errors; Topologies for Microsoft Entra Connect",
    checked: "2026-11",
    *find(batch) {
      for (const facts of writingIntoAd(batch.rows)) {
        const old = otherHolders(facts, batch).filter((holder) => isOldAccount(holder, facts));
        if (old.length > 0)
          yield {
            rows: [facts.row],
            detail: old.map((holder) => describeHolder(holder, facts.wantedId)).join(", "),
          };
      }
    },
  },
  "consistency-guid-taken": {
    severity: "block",
    says: "Another AD account holds these bytes as mS-DS-ConsistencyGuid or objectGUID.",
    why: "Nothing in AD keeps the attribute unique: sync would see two accounts for one cloud user, and one of the two people gets the other's mailbox.",
    mend: "Find out whose account it is. If the value there is a copy, clear it; if it is the person's right account, correct the mapping.",
    source: "MS-ADA2, mS-DS-ConsistencyGuid; Microsoft Learn, Troubleshoot synchronization errors",
    checked: "2026-11",
    *find(batch) {
      for (const facts of writingIntoAd(batch.rows)) {
        const others = otherHolders(facts, batch).filter((holder) => !isOldAccount(holder, facts));
        if (others.length > 0)
          yield {
            rows: [facts.row],
            detail: others.map((holder) => describeHolder(holder, facts.wantedId)).join(", "),
          };
      }
    },
  },
  "consistency-guid-set": {
    severity: "block",
    says: "The AD account has another mS-DS-ConsistencyGuid.",
    asWarning: "The AD account has another mS-DS-ConsistencyGuid, which --replace lets this plan overwrite.",
    why: "Somebody, or sync itself, has put it there: once sync has imported the account, a changed value is an error until it is set back.",
    mend: "Find out where the value comes from. If the account was never in the sync scope and the value may go, plan with --replace.",
    source: "Microsoft Learn, Microsoft Entra Connect: Design concepts (ms-DS-ConsistencyGuid as sourceAnchor)",
    checked: "2026-11",
    *find({ rows, options }) {
      for (const facts of writingIntoAd(rows)) {
        const held = consistencyValueOf(facts.account);
        if (held === null || !wouldWrite(facts)) continue;
        yield {
          rows: [facts.row],
          severity: options.replace ? "warn" : "block",
          detail: `${nameOfAccount(facts.account)} holds ${describeValue(held)}`,
        };
      }
    },
  },
  "account-already-synced": {
    severity: "block",
    says: "Sync has taken the AD account in already and has made a second cloud user of it.",
    asWarning:
      "Sync may know the AD account already: its mS-DS-ConsistencyGuid is its own objectGUID, as sync writes it, or the cloud user is synced from it now.",
    why: "An anchor cannot be changed once sync has imported the account: the new value would be an export error, and the duplicate would keep the addresses.",
    mend: "Where there is a duplicate, take the account out of the sync scope, let a sync run, remove the duplicate for good in the Entra admin center (Deleted users), then plan again. Where the user is synced from this very account, put the new account into the row.",
    source: "Microsoft Learn, Microsoft Entra Connect: Design concepts; Troubleshoot synchronization errors",
    checked: "2026-11",
    *find({ rows, snapshot }) {
      for (const facts of writingIntoAd(rows)) {
        const { row, account, target, wantedId } = facts;
        const ids = listPossibleIds(account).filter((id) => id !== wantedId);
        const made = ids
          .flatMap((id) => [...snapshot.holdersOf(id), ...snapshot.deletedHoldersOf(id)])
          .filter(({ id }) => id !== target.id);
        if (made.length > 0) {
          const duplicates = made.map((user) => {
            const where = snapshot.isDeleted(user.id) ? " in the recycle bin" : "";
            return `${describeUser(user)}${where}`;
          });
          yield { rows: [row], detail: `${nameOfAccount(account)} is also ${duplicates.join(" and ")}` };
        } else if (consistencyValueOf(account) === immutableIdFromGuid(account.objectGuid)) {
          const detail = `${nameOfAccount(account)} holds its own objectGUID, and no cloud user does`;
          yield { rows: [row], severity: "warn", detail };
        } else if (wouldWrite(facts) && target.syncEnabled === true && isSyncedFrom(target, account)) {
          // A mapping that names the old accounts looks fine otherwise, and moves nobody.
          const detail = `${target.userPrincipalName} is synced from ${nameOfAccount(account)} now: where the user is to move, the row must name the new account`;
          yield { rows: [row], severity: "warn", detail };
        }
      }
    },
  },
  "write-not-permitted": {
    severity: "block",
    says: "The account that signs in to AD may not write mS-DS-ConsistencyGuid of this account.",
    why: "The domain controller would refuse the write.",
    mend: "Give the account of bindDN the right to write the attribute mS-DS-ConsistencyGuid on the accounts' OU, then plan again.",
    source: "MS-ADTS 3.1.1.4.5.19, allowedAttributesEffective",
    checked: "2026-11",
    *find({ rows, ad }) {
      for (const facts of writingIntoAd(rows)) {
        if (wouldWrite(facts) && !ad.writable.has(facts.account.objectGuid))
          yield { rows: [facts.row], detail: facts.account.dn };
      }
    },
  },
} as const satisfies Checks;
