/**
 * Where each Microsoft cloud signs in and where its Graph is.
 *
 * Tokens are not interchangeable between clouds, and a bearer token sent to a wrong host is a stolen token: so
 * the hosts are a closed list and a configured endpoint may be one of them or the own machine, nothing else.
 *
 * Source: https://learn.microsoft.com/graph/deployments (checked 2026-11)
 */
import { BatchError } from "../../core/errors.ts";

/** @see CLOUDS */
export type CloudName = "global" | "usgov" | "usgov-dod" | "china";

/** Sign-in authority and Graph root of each cloud, without a slash at the end. */
export const CLOUDS: Readonly<Record<CloudName, { readonly authority: string; readonly graphRoot: string }>> = {
  global: { authority: "https://login.microsoftonline.com", graphRoot: "https://graph.microsoft.com" },
  usgov: { authority: "https://login.microsoftonline.us", graphRoot: "https://graph.microsoft.us" },
  "usgov-dod": { authority: "https://login.microsoftonline.us", graphRoot: "https://dod-graph.microsoft.us" },
  china: { authority: "https://login.chinacloudapi.cn", graphRoot: "https://microsoftgraph.chinacloudapi.cn" },
};

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);
const GRAPH_ROOTS: ReadonlySet<string> = new Set(Object.values(CLOUDS).map(({ graphRoot }) => graphRoot));

/** Whether a cloud's own Graph is at this host; else it was configured as an endpoint. */
export function isGraphHost(host: string): boolean {
  return GRAPH_ROOTS.has(`https://${host}`);
}

/**
 * @param endpoint Another root than the cloud's own: http on loopback, or a known Graph host over https; `null`
 *   for the cloud's own.
 * @returns Scheme, host and port, without a slash at the end.
 * @throws {BatchError} config: any other endpoint.
 */
export function graphRootOf(cloud: CloudName, endpoint: string | null): string {
  if (endpoint === null) return CLOUDS[cloud].graphRoot;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  const bare = url !== null && url.username === "" && url.password === "" && url.pathname === "/" && url.search === "";
  if (url !== null && bare && url.hash === "") {
    if (url.protocol === "http:" && LOOPBACK_HOSTS.has(url.hostname)) return url.origin;
    if (GRAPH_ROOTS.has(url.origin)) return url.origin;
  }
  throw new BatchError(
    "config",
    `tenant.endpoint is ${JSON.stringify(endpoint)}, which is neither http on this machine nor a known Graph host over https`,
    `Remove tenant.endpoint, or use http://127.0.0.1:<port> or one of ${Array.from(GRAPH_ROOTS).join(", ")}.`,
  );
}
