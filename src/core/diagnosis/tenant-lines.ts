/** What the probes of the tenant come to, line by line. */
import { describeSync } from "../checks/check.ts";
import { TENANT_CHECKS } from "../checks/tenant-checks.ts";
import type { TenantIdentity } from "../snapshot.ts";
import type { CheckGap, SyncFeatures } from "../takeover-facts.ts";
import { formatDuration } from "../words.ts";
import { type DiagnosisLine, failure, type Judged, lineOf, ok, warning } from "./diagnosis-line.ts";
import { type Fact, notChecked } from "./fact.ts";
import { describePermissions, type TokenFacts } from "./permission-lines.ts";

export type TenantFacts = {
  /** Asked without a token. */
  readonly graph: Fact<{ readonly host: string; readonly clockSkewMs: number | null }>;
  readonly token: Fact<TokenFacts>;
  readonly identity: Fact<TenantIdentity>;
  readonly users: Fact<null>;
  readonly takeover: Fact<{
    /** `null` where they cannot be read; a gap then says why. */
    readonly features: SyncFeatures | null;
    readonly gaps: readonly CheckGap[];
  }>;
};

/** A handed-in token that ends sooner may not last for the run. */
const SHORT_TOKEN_MS = 60 * 60 * 1000;
const NEW_TOKEN = "Provide a new access token for Microsoft Graph.";

/** @param now For the age of the last sync and the end of a token. */
export function describeTenant(facts: TenantFacts, now: Date): DiagnosisLine[] {
  const { graph, token, identity, users, takeover } = blameToken(facts);
  const place = (check: DiagnosisLine["check"]) => ({ part: "tenant", subject: null, check }) as const;
  const gaps = takeover.state === "found" ? { state: "found" as const, found: takeover.found.gaps } : takeover;
  // That there is no token, or that it is another tenant or none at all, is said once.
  const signedIn = token.state === "failed" ? notChecked("there is no token to ask with") : token;
  const known = identity.state === "failed" ? notChecked("nobody knows which tenant this is") : identity;
  return [
    describeGraph(graph),
    lineOf(place("token"), token, (found) => judgeToken(found, now)),
    lineOf(place("tenant"), identity, ({ displayName, tenantId, cloud }) =>
      ok(`${JSON.stringify(displayName)} (${tenantId}), cloud ${cloud}.`),
    ),
    ...describePermissions(signedIn, { users, gaps }),
    lineOf(place("sync"), known, (found) => judgeSync(found, now)),
    lineOf(place("hard-match"), featuresOf(takeover), judgeFeatures),
  ];
}

/** The way to Graph alone. */
export function describeGraph(graph: TenantFacts["graph"]): DiagnosisLine {
  return lineOf({ part: "tenant", subject: null, check: "graph" }, graph, ({ host }) => ok(`${host} answers.`));
}

/** What has not the form of a token, and was refused, is no token: nothing it does not say is worth a line. */
function blameToken(facts: TenantFacts): TenantFacts {
  const { token, identity } = facts;
  if (token.state !== "found" || token.found.readable || identity.state !== "failed") return facts;
  const none = notChecked("there is no token to ask with");
  return { ...facts, token: identity, identity: none, users: none, takeover: none };
}

/** Whether a token is over, so that nothing else need be asked with it. */
export function hasEnded({ expiresAt }: TokenFacts, now: Date): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
}

function judgeToken(token: TokenFacts, now: Date): Judged {
  const { owner, expiresAt } = token;
  const says = `Signed in${owner === null ? "" : ` as ${owner}`}`;
  if (expiresAt === null) return ok(`${says}.`);
  if (hasEnded(token, now)) return failure(`The access token ended at ${expiresAt}.`, NEW_TOKEN);
  const leftMs = Date.parse(expiresAt) - now.getTime();
  const left = `the token ends in ${formatDuration(leftMs / 1000)}, at ${expiresAt}`;
  if (leftMs >= SHORT_TOKEN_MS) return ok(`${says}; ${left}.`);
  return warning(`${says}; ${left}, and it cannot be renewed here.`, `${NEW_TOKEN} Or use another sign-in method.`);
}

function judgeSync(tenant: TenantIdentity, now: Date): Judged {
  const { syncEnabled, lastSyncAt, syncedRecently } = describeSync(tenant, now.getTime());
  const { "tenant-sync-off": off, "tenant-sync-active": active } = TENANT_CHECKS;
  if (syncEnabled !== true) return warning(`${off.says} ${off.why}`, off.mend);
  if (syncedRecently) return warning(`${active.says} The last cycle was at ${lastSyncAt}. ${active.why}`, active.mend);
  return ok(`Sync is enabled, and has not run for hours (last at ${lastSyncAt ?? "an unknown time"}).`);
}

function judgeFeatures({ blocksHardMatch, allowsIdentifierUpdate, syncsPasswords }: SyncFeatures): Judged {
  const { "tenant-hard-match-blocked": blocked, "tenant-password-sync": passwords } = TENANT_CHECKS;
  if (blocksHardMatch)
    return failure(
      `${blocked.says} ${blocked.why}`,
      `${blocked.mend} See: hardmatch explain tenant-hard-match-blocked`,
    );
  return ok(
    [
      "Hard matches are allowed.",
      ...(allowsIdentifierUpdate ? ["onPremisesObjectIdentifier may be overwritten by sync."] : []),
      ...(syncsPasswords ? [`${passwords.says} ${passwords.why}`] : []),
    ].join(" "),
  );
}

/** Switches that cannot be read leave the question open; which permission they want is said among the checks. */
function featuresOf(takeover: TenantFacts["takeover"]): Fact<SyncFeatures> {
  if (takeover.state !== "found") return takeover;
  const { features } = takeover.found;
  if (features !== null) return { state: "found", found: features };
  return notChecked("the account may not read the tenant's sync features (see checks)");
}
