/** What the adapters of both sides are opened with: the settings of the configuration in the adapters' own shapes. */

import type { Machine } from "../adapters/system/machine.ts";
import type { DirectorySignIn, LiveDirectorySettings, Settings } from "../cli/settings.ts";
import { parseGuid } from "../core/guid.ts";
import type { Perform } from "../ports/effects.ts";
import { type ReadSecret, withDirectorySecrets } from "./sign-in.ts";

/** For name resolution, connection and TLS together. */
const CONNECT_TIMEOUT_MS = 15_000;

export function tenantOf({ tenant: { id, cloud, endpoint }, limits }: Settings) {
  return { tenantId: parseGuid(id), tenantName: id, cloud, endpoint, limits };
}

/** What a directory and its catalog are both opened with. */
export function sharedOf<Gate>(
  { domain, ca, signIn }: LiveDirectorySettings,
  {
    gateOf,
    read,
    requestTimeoutSeconds,
  }: {
    readonly gateOf: (signIn: DirectorySignIn) => Gate;
    readonly read: ReadSecret;
    readonly requestTimeoutSeconds: number;
  },
) {
  return {
    domain,
    ca,
    gate: gateOf(signIn),
    signIn: withDirectorySecrets(signIn, read),
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    operationTimeoutMs: requestTimeoutSeconds * 1000,
  };
}

/** Node's own fetch, through the company's proxy where there is one, every request an effect. */
export async function openFetch(environment: Machine["environment"], perform: Perform): Promise<typeof fetch> {
  const { useProxyOf } = await import("../adapters/system/proxy.ts");
  useProxyOf(environment);
  return (address, options) => perform(`http ${options?.method ?? "GET"}`, () => fetch(address, options));
}
