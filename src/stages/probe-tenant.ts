/** Looks at the tenant from the way to Graph up to its sync settings, and goes on as far as it makes sense. */
import { notChecked } from "../core/diagnosis/fact.ts";
import { hasEnded, type TenantFacts } from "../core/diagnosis/tenant-lines.ts";
import type { Clock } from "../ports/clock.ts";
import type { TenantProbe } from "../ports/probes.ts";
import { collectAfter, collectFact } from "./collect-fact.ts";

/** True of another tenant, and of one that did not say which it is. */
const NOT_KNOWN = "this is not known to be the right tenant, so nothing else is read of it";

/** Looks no further than the way to Graph. @throws {BatchError} interrupted: the signal fired. */
export async function probeGraph(probe: TenantProbe, signal: AbortSignal): Promise<TenantFacts["graph"]> {
  return await collectFact(() => probe.reach(signal));
}

/** @throws {BatchError} interrupted: the signal fired. */
export async function probeTenant(
  probe: TenantProbe,
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): Promise<TenantFacts> {
  const graph = await probeGraph(probe, signal);
  const token = await collectAfter(graph, "Graph cannot be reached", () => probe.signIn(signal));
  const usable =
    token.state === "found" && hasEnded(token.found, clock.now()) ? notChecked("the access token has ended") : token;
  const identity = await collectAfter(usable, "there is no token to ask with", () => probe.identify(signal));
  const users = await collectAfter(identity, NOT_KNOWN, () => probe.readUsers(signal).then(() => null));
  const takeover = await collectAfter(identity, NOT_KNOWN, () => probe.readTakeover(signal));
  return { graph, token, identity, users, takeover };
}
