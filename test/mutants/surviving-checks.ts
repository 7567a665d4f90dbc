/** Survivors of the group `checks`, each with its reason; see `surviving-mutants.ts`. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of code
import type { Explained } from "./explained.ts";

export const CHECKS: readonly Explained[] = [
  {
    reason: "What no time says is not recent: the compiler asks.",
    mutants: [
      {
        file: "src/core/checks/check.ts",
        code: "const syncedRecently = lastSyncAt !== null && nowMs - Date.parse(lastSyncAt) < RECENT_SYNC_MS;",
        becomes: "const syncedRecently = true && nowMs - Date.parse(lastSyncAt) < RECENT_SYNC_MS;",
      },
    ],
  },
  {
    reason: "The compiler asks: at this place the value is always there, so the check is never taken.",
    mutants: [
      {
        file: "src/core/checks/holder-checks.ts",
        code: "const deleted = batch.snapshot.deletedHoldersOf(wantedId).filter(({ id }) => id !== facts.target?.id);",
        becomes:
          "const deleted = batch.snapshot.deletedHoldersOf(wantedId).filter(({ id }) => id !== facts.target.id);",
      },
      {
        file: "src/core/checks/holder-checks.ts",
        code: "const others = batch.snapshot.holdersOfOtherCase(wantedId).filter(({ id }) => id !== facts.target?.id);",
        becomes:
          "const others = batch.snapshot.holdersOfOtherCase(wantedId).filter(({ id }) => id !== facts.target.id);",
      },
      {
        file: "src/core/checks/mapping-checks.ts",
        code: "yield { rows: group.map(({ row }) => row), detail: `${listRows(group)} name ${group[0]?.mapping.account}` };",
        becomes:
          "yield { rows: group.map(({ row }) => row), detail: `${listRows(group)} name ${group[0].mapping.account}` };",
      },
      {
        file: "src/core/checks/mapping-checks.ts",
        code: "yield { rows: group.map(({ row }) => row), detail: `${listRows(group)} name ${group[0]?.mapping.upn}` };",
        becomes:
          "yield { rows: group.map(({ row }) => row), detail: `${listRows(group)} name ${group[0].mapping.upn}` };",
      },
      {
        file: "src/core/checks/source-checks.ts",
        code: "detail: `${place(account)} holds ${account.consistencyGuid?.length ?? 0} bytes`,",
        becomes: "detail: `${place(account)} holds ${account.consistencyGuid.length ?? 0} bytes`,",
      },
      {
        file: "src/core/checks/target-checks.ts",
        code: "detail: `${listRows(group)} lead to ${group[0]?.target?.userPrincipalName}`,",
        becomes: "detail: `${listRows(group)} lead to ${group[0]?.target.userPrincipalName}`,",
      },
      {
        file: "src/core/checks/target-checks.ts",
        code: "detail: `${listRows(group)} lead to ${group[0]?.target?.userPrincipalName}`,",
        becomes: "detail: `${listRows(group)} lead to ${group[0].target?.userPrincipalName}`,",
      },
      {
        file: "src/core/checks/check.ts",
        code: "if (!isMatched(facts) || target?.syncEnabled !== true) return false;",
        becomes: "if (!isMatched(facts) || target.syncEnabled !== true) return false;",
      },
      {
        file: "src/core/resolution.ts",
        code: "const asked = mapping.domain === null ? [...domains.values()] : named === undefined || named === null ? [] : [named];",
        becomes:
          "const asked = mapping.domain === null ? [...domains.values()] : named === undefined || false ? [] : [named];",
      },
    ],
  },
  {
    reason: "Rows are grouped by the account or by what it holds: the compiler asks.",
    mutants: [
      {
        file: "src/core/checks/source-checks.ts",
        code: 'const accounts = new Set(group.map(({ account }) => (account === null ? "" : place(account))));',
        becomes: 'const accounts = new Set(group.map(({ account }) => (false ? "" : place(account))));',
      },
    ],
  },
  {
    reason: "Nobody holds no value: the compiler asks.",
    mutants: [
      {
        file: "src/core/checks/anchor-write-checks.ts",
        code: "if (wantedId === null) return [];",
        becomes: "if (false) return [];",
      },
      {
        file: "src/core/checks/holder-checks.ts",
        code: "if (wantedId === null) return [];",
        becomes: "if (false) return [];",
      },
    ],
  },
  {
    reason: "An index gives places that were added to it, and each of them is one of the list: the compiler asks.",
    mutants: [
      {
        file: "src/core/checks/check.ts",
        code: "if (group.length > 1) yield group.flatMap((other) => rows[other] ?? []);",
        becomes: 'if (group.length > 1) yield group.flatMap((other) => rows[other] ?? ["Stryker was here"]);',
      },
      {
        file: "src/core/resolution.ts",
        code: "const found = index.find(folded).flatMap((place) => accounts[place] ?? []);",
        becomes: 'const found = index.find(folded).flatMap((place) => accounts[place] ?? ["Stryker was here"]);',
      },
    ],
  },
  {
    reason: "Without an account nothing is held in AD, so that nothing is matched there: the compiler asks.",
    mutants: [
      {
        file: "src/core/checks/check.ts",
        code: 'return side === "cloud" || (account !== null && isSyncedFrom(target, account));',
        becomes: 'return side === "cloud" || (true && isSyncedFrom(target, account));',
      },
    ],
  },
  {
    reason:
      "Only quicker: rows of one side that lead to one account share its anchor, and none of their groups is left.",
    mutants: [
      {
        file: "src/core/checks/source-checks.ts",
        code: 'if (rows.every(({ side }) => side === "cloud")) return [];',
        becomes: "if (false) return [];",
      },
      {
        file: "src/core/checks/source-checks.ts",
        code: 'if (rows.every(({ side }) => side === "cloud")) return [];',
        becomes: "if (rows.every(() => undefined)) return [];",
      },
      {
        file: "src/core/checks/source-checks.ts",
        code: 'if (rows.every(({ side }) => side === "cloud")) return [];',
        becomes: "if (rows.every(({ side }) => false)) return [];",
      },
      {
        file: "src/core/checks/source-checks.ts",
        code: 'if (rows.every(({ side }) => side === "cloud")) return [];',
        becomes: 'if (rows.every(({ side }) => side !== "cloud")) return [];',
      },
    ],
  },
  {
    reason: "What nearly every mapping becomes takes less memory so, and says the same.",
    mutants: [
      {
        file: "src/core/resolution.ts",
        code: "if (account !== undefined && exact.length === 1 && near.length === 0 && outside === undefined)",
        becomes: "if (false)",
      },
      {
        file: "src/core/resolution.ts",
        code: "if (account !== undefined && exact.length === 1 && near.length === 0 && outside === undefined)",
        becomes: "if (account === undefined && exact.length === 1 && near.length === 0 && outside === undefined)",
      },
    ],
  },
  {
    reason: "Of one account the first is there: the compiler asks.",
    mutants: [
      {
        file: "src/core/resolution.ts",
        code: "if (account !== undefined && exact.length === 1 && near.length === 0 && outside === undefined)",
        becomes: "if (true && exact.length === 1 && near.length === 0 && outside === undefined)",
      },
    ],
  },
  {
    reason: "Nobody is looked up by no SID: the compiler asks.",
    mutants: [
      {
        file: "src/core/checks/identity-checks.ts",
        code: "if (sid === null) continue;",
        becomes: "if (false) continue;",
      },
    ],
  },
  {
    reason: "An account and the choice of its anchor are there together: the compiler asks.",
    mutants: [
      {
        file: "src/core/checks/source-checks.ts",
        code: "if (account !== null && choice?.junk === true) {",
        becomes: "if (true && choice?.junk === true) {",
      },
      {
        file: "src/core/checks/source-checks.ts",
        code: "if (account !== null && choice?.junk === true) {",
        becomes: "if (account !== null && choice.junk === true) {",
      },
      {
        file: "src/core/checks/source-checks.ts",
        code: 'if (account !== null && choice?.trouble === "differs") {',
        becomes: 'if (true && choice?.trouble === "differs") {',
      },
      {
        file: "src/core/checks/source-checks.ts",
        code: 'if (account !== null && choice?.trouble === "differs") {',
        becomes: 'if (account !== null && choice.trouble === "differs") {',
      },
    ],
  },
  {
    reason: "What stands in the place of a role is not privileged.",
    mutants: [
      {
        file: "src/core/checks/takeover-checks.ts",
        code: "const privileged = (takeover.roles?.get(target.id) ?? []).filter((holding) => holding.privileged);",
        becomes:
          'const privileged = (takeover.roles?.get(target.id) ?? ["Stryker was here"]).filter((holding) => holding.privileged);',
      },
    ],
  },
  {
    reason: "Only a row that names a domain has one that nobody serves: the compiler asks.",
    mutants: [
      {
        file: "src/core/resolution.ts",
        code: "unknownDomain: mapping.domain !== null && named === undefined,",
        becomes: "unknownDomain: true && named === undefined,",
      },
    ],
  },
];
