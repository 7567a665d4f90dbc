/**
 * The second way in: what a test or a demonstration may do to the tenant that no Graph client may.
 *
 * It listens on a port of its own, loopback only, so that no mistake in a Graph path can reach it. Bodies and
 * answers are JSON; it mirrors the in-process interface of `server.ts` for servers in another process:
 *   GET  /_control/ledger          { entries, requestCounts }
 *   GET  /_control/users           every live user, raw          GET /_control/deleted-users
 *   GET  /_control/history/{id}    the user's anchors so far
 *   GET  /_control/faults          each fault and how often it struck
 *   POST /_control/change-user     { id, changes }               a foreign write; nothing is refused
 *   POST /_control/delete-user     { id }
 *   POST /_control/faults          a fault                       DELETE /_control/faults removes all
 *   POST /_control/token           a token request               answers { token }
 *   POST /_control/sync            begins a sync cycle           404 without a sync engine or while one runs
 */
import { createServer, type Server } from "node:http";
import type { Fault } from "./faults.ts";
import { readBody } from "./read-body.ts";
import type { Simulation } from "./simulation.ts";
import type { UserChanges } from "./store.ts";
import type { TokenRequest } from "./token.ts";

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** What it is asked to do comes from our own tests; it is checked for shape, not for sense. */
interface ControlBody {
  readonly id?: string;
  readonly changes?: UserChanges;
}

interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

export function createControlServer(simulation: Simulation): Server {
  return createServer((request, response) => {
    readBody(request, MAX_BODY_BYTES)
      .then((text) => answerControl(simulation, request.method ?? "GET", request.url ?? "/", text))
      .catch((error: unknown): ControlAnswer => ({ status: 400, body: { error: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
  });
}

/** @throws {SyntaxError} if the body is not JSON. */
function answerControl(simulation: Simulation, method: string, url: string, text: string): ControlAnswer {
  const { store, ledger, faults, tokens, clock } = simulation;
  const found = (done: boolean): ControlAnswer => ({ status: done ? 200 : 404, body: { done } });
  const history = /^\/_control\/history\/([^/]+)$/.exec(url)?.[1];
  if (method === "GET" && history !== undefined) return { status: 200, body: store.valueHistory(history) };
  switch (`${method} ${url}`) {
    case "GET /_control/ledger":
      return { status: 200, body: { entries: ledger.entries, requestCounts: ledger.requestCounts() } };
    case "GET /_control/users":
      return { status: 200, body: store.liveUsers() };
    case "GET /_control/deleted-users":
      return { status: 200, body: store.deletedUsers() };
    case "GET /_control/faults":
      return { status: 200, body: faults.strikes() };
    case "DELETE /_control/faults":
      faults.clear();
      return found(true);
    case "POST /_control/faults": {
      const fault: Fault = JSON.parse(text);
      faults.add(fault);
      return found(true);
    }
    case "POST /_control/change-user": {
      const { id = "", changes = {} }: ControlBody = JSON.parse(text);
      return found(store.changeUser(id, changes, "foreign"));
    }
    case "POST /_control/delete-user": {
      const { id = "" }: ControlBody = JSON.parse(text);
      return found(store.deleteUser(id, clock.wallMs()));
    }
    case "POST /_control/sync":
      return found(simulation.synchronization?.start() === true);
    case "POST /_control/token": {
      const wanted: TokenRequest = JSON.parse(text);
      return { status: 200, body: { token: tokens.mint(wanted) } };
    }
    default:
      return { status: 404, body: { error: `no such control: ${method} ${url}` } };
  }
}
