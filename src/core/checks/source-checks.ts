/** Checks on the AD account that a row names, and on its source anchor. */
import type { AdAccount, AdAccountKind } from "../ad-account.ts";
import type { LocatedAccount } from "../forest.ts";
import type { Mapping } from "../mapping.ts";
import { type Resolution, soleAccount } from "../resolution.ts";
import { describeHint } from "../source-hints.ts";
import { type Checks, listRows, type RowFacts, sharedBy } from "./check.ts";
import { askedAccount } from "./mapping-checks.ts";
import { blocksSignIn } from "./preview-checks.ts";

const KIND_IN_WORDS: Readonly<Record<AdAccountKind, string>> = {
  user: "user",
  computer: "computer",
  "managed-service-account": "managed service account",
  contact: "contact",
  group: "group",
  other: "object of another class",
};

const place = ({ domain, accountName }: AdAccount): string => `${domain}\\${accountName}`;

const placeElsewhere = ({ domain, accountName }: LocatedAccount): string =>
  `${domain.domain}\\${accountName} (no directory is configured for ${domain.domain})`;

function describeAbsence({ domain, account }: Mapping, { unknownDomain, elsewhere, hints }: Resolution): string {
  if (unknownDomain) return `no directory is configured for the domain ${domain}`;
  const traces = [
    ...elsewhere.map((found) => `it lies in the domain ${found.domain.domain}, for which no directory is configured`),
    ...hints.map(describeHint),
  ];
  return [`no account ${domain === null ? "" : `${domain}\\`}${account}`, ...traces].join("; ");
}

/** One account that a row writes to while another takes its anchor: they share no anchor, and yet one person. */
function accountsWrittenTwice(
  rows: readonly RowFacts[],
  anchorOf: (facts: RowFacts) => string | null,
): readonly RowFacts[][] {
  if (rows.every(({ side }) => side === "cloud")) return [];
  return [...sharedBy(rows, ({ account }) => account?.objectGuid ?? null)].filter(
    (group) => new Set(group.map(anchorOf)).size > 1,
  );
}

export const SOURCE_CHECKS = {
  "source-not-found": {
    severity: "block",
    says: "No AD account has this name.",
    why: "Without the account there is no source anchor, and a guessed one ties the cloud user to nobody.",
    mend: "Correct the account name in the mapping, or add the account's domain to `directories` in hardmatch.yaml.",
    source: "By construction.",
    checked: "2026-11",
    *find({ rows }) {
      for (const { row, mapping, resolution } of rows) {
        if (resolution.exact.length > 0 || resolution.near.length > 0) continue;
        if (resolution.elsewhere.length > 1) continue; // several all the same: source-ambiguous says so
        yield { rows: [row], detail: describeAbsence(mapping, resolution) };
      }
    },
  },
  "source-ambiguous": {
    severity: "block",
    says: "Several AD accounts have this name.",
    why: "sAMAccountName is unique in one domain only, mail not even there: the wrong one of two people would get the mailbox.",
    mend: "Write the account as DOMAIN\\account, or fill the domain column; if one domain holds both, name the account by another attribute and plan with --source-key.",
    source: "Microsoft Learn, SAM-Account-Name attribute; MS-ADTS 3.1.1.5.2.2",
    checked: "2026-11",
    *find({ rows }) {
      for (const { row, resolution } of rows) {
        const found = [...resolution.exact.map(place), ...resolution.elsewhere.map(placeElsewhere)];
        if (found.length > 1) yield { rows: [row], detail: `found as ${found.sort().join(" and ")}` };
      }
    },
  },
  "source-name-mismatch": {
    severity: "block",
    says: "The directory returned an account whose name is not the one asked for.",
    why: "A Windows DC ignores accents and width when it compares names: this is probably another person.",
    mend: "Write the account name in the mapping exactly as Active Directory spells it, then plan again.",
    source: "MS-ADTS 6.5.1, Unicode string comparison",
    checked: "2026-11",
    *find({ rows }) {
      for (const { row, mapping, resolution } of rows) {
        if (resolution.exact.length === 0 && resolution.near.length > 0) {
          yield {
            rows: [row],
            detail: `asked for ${mapping.account}, found ${resolution.near.map(place).sort().join(", ")}`,
          };
        }
      }
    },
  },
  "source-not-a-user": {
    severity: "block",
    says: "The AD account is not a user.",
    why: "Hard match exists for users only; a computer or service account would never be synced onto the person.",
    mend: "Name the person's own user account in the mapping, then plan again.",
    source: "Microsoft Learn, Use Microsoft Entra Connect with an existing tenant",
    checked: "2026-11",
    *find({ rows }) {
      for (const { row, resolution } of rows) {
        const only = soleAccount(resolution);
        if (only !== undefined && only.kind !== "user") {
          yield { rows: [row], detail: `${place(only)} is a ${KIND_IN_WORDS[only.kind]}` };
        }
      }
    },
  },
  "source-used-twice": {
    severity: "block",
    says: "Two rows lead to one AD account, or to two accounts with the same source anchor.",
    why: "Both cloud users would want the same immutable ID, and a tenant gives it to one only.",
    mend: "Delete the wrong row, or clear the copied mS-DS-ConsistencyGuid in AD, then plan again.",
    source: "By construction: a source anchor is unique in a tenant.",
    checked: "2026-11",
    *find({ rows, options }) {
      const anchorOf = ({ side, wantedId, account }: RowFacts) =>
        (side === "cloud" ? wantedId : null) ?? account?.objectGuid ?? null;
      const groups = [...sharedBy(rows, anchorOf), ...accountsWrittenTwice(rows, anchorOf)];
      for (const group of groups) {
        const asked = new Set(group.map((facts) => askedAccount(facts, options.sourceKey)));
        if (asked.size === 1) continue; // the same words twice: source-duplicate says so
        const accounts = new Set(group.map(({ account }) => (account === null ? "" : place(account))));
        yield {
          rows: group.map(({ row }) => row),
          detail: `${listRows(group)} lead to ${[...accounts].join(" and ")}`,
        };
      }
    },
  },
  "source-disabled": {
    severity: "warn",
    says: "The AD account is disabled, and no sign-in that works now is lost by it.",
    why: "The row may be of somebody who has left: the cloud user is disabled already, or there is none.",
    mend: "Enable the account before the sync, or take the row out if the person has left.",
    source: "Microsoft Learn, Microsoft Entra Connect Sync: Understanding the default configuration",
    checked: "2026-11",
    *find({ rows, previews }) {
      for (const facts of rows) {
        const { row, account } = facts;
        if (account?.disabled !== true || blocksSignIn(facts, previews)) continue; // takeover-blocks-signin says so
        yield { rows: [row], detail: `${place(account)} is disabled` };
      }
    },
  },
  "source-protected": {
    severity: "warn",
    says: "The AD account is an administrator's or a built-in one (adminCount is 1).",
    why: "On-premises administrators should not be tied to cloud users: whoever owns the one owns the other.",
    mend: "Use an account of the person without administrative rights, or take the row out.",
    source:
      "Microsoft Learn, Use Microsoft Entra Connect with an existing tenant; Protect Microsoft 365 from on-premises attacks",
    checked: "2026-11",
    *find({ rows }) {
      for (const { row, account } of rows) {
        if (account?.protectedAccount === true) yield { rows: [row], detail: `${place(account)} is protected` };
      }
    },
  },
  "anchor-invalid": {
    severity: "block",
    says: "mS-DS-ConsistencyGuid of the account is not 16 bytes.",
    asWarning: "mS-DS-ConsistencyGuid of the account is not 16 bytes; --anchor objectGUID passes over it.",
    why: "A sync engine that uses the attribute cannot make a source anchor from it.",
    mend: "Clear or correct mS-DS-ConsistencyGuid in AD, or plan with --anchor objectGUID if your sync engine uses that.",
    source: "Microsoft Learn, Microsoft Entra Connect: Design concepts; MS-ADA2, mS-DS-ConsistencyGuid",
    checked: "2026-11",
    *find({ rows, options }) {
      const severity = options.anchor === "objectGUID" ? "warn" : "block";
      for (const { row, account, choice } of rows) {
        if (account !== null && choice?.junk === true) {
          yield {
            rows: [row],
            severity,
            detail: `${place(account)} holds ${account.consistencyGuid?.length ?? 0} bytes`,
          };
        }
      }
    },
  },
  "anchor-differs": {
    severity: "block",
    says: "mS-DS-ConsistencyGuid and objectGUID of the account disagree.",
    why: "Sync engines differ in which of the two they use, and Graph does not tell: the wrong one matches nobody.",
    mend: "Find out which attribute your sync engine uses and plan with --anchor mS-DS-ConsistencyGuid or --anchor objectGUID.",
    source: "Microsoft Learn, Microsoft Entra Connect: Design concepts; Cloud sync supported topologies",
    checked: "2026-11",
    *find({ rows }) {
      for (const { row, account, choice } of rows) {
        if (account !== null && choice?.trouble === "differs") {
          yield { rows: [row], detail: `${place(account)} carries an mS-DS-ConsistencyGuid of its own` };
        }
      }
    },
  },
} satisfies Checks;
