/** Checks on whether account and cloud user are the same person, and on addresses that belong to somebody else. */
import type { AdAccount } from "../ad-account.ts";
import { type BatchIdentity, IDENTITY_LIMIT, wordMismatch } from "../identity-batch.ts";
import type { AddressOwner } from "../takeover-facts.ts";
import { foldAddress } from "../takeover-facts.ts";
import { type CheckBatch, type Checks, isTakenOver, listRows } from "./check.ts";

/** Rows with both sides, not taken over yet. */
function* pairs({ rows }: CheckBatch) {
  for (const facts of rows) {
    const { account, target } = facts;
    if (account !== null && target !== null && !isTakenOver(facts)) yield { facts, account, target };
  }
}

/** Every address that sync will want to write for this account, folded. */
export function addressesOf({ mail, userPrincipalName, proxyAddresses }: AdAccount): Set<string> {
  const mails = proxyAddresses.filter((address) => /^smtp:/i.test(address));
  return new Set([mail ?? "", userPrincipalName ?? "", ...mails].map(foldAddress).filter((address) => address !== ""));
}

function indexMailObjects(objects: readonly AddressOwner[] | null): ReadonlyMap<string, readonly AddressOwner[]> {
  const index = new Map<string, AddressOwner[]>();
  for (const object of objects ?? []) {
    for (const address of new Set(object.addresses.map(foldAddress))) {
      const known = index.get(address);
      if (known === undefined) index.set(address, [object]);
      else known.push(object);
    }
  }
  return index;
}

const MOST_ROWS_NAMED = 20;

/** `rows 3, 4 and 9`; of very many the first. */
function nameDisagreeing({ disagreeing }: BatchIdentity): string {
  const named = listRows(disagreeing.slice(0, MOST_ROWS_NAMED));
  return disagreeing.length > MOST_ROWS_NAMED ? `first ${named}` : named;
}

export const IDENTITY_CHECKS = {
  "address-conflict": {
    severity: "warn",
    says: "An address, the UPN or the SID of the AD account belongs to a third object in the cloud.",
    why: "After the match sync would fail for this user, or one of the two would lose the address.",
    mend: "Take the address off the object that is named, or off the AD account, before the sync.",
    source: "Microsoft Learn, Troubleshoot synchronization errors: AttributeValueMustBeUnique",
    checked: "2026-11",
    *find(batch) {
      const objects = indexMailObjects(batch.takeover.mailObjects);
      for (const { facts, account, target } of pairs(batch)) {
        const owners = new Map<string, string>();
        for (const address of addressesOf(account)) {
          for (const { id, userPrincipalName } of batch.snapshot.ownersOfAddress(address)) {
            const kind = batch.snapshot.isDeleted(id) ? "the deleted user" : "the user";
            if (id !== target.id) owners.set(id, `${address} belongs to ${kind} ${userPrincipalName}`);
          }
          for (const { id, kind, name } of objects.get(address) ?? [])
            owners.set(id, `${address} belongs to the ${kind} ${name}`);
        }
        for (const sid of [account.objectSid, ...account.sidHistory]) {
          if (sid === null) continue;
          for (const { id, userPrincipalName } of batch.snapshot.ownersOfSid(sid)) {
            if (id !== target.id) owners.set(id, `the SID belongs to the user ${userPrincipalName}`);
          }
        }
        if (owners.size > 0) yield { rows: [facts.row], detail: [...owners.values()].join(", ") };
      }
    },
  },
  "identity-disagrees": {
    severity: "warn",
    says: "Account and cloud user agree in nothing that can be compared.",
    why: "The likeliest reason is a column that was sorted without the others: everybody would get somebody else's mailbox.",
    mend: "Compare the row with the people it names. If very many rows disagree, make the mapping anew: more than 2 % of the comparable rows, and at least 5, block the whole batch. If they are right, accept their exact number with --accept-identity-mismatch.",
    source: "By construction.",
    checked: "2026-11",
    *find(batch) {
      const judged = batch.identity;
      for (const { row, detail } of judged.disagreeing) yield { rows: [row], detail };
      const { length: count } = judged.disagreeing;
      const { acceptedIdentityMismatch: accepted } = batch.options;
      if (judged.blocked && accepted !== count) {
        const given =
          accepted === null ? "" : `; --accept-identity-mismatch ${accepted} was given, and that is another number`;
        const mend = `if each of them is right, --accept-identity-mismatch ${count} says so${given}`;
        yield { rows: [], severity: "block", detail: `${wordMismatch(judged)} (${nameDisagreeing(judged)}); ${mend}` };
      } else if (judged.blocked || count * 2 > Math.max(2, judged.comparable)) {
        // Below the limit nothing is refused; but a pilot of three rows that are all wrong is as wrong as three hundred.
        yield { rows: [], detail: `${wordMismatch(judged)} (${nameDisagreeing(judged)})` };
      }
    },
  },
  "identity-not-comparable": {
    severity: "info",
    says: "Account and cloud user hold nothing that can be compared.",
    why: "Nobody can tell from the directories whether they are one person: only the mapping says so.",
    mend: "Look at the row once more; or fill names or mail in AD, then plan again.",
    source: "By construction.",
    checked: "2026-11",
    *find(batch) {
      const { incomparable, comparable } = batch.identity;
      for (const row of incomparable) yield { rows: [row], detail: "no name, address, number or login on both sides" };
      if (incomparable.length >= IDENTITY_LIMIT.atLeast && incomparable.length > comparable) {
        const all = comparable + incomparable.length;
        const detail = `${incomparable.length} of ${all} rows have nothing to compare: a column that was sorted or shifted would not be noticed`;
        yield { rows: [], severity: "warn", detail };
      }
    },
  },
} satisfies Checks;
