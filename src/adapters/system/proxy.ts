/**
 * The company's proxy, as its variables name it.
 *
 * The sign-in library honours HTTPS_PROXY and Node's own fetch does not unless it is told to: without this an operator
 * would be signed in and then find Graph out of reach. Only HTTPS is sent through it: http goes to a simulated tenant on
 * this machine, which no proxy can reach. LDAP knows no proxies.
 *
 * Source: Node 24, http.setGlobalProxyFromEnv (since 24.14), checked 2026-11.
 */
import * as http from "node:http";

type Environment = Readonly<Record<string, string | undefined>>;

/** Has every later HTTPS request sent through the proxy that is named, if one is; does nothing where Node does so by itself. */
export function useProxyOf(environment: Environment): void {
  const proxy = environment.https_proxy || environment.HTTPS_PROXY;
  if (!proxy || environment.NODE_USE_ENV_PROXY === "1") return;
  const exempt = environment.no_proxy || environment.NO_PROXY;
  // An older Node 24 has no such function: doctor's line about Graph then says what to set.
  http.setGlobalProxyFromEnv?.({ https_proxy: proxy, ...(exempt ? { no_proxy: exempt } : {}) });
}
