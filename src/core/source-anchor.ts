/**
 * Which GUID of an account is its source anchor.
 *
 * Sync engines differ: Cloud Sync, and Connect Sync in ConsistencyGuid mode, take
 * mS-DS-ConsistencyGuid where it is set and objectGUID else; Connect Sync in objectGUID mode never
 * looks at the former. Graph does not tell which mode a tenant uses, so where the two attributes
 * disagree only the operator can decide.
 *
 * Source: "Microsoft Entra Connect: Design concepts" and "Cloud sync supported topologies", checked 2026-11.
 */
import type { AdAccount } from "./ad-account.ts";
import { type Guid, guidFromBytes } from "./guid.ts";
import { type ImmutableId, immutableIdFromGuid } from "./immutable-id.ts";

export const ANCHOR_MODES = ["auto", "objectGUID", "mS-DS-ConsistencyGuid"] as const;
export type AnchorMode = (typeof ANCHOR_MODES)[number];
export type AnchorSource = "objectGUID" | "mS-DS-ConsistencyGuid";

export type Anchor = { readonly source: AnchorSource; readonly guid: Guid; readonly immutableId: ImmutableId };

/** The anchor, or why there is none; `junk` tells of a ConsistencyGuid that is not 16 bytes in either case. */
export type AnchorChoice = {
  readonly anchor: Anchor | null;
  readonly trouble: "invalid" | "differs" | null;
  readonly junk: boolean;
};

/** Chooses the source anchor of an account under the given mode. */
export function chooseAnchor(
  account: Pick<AdAccount, "objectGuid" | "consistencyGuid">,
  mode: AnchorMode,
): AnchorChoice {
  const { objectGuid, consistencyGuid: bytes } = account;
  // A value of no bytes cannot be stored by AD; whoever sends one means that the attribute is empty.
  const present = bytes !== null && bytes.length > 0;
  const consistencyGuid = present ? guidFromBytes(bytes) : null;
  const junk = present && consistencyGuid === null;
  if (mode === "objectGUID") return { anchor: anchorFrom("objectGUID", objectGuid), trouble: null, junk };
  if (junk) return { anchor: null, trouble: "invalid", junk };
  if (consistencyGuid === null) return { anchor: anchorFrom("objectGUID", objectGuid), trouble: null, junk };
  if (mode === "auto" && consistencyGuid !== objectGuid) return { anchor: null, trouble: "differs", junk };
  return { anchor: anchorFrom("mS-DS-ConsistencyGuid", consistencyGuid), trouble: null, junk };
}

function anchorFrom(source: AnchorSource, guid: Guid): Anchor {
  return { source, guid, immutableId: immutableIdFromGuid(guid) };
}
