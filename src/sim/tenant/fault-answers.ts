/** What a fault answers in place of the service, and what it makes of the service's own answer. */
import { stampError } from "./errors.ts";
import type { FaultAction } from "./faults.ts";
import type { GraphAnswer, IncomingRequest } from "./graph-exchange.ts";
import type { Simulation } from "./simulation.ts";

/** The answer that a fault gives in place of the service. */
export function faultAnswer(
  simulation: Simulation,
  incoming: IncomingRequest,
  action: FaultAction & { kind: "status" },
  applied: boolean,
): GraphAnswer {
  const headers = {
    ...(action.retryAfter === undefined ? {} : { "retry-after": action.retryAfter }),
    ...action.headers,
  };
  if (action.status === 204) return { status: 204, applied, headers };
  const code = FAULT_CODES[action.status] ?? "UnknownError";
  const refusal = { status: action.status, code, message: "The service could not complete the request." };
  const stamped = stampError(refusal, incoming, simulation.clock.wallMs());
  return { ...stamped, headers, applied, body: action.body ?? stamped.body ?? {} };
}

const FAULT_CODES: Readonly<Record<number, string>> = {
  401: "InvalidAuthenticationToken",
  403: "Authorization_RequestDenied",
  429: "TooManyRequests",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};

/** A page of a list without its entries, or with another next page. */
export function spoilPage(page: GraphAnswer, { empty, nextLink }: FaultAction & { kind: "spoilt-page" }): GraphAnswer {
  return {
    ...page,
    body: {
      ...page.body,
      ...(empty === true && { value: [] }),
      ...(nextLink !== undefined && { "@odata.nextLink": nextLink }),
    },
  };
}
