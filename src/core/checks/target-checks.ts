/** Checks on the cloud user that a row names. */
import { decideRestore } from "../holder-actions.ts";
import { canBeWrittenBack } from "../immutable-id.ts";
import { type TenantSnapshot, withoutIdPrefix } from "../snapshot.ts";
import { foldAddress } from "../takeover-facts.ts";
import {
  type Checks,
  describeUser,
  isMatched,
  isTakenOver,
  judgeDecision,
  listRows,
  type RowFacts,
  sharedBy,
  wouldWrite,
} from "./check.ts";
import { askedTarget } from "./mapping-checks.ts";

/** Rows whose live target these rules are about. */
function* liveTargets(rows: readonly RowFacts[]) {
  for (const facts of rows) {
    const { target } = facts;
    if (target !== null && !isTakenOver(facts)) yield { facts, target };
  }
}

/** Whose mail address stands where the UPN should. Said and never used: the person meant may be another. */
function describeOwners(name: string, snapshot: TenantSnapshot): string {
  const owners = snapshot
    .ownersOfAddress(foldAddress(name))
    .map((user) =>
      snapshot.isDeleted(user.id) ? `${withoutIdPrefix(user)} (in the recycle bin)` : user.userPrincipalName,
    );
  return owners.length === 0 ? "" : `; it is a mail address of ${owners.sort().join(" and ")}`;
}

export const TARGET_CHECKS = {
  "target-not-found": {
    severity: "block",
    says: "The tenant has no such user.",
    why: "There is nobody to tie the AD account to; sync would make a new, empty user.",
    mend: "Correct the UPN in the mapping; it is the sign-in name, which may differ from the mail address. Where a user has the text as a mail address, the finding names that user: write its UPN if it is the right person.",
    source: "By construction.",
    checked: "2026-11",
    *find({ rows, snapshot }) {
      for (const { row, mapping, target, deletedTargets } of rows) {
        if (target !== null || deletedTargets.length > 0) continue;
        yield { rows: [row], detail: `no user ${mapping.upn}${describeOwners(mapping.upn, snapshot)}` };
      }
    },
  },
  "target-deleted": {
    severity: "block",
    says: "The cloud user is in the recycle bin.",
    asWarning: "The cloud user is in the recycle bin, and a holder action of this plan brings it back.",
    why: "A deleted user cannot be written, and is gone for good 30 days after its deletion.",
    mend: "Restore the user in the Entra admin center (Deleted users) or by the holder action restore-target, then plan again.",
    source: "Microsoft Learn, Recover from deletions in Microsoft Entra ID; Graph directory/deletedItems",
    checked: "2026-11",
    *find(batch) {
      for (const facts of batch.rows) {
        if (facts.deletedTargets.length === 0) continue;
        const when = facts.deletedTargets.map(
          (user) => `${describeUser(user)} was deleted ${user.deletedAt ?? "at an unknown time"}`,
        );
        yield { rows: [facts.row], ...judgeDecision(when.join(", "), decideRestore(facts, batch)) };
      }
    },
  },
  "target-guest": {
    severity: "block",
    says: "The cloud user is a guest.",
    why: "A guest signs in with the account of another organization; sync would take that identity over.",
    mend: "Name the member account of the person, or convert the guest to a member first.",
    source: "Microsoft Learn, Properties of a Microsoft Entra B2B collaboration user",
    checked: "2026-11",
    *find({ rows }) {
      for (const { facts, target } of liveTargets(rows)) {
        if (target.userType?.toLowerCase() === "guest")
          yield { rows: [facts.row], detail: `${target.userPrincipalName} is a guest` };
      }
    },
  },
  "target-used-twice": {
    severity: "block",
    says: "Two rows lead to one cloud user.",
    why: "A cloud user has one immutable ID: one of the two accounts would lose its mailbox to the other.",
    mend: "One row names the user by UPN and another by object id: delete the wrong one, then plan again.",
    source: "By construction: onPremisesImmutableId is single-valued.",
    checked: "2026-11",
    *find({ rows }) {
      for (const group of sharedBy(rows, ({ target }) => target?.id ?? null)) {
        if (new Set(group.map(askedTarget)).size === 1) continue; // the same words twice: target-duplicate says so
        yield {
          rows: group.map(({ row }) => row),
          detail: `${listRows(group)} lead to ${group[0]?.target?.userPrincipalName}`,
        };
      }
    },
  },
  "target-disabled": {
    severity: "warn",
    says: "Sign-in of the cloud user is blocked.",
    why: "Perhaps the person has left, or the row names an old account.",
    mend: "Make sure that it is the right user; nothing else is needed.",
    source: "Graph user resource, accountEnabled",
    checked: "2026-11",
    *find({ rows }) {
      for (const { facts, target } of liveTargets(rows)) {
        if (!target.accountEnabled) yield { rows: [facts.row], detail: `${target.userPrincipalName} cannot sign in` };
      }
    },
  },
  "target-already-matched": {
    severity: "info",
    says: "The side that would be written holds exactly this value already.",
    why: "Nothing is to be written.",
    mend: "Nothing is needed.",
    source: "By construction.",
    checked: "2026-11",
    *find({ rows }) {
      for (const facts of rows) {
        if (isMatched(facts)) {
          yield {
            rows: [facts.row],
            detail: isTakenOver(facts) ? "and sync has taken it over" : "not synced yet",
          };
        }
      }
    },
  },
  "target-synced": {
    severity: "block",
    says: "The cloud user is synced from AD and does not hold this ID.",
    why: "Graph refuses the write while sync owns the user.",
    mend: "If the user moves to another domain, write the other way round: plan with --write-to ad puts its ID into the new AD account. Otherwise take its present AD account out of the sync scope, let a sync run, restore the user from the recycle bin, then plan again.",
    source: "Microsoft Graph, Update user: on-premises mastered objects are refused with 400",
    checked: "2026-11",
    *find({ rows }) {
      for (const { facts, target } of liveTargets(rows)) {
        if (facts.side === "cloud" && target.syncEnabled === true && facts.wantedId !== null) {
          yield { rows: [facts.row], detail: `${target.userPrincipalName} holds ${target.immutableId ?? "no ID"}` };
        }
      }
    },
  },
  "target-formerly-synced": {
    severity: "warn",
    says: "The cloud user was synced from AD once.",
    why: "Reports differ on whether Graph accepts the write; if it refuses, the row ends as failed and nothing has changed.",
    mend: "Try it in a pilot of a few rows (--limit) before the night.",
    source: "Microsoft Learn, Troubleshoot and Clear on-premises attributes; they contradict each other",
    checked: "2026-11",
    *find({ rows }) {
      for (const { facts, target } of liveTargets(rows)) {
        if (facts.side === "cloud" && target.syncEnabled === false && wouldWrite(facts)) {
          yield { rows: [facts.row], detail: `last synced ${target.lastSyncAt ?? "at an unknown time"}` };
        }
      }
    },
  },
  "target-has-other-id": {
    severity: "block",
    says: "The cloud user holds another immutable ID.",
    asWarning: "The cloud user holds another immutable ID, which --replace lets this plan overwrite.",
    why: "The write would cut the tie to the account that it belongs to now; it may be somebody else's.",
    mend: "If the present ID is that of the old domain and shall go, plan with --replace.",
    source: "Microsoft Learn, Use Microsoft Entra Connect with an existing tenant",
    checked: "2026-11",
    *find({ rows, options }) {
      for (const { facts, target } of liveTargets(rows)) {
        const held = target.immutableId;
        if (held === null || held === "" || target.syncEnabled === true) continue;
        if (facts.wantedId === null || held === facts.wantedId) continue;
        const lost = canBeWrittenBack(held) ? "" : ", which Graph would not take back: no rollback can restore it";
        yield { rows: [facts.row], severity: options.replace ? "warn" : "block", detail: `holds ${held}${lost}` };
      }
    },
  },
} satisfies Checks;
