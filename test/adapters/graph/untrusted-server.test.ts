/** What fetch makes of a server whose certificate nobody signed: with openssl, so not among the quick tests. */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { explainTransportError } from "../../../src/adapters/graph/transport-failure.ts";
import { makeCertificate } from "../../support/make-certificate.ts";

test("C36: fetch itself reports a certificate that nobody signed as not sent and not worth a retry", async () => {
  const server = createServer(makeCertificate({ name: "127.0.0.1" }), (_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const error = await fetch(`https://127.0.0.1:${port}/`).catch((reason: unknown) => reason);
  await new Promise((resolve) => server.close(resolve));
  expect(explainTransportError(error)).toMatchObject({ sent: "not-sent", worthRetry: false });
});
