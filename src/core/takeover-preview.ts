/**
 * What the takeover will change in a cloud user: what AD holds, laid over what is there, by a table of flows.
 *
 * Writing an immutable ID changes nothing that a person sees. The takeover after it does: from then on AD owns the
 * user, and what AD lacks or has otherwise is lost or changed in the cloud, for thousands at once.
 */
import { type AdAccount, PROFILE_ATTRIBUTES } from "./ad-account.ts";
import { foldCase } from "./names.ts";
import { type CloudUser, PROFILE_PROPERTIES } from "./snapshot.ts";
import { type AddressSide, compareAddresses, primaryAddressFromAd, primaryAddressOf } from "./takeover-addresses.ts";
import {
  type AttributeFlow,
  FLOW_TARGETS,
  type FlowSource,
  type FlowTable,
  type FlowTarget,
} from "./takeover-flows.ts";
import type { CloudManager, Managers } from "./takeover-managers.ts";

/** Properties that a preview speaks of. The primary address is a part of proxyAddresses that is named by itself. */
export const CHANGED_PROPERTIES = FLOW_TARGETS.flatMap((target) =>
  target === "proxyAddresses" ? ([target, "primaryAddress"] as const) : [target],
);
export type ChangedProperty = FlowTarget | "primaryAddress";

export const TAKEOVER_KINDS = ["changed", "cleared", "added"] as const;

export type TakeoverChange = {
  readonly property: ChangedProperty;
  readonly kind: (typeof TAKEOVER_KINDS)[number];
  /** Values that go. */
  readonly before: readonly string[];
  /** Values that come. */
  readonly after: readonly string[];
};

/** What the preview is made by. */
export type PreviewRules = {
  readonly table: FlowTable;
  /** Attributes that a domain's directory does not tell, by domain: unknown is not empty. */
  readonly unknown: ReadonlyMap<string, ReadonlySet<string>>;
  readonly managers: Managers;
};

/** Both sides of a row, and what is known of the account. */
type Pair = {
  readonly account: AdAccount;
  readonly user: CloudUser;
  readonly knows: (attribute: FlowSource) => boolean;
  readonly managers: Managers;
};

/** What sync will change in `user` once it is tied to `account`, in the order of {@link CHANGED_PROPERTIES}. */
export function previewTakeover(
  account: AdAccount,
  user: CloudUser,
  { table, unknown, managers }: PreviewRules,
): TakeoverChange[] {
  const unknownHere = unknown.get(account.domain);
  const pair: Pair = { account, user, managers, knows: (attribute) => unknownHere?.has(attribute) !== true };
  const changes = table.flows.flatMap((flow) => (pair.knows(flow.from) ? compareFlow(flow, pair) : []));
  return changes.sort((left, right) => rankOf(left) - rankOf(right));
}

const RANK: ReadonlyMap<string, number> = new Map(CHANGED_PROPERTIES.map((property, index) => [property, index]));
const rankOf = ({ property }: TakeoverChange): number => RANK.get(property) ?? 0;

function compareFlow(flow: AttributeFlow, pair: Pair): TakeoverChange[] {
  if (flow.compare === "enabled") return compareEnabled(pair);
  if (flow.compare === "addresses") return compareProxyAddresses(flow, pair);
  if (flow.compare === "reference") return compareManagers(pair);
  const { account, user } = pair;
  if (flow.to === "mail" && flow.from === "mail") return compareMail(flow, pair);
  const [before, after] = [valuesInCloud(user, flow.to), valueInAd(account, flow.from)];
  // Nearly always; so asked before lists are made of both, which would be most of the work of a large batch.
  if (isPlainlySame(before, after)) return [];
  return compareValues(flow, before.flatMap(filled), filled(after));
}

/** Both have nothing, or the same letter by letter. No says nothing. */
function isPlainlySame(before: readonly string[], after: string | null): boolean {
  return after === null ? before.length === 0 : before.length === 1 && before[0] === after;
}

function compareValues(flow: AttributeFlow, before: readonly string[], after: readonly string[]): TakeoverChange[] {
  if (after.length === 0 && flow.whenEmpty === "keeps") return [];
  const fold = flow.compare === "text" ? (text: string) => text.normalize("NFC") : foldCase;
  const held = new Set(before.map(fold));
  const coming = new Set(after.map(fold));
  if (held.size === coming.size && [...held].every((value) => coming.has(value))) return [];
  return [changeOf(flow.to, before, after)];
}

function changeOf(property: ChangedProperty, before: readonly string[], after: readonly string[]): TakeoverChange {
  const kind = before.length === 0 ? "added" : after.length === 0 ? "cleared" : "changed";
  return { property, kind, before, after };
}

const ENABLED = { true: ["enabled"], false: ["disabled"] } as const;

function compareEnabled({ account, user }: Pair): TakeoverChange[] {
  if (account.disabled !== user.accountEnabled) return [];
  return [changeOf("accountEnabled", ENABLED[`${user.accountEnabled}`], ENABLED[`${!account.disabled}`])];
}

/** Sync writes a reference when it knows both ends. Who is not known in the cloud is not compared. */
function compareManagers({ user, managers }: Pair): TakeoverChange[] {
  const coming = managers.coming.get(user.id);
  const present = managers.present.get(user.id);
  if (coming === undefined || present === undefined || coming.id === present?.id) return [];
  const nameOf = ({ userPrincipalName, id }: CloudManager) => userPrincipalName ?? id;
  return [changeOf("manager", present === null ? [] : [nameOf(present)], [nameOf(coming)])];
}

/** The cloud's mail address is its primary address, whichever attribute AD names it in. */
function compareMail(flow: AttributeFlow, pair: Pair): TakeoverChange[] {
  const { account, user, knows } = pair;
  const primary = primaryAddressFromAd(sideOfAd(pair));
  if (primary === null && !knows("proxyAddresses")) return [];
  // Whoever has a mailbox and no address in AD gets the UPN as one.
  const fallback = user.licenceCount > 0 ? (account.userPrincipalName ?? user.userPrincipalName) : null;
  return compareValues(flow, filled(user.mail), filled(primary ?? fallback));
}

function compareProxyAddresses(flow: AttributeFlow, pair: Pair): TakeoverChange[] {
  const { account, user } = pair;
  if (account.proxyAddresses.length === 0 && flow.whenEmpty === "keeps") return [];
  const ad = sideOfAd(pair);
  const { lost, gained } = compareAddresses(user, ad);
  const changes: TakeoverChange[] = [];
  if (lost.length > 0 || gained.length > 0) {
    const kind =
      user.proxyAddresses.length === 0
        ? "added"
        : lost.length === user.proxyAddresses.length && gained.length === 0
          ? "cleared"
          : "changed";
    changes.push({ property: "proxyAddresses", kind, before: lost, after: gained });
  }
  const [before, after] = [primaryAddressOf(user.proxyAddresses), primaryAddressFromAd(ad)];
  if (before !== null && after !== null && foldCase(before) !== foldCase(after))
    changes.push(changeOf("primaryAddress", [before], [after]));
  return changes;
}

/** What AD says of addresses; what it does not tell is taken to be as the cloud has it, so that nothing is called lost. */
function sideOfAd({ account, user, knows }: Pair): AddressSide {
  return {
    proxyAddresses: knows("proxyAddresses") ? account.proxyAddresses : [],
    mail: knows("mail") ? account.mail : user.mail,
    userPrincipalName: knows("userPrincipalName") ? account.userPrincipalName : user.userPrincipalName,
  };
}

const PROFILE_SOURCES: ReadonlySet<string> = new Set(PROFILE_ATTRIBUTES);
const isProfileSource = (name: FlowSource): name is (typeof PROFILE_ATTRIBUTES)[number] => PROFILE_SOURCES.has(name);
const PROFILE_TARGETS: ReadonlySet<string> = new Set(PROFILE_PROPERTIES);
const isProfileTarget = (name: FlowTarget): name is (typeof PROFILE_PROPERTIES)[number] => PROFILE_TARGETS.has(name);

/** Sync trims what it reads. */
function filled(text: string | null | undefined): string[] {
  const trimmed = text?.trim() ?? "";
  return trimmed === "" ? [] : [trimmed];
}

function valueInAd(account: AdAccount, name: FlowSource): string | null {
  if (isProfileSource(name)) return account.profile[name] ?? null;
  switch (name) {
    case "sn":
      return account.surname;
    case "employeeID":
      return account.employeeId;
    case "proxyAddresses":
    case "userAccountControl":
      return null; // these flow in ways of their own
    default:
      return account[name];
  }
}

function valuesInCloud(user: CloudUser, name: FlowTarget): readonly string[] {
  if (isProfileTarget(name)) return user.profile?.[name] ?? NOTHING;
  switch (name) {
    case "accountEnabled":
    case "proxyAddresses":
    case "manager":
      return NOTHING; // compared in ways of their own
    default: {
      const value = user[name];
      return value === null ? NOTHING : [value];
    }
  }
}

/** One for all users. */
const NOTHING: readonly string[] = [];

/** `mail: changed; jobTitle: cleared; proxyAddresses: -2 +1`; empty where nothing changes. */
export function wordChanges(changes: readonly TakeoverChange[]): string {
  return changes.map((change) => `${change.property}: ${wordKind(change)}`).join("; ");
}

function wordKind({ property, kind, before, after }: TakeoverChange): string {
  if (property !== "proxyAddresses") return kind;
  return [...(before.length > 0 ? [`-${before.length}`] : []), ...(after.length > 0 ? [`+${after.length}`] : [])].join(
    " ",
  );
}

/** `jobTitle: Engineer → nothing`: the values that go, and those that come. */
export function describeChange({ property, before, after }: TakeoverChange): string {
  if (property === "proxyAddresses")
    return `${property}: ${[...before.map((value) => `- ${value}`), ...after.map((value) => `+ ${value}`)].join(", ")}`;
  const side = (values: readonly string[]) => (values.length === 0 ? "nothing" : values.join(", "));
  return `${property}: ${side(before)} → ${side(after)}`;
}

/** How many users a property changes for. */
export type PropertyTotal = {
  readonly property: ChangedProperty;
  readonly changed: number;
  readonly cleared: number;
  readonly added: number;
};

export type TakeoverTotals = {
  /** Users that were compared. */
  readonly previewed: number;
  /** Users for whom something changes. */
  readonly users: number;
  /** Properties that change for somebody, in the order of {@link CHANGED_PROPERTIES}. */
  readonly properties: readonly PropertyTotal[];
};

/** @param rows The rows of a plan: `null` where there was nothing to compare. */
export function countTakeover(
  rows: readonly { readonly takeover: readonly TakeoverChange[] | null }[],
): TakeoverTotals {
  const counts = new Map<ChangedProperty, Record<TakeoverChange["kind"], number>>();
  let [previewed, users] = [0, 0];
  for (const { takeover } of rows) {
    if (takeover === null) continue;
    previewed += 1;
    if (takeover.length > 0) users += 1;
    for (const { property, kind } of takeover) {
      const count = counts.get(property) ?? { changed: 0, cleared: 0, added: 0 };
      count[kind] += 1;
      counts.set(property, count);
    }
  }
  const properties = CHANGED_PROPERTIES.flatMap((property) => {
    const count = counts.get(property);
    return count === undefined ? [] : [{ property, ...count }];
  });
  return { previewed, users, properties };
}
