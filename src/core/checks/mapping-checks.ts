/** Checks on what the mapping file itself says. */
import { foldCase } from "../names.ts";
import { foldSourceValue, type SourceKey } from "../source-key.ts";
import { type Checks, listRows, type RowFacts, sharedBy } from "./check.ts";

/** The account as asked for; `CORP\ada` and a bare `ada` are told apart here and compared after resolving. */
export function askedAccount({ mapping }: RowFacts, sourceKey: SourceKey): string {
  return `${foldCase(mapping.domain ?? "")}\\${foldSourceValue(sourceKey, mapping.account)}`;
}

export function askedTarget({ mapping }: RowFacts): string {
  return foldCase(mapping.upn);
}

export const MAPPING_CHECKS = {
  "source-duplicate": {
    severity: "block",
    says: "Two rows name the same AD account.",
    why: "One account can be the source of one cloud user only: the second write would be refused or, worse, win.",
    mend: "Delete the wrong row from the mapping, then plan again.",
    source: "By construction: a source anchor is unique in a tenant.",
    checked: "2026-11",
    *find({ rows, options }) {
      for (const group of sharedBy(rows, (facts) => askedAccount(facts, options.sourceKey))) {
        yield { rows: group.map(({ row }) => row), detail: `${listRows(group)} name ${group[0]?.mapping.account}` };
      }
    },
  },
  "target-duplicate": {
    severity: "block",
    says: "Two rows name the same cloud user.",
    why: "A cloud user has one immutable ID: one of the two accounts would lose its mailbox to the other.",
    mend: "Decide which account the cloud user belongs to and delete the other row, then plan again.",
    source: "By construction: onPremisesImmutableId is single-valued.",
    checked: "2026-11",
    *find({ rows }) {
      for (const group of sharedBy(rows, askedTarget)) {
        yield { rows: group.map(({ row }) => row), detail: `${listRows(group)} name ${group[0]?.mapping.upn}` };
      }
    },
  },
} satisfies Checks;
