/** Checks on the tenant as a whole: they stand on no row. */
import type { Checks } from "./check.ts";

export const TENANT_CHECKS = {
  "tenant-hard-match-blocked": {
    severity: "block",
    says: "The tenant blocks hard matches (blockCloudObjectTakeoverThroughHardMatchEnabled).",
    why: "Every write would succeed and every takeover would fail with InvalidHardMatch.",
    mend: "Switch the feature off for the migration and on again afterwards.",
    source: "Microsoft Learn, Microsoft Entra Connect Sync service features",
    checked: "2026-11",
    *find({ takeover }) {
      if (takeover.features?.blocksHardMatch === true) yield { rows: [], detail: "no cloud user can be taken over" };
    },
  },
  "tenant-sync-active": {
    severity: "warn",
    says: "Sync is running in this tenant.",
    why: "Once a cycle has taken a user over, its immutable ID can no longer be changed: the way back closes within one cycle of the write.",
    mend: "Pause the sync scheduler until the results have been looked at (Set-ADSyncScheduler -SyncCycleEnabled $false).",
    source: "Microsoft Learn, Microsoft Entra Connect Sync: Scheduler; Cloud sync FAQ",
    checked: "2026-11",
    *find({ tenant }) {
      if (tenant.syncEnabled === true && tenant.syncedRecently)
        yield { rows: [], detail: `last sync ${tenant.lastSyncAt ?? "at an unknown time"}` };
    },
  },
  "tenant-sync-off": {
    severity: "warn",
    says: "Sync is not enabled in this tenant.",
    why: "Nothing will take the users over until it is.",
    mend: "Nothing is needed if sync is to be set up later.",
    source: "Microsoft Graph, organization resource, onPremisesSyncEnabled",
    checked: "2026-11",
    *find({ tenant }) {
      if (tenant.syncEnabled !== true) yield { rows: [], detail: "onPremisesSyncEnabled is not true" };
    },
  },
  "tenant-password-sync": {
    severity: "info",
    says: "Password hash sync is on.",
    why: "With the takeover each cloud password is replaced by the one in AD.",
    mend: "Tell the people which password counts from then on.",
    source: "Microsoft Learn, Use Microsoft Entra Connect with an existing tenant",
    checked: "2026-11",
    *find({ takeover }) {
      if (takeover.features?.syncsPasswords === true)
        yield { rows: [], detail: "cloud passwords will be replaced by AD's" };
    },
  },
  "tenant-check-unavailable": {
    severity: "warn",
    says: "A check could not be made.",
    why: "Not checked is not the same as fine: the takeover of some rows may fail for a reason that nobody has looked at.",
    mend: "Grant the permission, or export AD again with the attribute, that is named, and plan again; or have somebody look who can.",
    source: "Microsoft Graph permissions reference",
    checked: "2026-11",
    *find({ takeover }) {
      for (const { check, permission, reason } of takeover.gaps) {
        yield { rows: [], detail: `not checked: ${check}; it wants ${permission} (${reason})` };
      }
    },
  },
} satisfies Checks;
