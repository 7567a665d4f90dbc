/** Serves two pages of users in a thread of its own, and counts in shared memory the requests that have come. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

const requests: Int32Array = workerData;

const server = createServer((request, response) => {
  const isFirst = Atomics.add(requests, 0, 1) === 0;
  Atomics.notify(requests, 0);
  const next = { "@odata.nextLink": `http://${request.headers.host}/v1.0/users?$skiptoken=2` };
  response.writeHead(200, { "content-type": "application/json", "request-id": "req-1" });
  response.end(JSON.stringify({ value: [], ...(isFirst && next) }));
});
server.listen(0, "127.0.0.1", () => {
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
