/** Checks on what people lose by the takeover itself: their sign-in, an address, the name that others write to. */
import { foldCase } from "../names.ts";
import type { ChangedProperty, TakeoverChange } from "../takeover-preview.ts";
import type { CheckBatch, Checks, RowFacts } from "./check.ts";

/** Rows for which the preview shows a change of this property. */
export function* previewed({ rows, previews }: CheckBatch, property: ChangedProperty) {
  for (const facts of rows) {
    const change = previews.get(facts.row)?.find((one) => one.property === property);
    if (change !== undefined) yield { facts, change };
  }
}

/** Whether the takeover blocks a sign-in that works now. */
export function blocksSignIn({ row }: RowFacts, previews: CheckBatch["previews"]): boolean {
  return previews.get(row)?.some(isBlocking) === true;
}

function isBlocking({ property, after }: TakeoverChange): boolean {
  return property === "accountEnabled" && after.includes("disabled");
}

const MOST_ADDRESSES_NAMED = 5;

function nameAddresses(addresses: readonly string[]): string {
  const more = addresses.length - MOST_ADDRESSES_NAMED;
  return `${addresses.slice(0, MOST_ADDRESSES_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

export const PREVIEW_CHECKS = {
  "takeover-blocks-signin": {
    severity: "warn",
    says: "The AD account is disabled and the cloud user can sign in: the takeover ends that.",
    why: "Sync copies the state of the account. The person is locked out of the cloud at the next cycle, in the middle of the day.",
    mend: "Enable the account before the sync, or take the row out if the person has left.",
    source: "Microsoft Learn, Microsoft Entra Connect Sync: Understanding the default configuration",
    checked: "2026-11",
    *find(batch) {
      for (const { facts, change } of previewed(batch, "accountEnabled")) {
        if (!isBlocking(change)) continue;
        const { account } = facts;
        yield {
          rows: [facts.row],
          detail: `${account?.domain}\\${account?.accountName} is disabled, and the cloud user is not`,
        };
      }
    },
  },
  "takeover-loses-address": {
    severity: "warn",
    says: "The cloud user has an address that the AD account lacks.",
    why: "AD's addresses replace the cloud's: mail to the lost one comes back, and replies to old mail with it.",
    mend: "Add the address to proxyAddresses of the AD account before the sync, if anybody still writes to it.",
    source:
      "Microsoft Learn, How the proxyAddresses attribute is populated in Microsoft Entra ID; Use Microsoft Entra Connect with an existing tenant",
    checked: "2026-11",
    *find(batch) {
      for (const { facts, change } of previewed(batch, "proxyAddresses")) {
        if (change.before.length > 0) yield { rows: [facts.row], detail: `not in AD: ${nameAddresses(change.before)}` };
      }
    },
  },
  "takeover-renames": {
    severity: "warn",
    says: "The AD account gives the cloud user another primary address.",
    why: "Mail is sent under the new address from then on, and what people and programs know the person by changes.",
    mend: "Mark the present address as the primary one (SMTP: in capitals) in proxyAddresses of the AD account, or tell the person.",
    source: "Microsoft Learn, How the proxyAddresses attribute is populated in Microsoft Entra ID",
    checked: "2026-11",
    *find(batch) {
      for (const { facts, change } of previewed(batch, "primaryAddress"))
        yield { rows: [facts.row], detail: `${change.before.join()} will become ${change.after.join()}` };
    },
  },
  "upn-will-change": {
    severity: "warn",
    says: "The AD account has another UPN than the cloud user.",
    why: "Sync overwrites the cloud UPN: the person signs in with another name from then on.",
    mend: "Give the AD account the UPN that the person shall sign in with, or tell the person.",
    source: "Microsoft Learn, Microsoft Entra UserPrincipalName population; synchronizeUpnForManagedUsers",
    checked: "2026-11",
    *find(batch) {
      for (const { facts, change } of previewed(batch, "userPrincipalName")) {
        const [before = "", after = ""] = [change.before[0], change.after[0]];
        if (foldCase(before) !== foldCase(after)) yield { rows: [facts.row], detail: `${before} will become ${after}` };
      }
    },
  },
} as const satisfies Checks;
