/**
 * Checks on what makes Entra refuse the takeover after the write: roles, identifiers, source of authority,
 * federation. The write itself would succeed, for thousands, and all of them would fail at the next sync.
 */
import { decideIdentifier, foreignIdentifier } from "../holder-actions.ts";
import type { RoleHolding } from "../takeover-facts.ts";
import { countOf } from "../words.ts";
import { type Checks, isTakenOver, judgeDecision, type RowFacts } from "./check.ts";

/** Rows that ask for a match that is still to come: with a target, and not taken over yet. */
function* awaitingTakeover(rows: readonly RowFacts[]) {
  for (const facts of rows) {
    const { target } = facts;
    if (target !== null && facts.wantedId !== null && !isTakenOver(facts)) yield { facts, target };
  }
}

const describeRole = ({ role, how, through }: RoleHolding): string =>
  `${role} (${how}${through === null ? "" : `, through ${through}`})`;

const MOST_NAMED = 3;

function describeMoving(moving: readonly { readonly words: string }[]): string {
  const named = moving.slice(0, MOST_NAMED).map(({ words }) => words);
  const more = moving.length > MOST_NAMED ? ` and ${moving.length - MOST_NAMED} more` : "";
  return `${countOf(moving.length, "user")} of this plan: ${named.join(", ")}${more}; ways out: switch allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled on in the tenant until they have moved, clear the attribute with Clear-ADSyncToolsOnPremisesAttribute, or plan with --on-conflict clear-object-identifier --allow clear-object-identifier, which was never tried live on synced users`;
}

export const TAKEOVER_CHECKS = {
  "target-federated": {
    severity: "block",
    says: "The cloud user's UPN belongs to a federated domain.",
    why: "A federated user's immutable ID cannot be changed or cleared in place: Graph refuses the write or the way back.",
    mend: "Move the user to a UPN of a managed domain (for example onmicrosoft.com) first, or convert the domain to managed.",
    source: "Microsoft Graph, Update user; Microsoft Entra, Federated domains need a source anchor",
    checked: "2026-11",
    *find({ rows, takeover }) {
      for (const { facts, target } of awaitingTakeover(rows)) {
        if (facts.side === "ad") continue; // nothing is written to the user
        const domain = target.userPrincipalName.slice(target.userPrincipalName.lastIndexOf("@") + 1).toLowerCase();
        if (takeover.federatedDomains?.has(domain) === true)
          yield { rows: [facts.row], detail: `${domain} is federated` };
      }
    },
  },
  "target-privileged": {
    severity: "block",
    says: "The cloud user holds a privileged role, or may activate one.",
    why: "Since July 2026 Entra refuses to hard match such a user: the write works, the takeover fails.",
    mend: "Remove the role assignment and the eligibility, let the match happen, then give the role back.",
    source: "Microsoft 365 message center MC1262584; Use Microsoft Entra Connect with an existing tenant",
    checked: "2026-11",
    *find({ rows, takeover }) {
      for (const { facts, target } of awaitingTakeover(rows)) {
        const privileged = (takeover.roles?.get(target.id) ?? []).filter((holding) => holding.privileged);
        if (privileged.length > 0) yield { rows: [facts.row], detail: privileged.map(describeRole).join(", ") };
      }
    },
  },
  "target-has-role": {
    severity: "warn",
    says: "The cloud user holds a directory role that is not privileged.",
    why: "The announcement speaks of roles, the documentation of privileged ones: the takeover may be refused.",
    mend: "Remove the role before the match and give it back afterwards, if the person can do without it for an hour.",
    source: "Microsoft 365 message center MC1262584",
    checked: "2026-11",
    *find({ rows, takeover }) {
      for (const { facts, target } of awaitingTakeover(rows)) {
        const held = takeover.roles?.get(target.id) ?? [];
        if (held.length > 0 && held.every(({ privileged }) => !privileged)) {
          yield { rows: [facts.row], detail: held.map(describeRole).join(", ") };
        }
      }
    },
  },
  "target-object-identifier-set": {
    severity: "block",
    says: "The cloud user carries the objectGUID of another AD account (onPremisesObjectIdentifier).",
    asWarning:
      "The cloud user carries the objectGUID of another AD account, and a holder action of this plan clears it.",
    why: "Since July 2026 Entra refuses to map such a user to another account: the write works, the takeover fails.",
    mend: "Clear the identifier (beta PATCH with null, Clear-ADSyncToolsOnPremisesAttribute, or the holder action clear-object-identifier), then plan again. For many users that move between domains: let sync overwrite it by the tenant's switch allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled until they have moved.",
    source: "Microsoft 365 message center MC1263280; What's new in Microsoft Entra",
    checked: "2026-11",
    *find(batch) {
      const moving: { readonly row: number; readonly words: string }[] = [];
      for (const { facts } of awaitingTakeover(batch.rows)) {
        const identifier = foreignIdentifier(facts, batch);
        if (identifier === null) continue;
        const decision = decideIdentifier(facts, identifier, batch);
        const { words, barred } = decision;
        if (facts.side === "ad" && words === null && barred === null)
          moving.push({ row: facts.row, words: `row ${facts.row} carries ${identifier}` });
        else yield { rows: [facts.row], ...judgeDecision(`carries ${identifier}`, decision) };
      }
      // Of users that move between domains nearly all carry one: it is one decision for all of them.
      if (moving.length > 0) yield { rows: moving.map(({ row }) => row), detail: describeMoving(moving) };
    },
  },
  "target-cloud-managed": {
    severity: "block",
    says: "The source of authority of the cloud user was moved to the cloud.",
    why: "Updates from AD are blocked for this user, and so is the match.",
    mend: "Set isCloudManaged to false on the user, then plan again.",
    source: "Microsoft Graph, onPremisesSyncBehavior; Microsoft Entra, User source of authority",
    checked: "2026-11",
    *find({ rows, takeover }) {
      for (const { facts, target } of awaitingTakeover(rows)) {
        if (takeover.cloudManaged?.has(target.id) === true)
          yield { rows: [facts.row], detail: "isCloudManaged is true" };
      }
    },
  },
} satisfies Checks;
