/** Cases of the rows that write into AD, for the table of checks. */
import type { AnchorHolder } from "../../../src/core/ad-facts.ts";
import { indexAnchorHolders } from "../../../src/core/ad-facts.ts";
import { NO_TAKEOVER_FACTS } from "../../../src/core/takeover-facts.ts";
import {
  AD_GUID,
  account,
  anchorOf,
  bytesOf,
  CLOUD_ID,
  cloudUser,
  deletedUser,
  mapping,
  type SmallWorld,
} from "../../support/facts.ts";

type Case = SmallWorld & { readonly name: string; readonly expect: readonly string[] };

const OLD_SID = "S-1-5-21-1-1-1-1105";
const NEW_SID = "S-1-5-21-2-2-2-1105";
const oldAnchor = anchorOf("ada", "OLD");
const oldBytes = bytesOf(AD_GUID("OLDada"));
/** Ada, who moves from OLD to CORP: her cloud user is synced from OLD. */
const moving = { immutableId: oldAnchor, syncEnabled: true, securityIdentifier: OLD_SID } as const;
const world = { users: [cloudUser("ada", moving)], mappings: [mapping(2, "ada", { writeTo: "ad" as const })] };
const newAccount = (changes: Parameters<typeof account>[1] = {}) => account("ada", { objectSid: NEW_SID, ...changes });

const holder = (changes: Partial<AnchorHolder> = {}) => ({
  anchorHolders: indexAnchorHolders([account("ada", { domain: "OLD", objectSid: OLD_SID, ...changes })]),
});
const identifiers = (value: string) => ({ objectIdentifiers: new Map([[CLOUD_ID("ada"), value]]) });

export const anchorWriteCases: readonly Case[] = [
  {
    name: "is silent on a user that moves between domains, though it is synced",
    ...world,
    accounts: [newAccount()],
    expect: [],
  },
  {
    name: "asks the option where the cell says nothing",
    ...world,
    mappings: [mapping(2, "ada")],
    options: { writeTo: "ad" },
    accounts: [newAccount()],
    expect: [],
  },
  {
    name: "blocks the same user on the other way",
    ...world,
    mappings: [mapping(2, "ada", { writeTo: "cloud" })],
    options: { writeTo: "ad" },
    accounts: [newAccount()],
    expect: ["target-synced block 2"],
  },
  {
    name: "reports a cloud user without an ID",
    ...world,
    users: [cloudUser("ada")],
    accounts: [newAccount()],
    expect: ["cloud-id-missing block 2"],
  },
  {
    name: "reports an empty text in the place of an ID",
    ...world,
    users: [cloudUser("ada", { immutableId: "" })],
    accounts: [newAccount()],
    expect: ["cloud-id-missing block 2"],
  },
  {
    name: "reports an ID of fewer than 16 bytes",
    ...world,
    users: [cloudUser("ada", { immutableId: "YWRh" })],
    accounts: [newAccount()],
    expect: ["cloud-id-not-a-guid block 2"],
  },
  {
    name: "reports an ID whose base64 sync would spell otherwise",
    ...world,
    users: [cloudUser("ada", { immutableId: "1eLWKGhjWk22cdUrMBcmgB==" })],
    accounts: [newAccount()],
    expect: ["cloud-id-not-a-guid block 2"],
  },
  {
    name: "warns of the person's old account, known by the cloud user's SID",
    ...world,
    accounts: [newAccount()],
    ad: holder(),
    expect: ["old-account-remains warn 2"],
  },
  {
    name: "warns of the person's old account, known by the SID history",
    ...world,
    users: [cloudUser("ada", { ...moving, securityIdentifier: null })],
    accounts: [newAccount({ sidHistory: [OLD_SID] })],
    ad: holder(),
    expect: ["old-account-remains warn 2"],
  },
  {
    name: "blocks where an account of another domain holds the bytes and nothing says that it is the same person",
    ...world,
    users: [cloudUser("ada", { ...moving, securityIdentifier: null })],
    accounts: [newAccount()],
    ad: holder(),
    expect: ["consistency-guid-taken block 2"],
  },
  {
    name: "blocks where an account of the same domain holds the bytes, though it has the person's SID",
    ...world,
    accounts: [newAccount()],
    ad: holder({ domain: "CORP", accountName: "ada2", objectGuid: AD_GUID("ada2"), consistencyGuid: oldBytes }),
    expect: ["consistency-guid-taken block 2"],
  },
  {
    name: "passes over the account itself among those that hold the bytes",
    ...world,
    accounts: [newAccount({ consistencyGuid: oldBytes })],
    ad: { anchorHolders: indexAnchorHolders([newAccount({ consistencyGuid: oldBytes })]) },
    expect: ["target-already-matched info 2"],
  },
  {
    name: "blocks an account with another ConsistencyGuid",
    ...world,
    accounts: [newAccount({ consistencyGuid: bytesOf(AD_GUID("somebody")) })],
    expect: ["consistency-guid-set block 2"],
  },
  {
    name: "blocks an account with a ConsistencyGuid of 20 bytes",
    ...world,
    accounts: [newAccount({ consistencyGuid: new Uint8Array(20) })],
    expect: ["consistency-guid-set block 2"],
  },
  {
    name: "warns of another ConsistencyGuid where it may be replaced",
    ...world,
    options: { replace: true },
    accounts: [newAccount({ consistencyGuid: bytesOf(AD_GUID("somebody")) })],
    expect: ["consistency-guid-set warn 2"],
  },
  {
    name: "blocks an account of whose objectGUID sync has made a second user, even with --replace",
    ...world,
    options: { replace: true },
    users: [cloudUser("ada", moving), cloudUser("twin", { immutableId: anchorOf("ada"), syncEnabled: true })],
    accounts: [newAccount()],
    expect: ["account-already-synced block 2"],
  },
  {
    name: "blocks an account of whose ConsistencyGuid sync has made a second user that was deleted since",
    ...world,
    options: { replace: true },
    deleted: [deletedUser("twin", { immutableId: anchorOf("somebody") })],
    accounts: [newAccount({ consistencyGuid: bytesOf(AD_GUID("CORPsomebody")) })],
    expect: ["consistency-guid-set warn 2", "account-already-synced block 2"],
  },
  {
    name: "warns of an account that holds its own objectGUID where nobody in the cloud does",
    ...world,
    options: { replace: true },
    accounts: [newAccount({ consistencyGuid: bytesOf(AD_GUID("CORPada")) })],
    expect: ["consistency-guid-set warn 2", "account-already-synced warn 2"],
  },
  {
    name: "blocks an account that may not be written",
    ...world,
    accounts: [newAccount()],
    ad: { writable: new Set() },
    expect: ["write-not-permitted block 2"],
  },
  {
    name: "counts users whose identifier is another account's, each row blocked",
    users: [cloudUser("ada", moving), cloudUser("ben", { immutableId: anchorOf("ben", "OLD"), syncEnabled: true })],
    mappings: [mapping(2, "ada"), mapping(3, "ben")],
    accounts: [newAccount(), account("ben")],
    options: { writeTo: "ad" },
    takeover: {
      objectIdentifiers: new Map([
        [CLOUD_ID("ada"), AD_GUID("OLDada")],
        [CLOUD_ID("ben"), AD_GUID("OLDben")],
      ]),
    },
    expect: ["target-object-identifier-set block 2,3"],
  },
  {
    name: "is silent where the identifier is the new account's own",
    ...world,
    accounts: [newAccount()],
    takeover: identifiers(AD_GUID("CORPada")),
    expect: [],
  },
  {
    name: "is silent where the tenant lets sync overwrite the identifier",
    ...world,
    accounts: [newAccount()],
    takeover: {
      ...identifiers(AD_GUID("OLDada")),
      features: {
        blocksHardMatch: false,
        syncsPasswords: false,
        ...NO_TAKEOVER_FACTS.features,
        allowsIdentifierUpdate: true,
      },
    },
    expect: [],
  },
  {
    name: "lets the identifier of a synced user be cleared on this way",
    ...world,
    accounts: [newAccount()],
    options: { onConflict: ["clear-object-identifier"], allow: ["clear-object-identifier"] },
    takeover: identifiers(AD_GUID("OLDada")),
    expect: ["target-object-identifier-set warn 2", "action-irreversible warn 2"],
  },
  {
    name: "reports one account that two rows would write",
    users: [
      cloudUser("ada", moving),
      cloudUser("ben", { immutableId: anchorOf("ben", "OLD"), mail: null, displayName: null }),
    ],
    mappings: [mapping(2, "ada"), mapping(3, "ada", { domain: "CORP", upn: "ben@contoso.example" })],
    accounts: [newAccount({ mail: null, userPrincipalName: null })],
    options: { writeTo: "ad" },
    expect: ["source-used-twice block 2,3", "identity-disagrees warn 3"],
  },
  {
    name: "reports one account that one row would write and whose anchor another takes",
    users: [cloudUser("ada", moving), cloudUser("ben", { mail: null, displayName: null })],
    mappings: [
      mapping(2, "ada", { writeTo: "ad" }),
      mapping(3, "ada", { domain: "CORP", upn: "ben@contoso.example", writeTo: "cloud" }),
    ],
    accounts: [newAccount({ mail: null, userPrincipalName: null })],
    expect: ["source-used-twice block 2,3", "identity-disagrees warn 3"],
  },
  {
    name: "says of a disabled account what it says on the other way",
    ...world,
    accounts: [newAccount({ disabled: true })],
    expect: ["takeover-blocks-signin warn 2"],
  },
];
