import { expect, test } from "vitest";
import {
  describeFailure,
  explainTransportError,
  mendReach,
  TransportFailure,
} from "../../../src/adapters/graph/transport-failure.ts";

const failed = (code: string, more: object = {}) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("cause"), { code, ...more }) });

/** A refused connection below so many errors that say nothing, and the one of fetch. */
function buried(levels: number): Error {
  let error: Error = failed("ECONNREFUSED");
  for (let level = 0; level < levels; level += 1) error = new Error("outer", { cause: error });
  return error;
}

const cases: { name: string; error: unknown; sent: "not-sent" | "lost"; worthRetry: boolean }[] = [
  { name: "an unknown name", error: failed("ENOTFOUND"), sent: "not-sent", worthRetry: true },
  { name: "a name server that does not answer", error: failed("EAI_AGAIN"), sent: "not-sent", worthRetry: true },
  { name: "a refused connection", error: failed("ECONNREFUSED"), sent: "not-sent", worthRetry: true },
  {
    name: "a connection that takes too long",
    error: failed("UND_ERR_CONNECT_TIMEOUT"),
    sent: "not-sent",
    worthRetry: true,
  },
  {
    name: "ETIMEDOUT while connecting",
    error: failed("ETIMEDOUT", { syscall: "connect" }),
    sent: "not-sent",
    worthRetry: true,
  },
  { name: "ETIMEDOUT while reading", error: failed("ETIMEDOUT", { syscall: "read" }), sent: "lost", worthRetry: true },
  {
    name: "no route while writing",
    error: failed("EHOSTUNREACH", { syscall: "write" }),
    sent: "lost",
    worthRetry: true,
  },
  { name: "an expired certificate", error: failed("CERT_HAS_EXPIRED"), sent: "not-sent", worthRetry: false },
  {
    name: "a certificate of another name",
    error: failed("ERR_TLS_CERT_ALTNAME_INVALID"),
    sent: "not-sent",
    worthRetry: false,
  },
  { name: "a reset connection", error: failed("ECONNRESET"), sent: "lost", worthRetry: true },
  { name: "a broken pipe", error: failed("EPIPE"), sent: "lost", worthRetry: true },
  { name: "a closed socket", error: failed("UND_ERR_SOCKET"), sent: "lost", worthRetry: true },
  { name: "headers that do not come", error: failed("UND_ERR_HEADERS_TIMEOUT"), sent: "lost", worthRetry: true },
  {
    name: "a TLS alert that may come late",
    error: failed("ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC"),
    sent: "lost",
    worthRetry: true,
  },
  { name: "an error nobody knows", error: failed("ESOMETHING"), sent: "lost", worthRetry: true },
  { name: "a cause that lies nine errors deep", error: buried(8), sent: "not-sent", worthRetry: true },
  { name: "a cause that lies ten errors deep or more", error: buried(9), sent: "lost", worthRetry: true },
  { name: "something that is no error", error: "cut", sent: "lost", worthRetry: true },
  {
    name: "C36: every address failing to connect",
    error: new TypeError("fetch failed", {
      cause: Object.assign(new AggregateError([], "no address"), { code: "ENETUNREACH" }),
    }),
    sent: "not-sent",
    worthRetry: true,
  },
];

for (const { name, error, sent, worthRetry } of cases) {
  test(`${name} is ${sent}${worthRetry ? "" : " and not worth a retry"}`, () => {
    expect(explainTransportError(error)).toMatchObject({ sent, worthRetry });
  });
}

test("a failure carries the first code that is a text, else says that it is the network's", () => {
  const code = (error: unknown) => explainTransportError(error).code;
  expect(code(failed("ENOTFOUND"))).toBe("ENOTFOUND");
  expect(code(new Error("outer", { cause: failed("EPIPE") }))).toBe("EPIPE");
  expect(code(Object.assign(new Error("aborted"), { code: 20 }))).toBe("network-error");
  expect(code(new Error("nothing"))).toBe("network-error");
});

test("C36: fetch itself reports a name that does not exist as not sent", async () => {
  const error = await fetch("http://graph.invalid/").catch((reason: unknown) => reason);
  expect(explainTransportError(error)).toMatchObject({ sent: "not-sent" });
});

test("a failure is told with its host, in words where the code has some, and with the code once", () => {
  const host = "127.0.0.1:8401";
  expect(describeFailure(explainTransportError(failed("ECONNREFUSED"), host))).toBe(
    "127.0.0.1:8401 cannot be reached: nothing listens at that address and port (ECONNREFUSED)",
  );
  const told = (sent: "not-sent" | "lost", code: string, text: string) =>
    describeFailure(new TransportFailure(sent, code, text, { host }));
  expect(told("not-sent", "ENOTFOUND", "raw")).toMatch(
    /cannot be reached: its name is not known in DNS here \(ENOTFOUND\)$/,
  );
  expect(told("not-sent", "UND_ERR_CONNECT_TIMEOUT", "raw")).toMatch(/: no connection came about in time \(UND_ERR/);
  expect(told("not-sent", "ENOTFOUND", "getaddrinfo ENOTFOUND 127.0.0.1")).toMatch(
    /: its name is not known in DNS here \(ENOTFOUND\)$/,
  );
  expect(told("lost", "timeout", "no answer")).toBe("127.0.0.1:8401 did not answer as it must: no answer (timeout)");
  expect(told("lost", "EPIPE", "write EPIPE")).toBe("127.0.0.1:8401 did not answer as it must: write EPIPE");
  expect(describeFailure(new TransportFailure("lost", "too-large", "the answer is large"))).toBe(
    "the answer is large (too-large)",
  );
});

test("what to look at where no answer came names the endpoint only where there is one", () => {
  expect(mendReach("127.0.0.1:8401")).toBe(
    "Check tenant.endpoint in the configuration, and that what listens there is running.",
  );
  for (const host of ["graph.microsoft.com", null])
    expect(mendReach(host)).toMatch(/^Check the network and tenant\.cloud; .*HTTPS_PROXY/);
});
