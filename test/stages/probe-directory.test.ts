/** How far the look at a directory goes when one step fails, and who is never asked. */
import { expect, test } from "vitest";
import type { TlsFacts } from "../../src/core/diagnosis/directory-lines.ts";
import type { Failed } from "../../src/core/diagnosis/fact.ts";
import { BatchError } from "../../src/core/errors.ts";
import type { LiveDirectoryProbe, ServerProbe } from "../../src/ports/probes.ts";
import { probeDirectory } from "../../src/stages/probe-directory.ts";

const { signal } = new AbortController();
const TRUSTED: TlsFacts = { protocol: "TLSv1.3", chain: [], trouble: null };
const UNTRUSTED: TlsFacts = { ...TRUSTED, trouble: { message: "Not trusted.", mend: "Set caFile." } };
const refuse = async (): Promise<never> => {
  throw new BatchError("directory", "No.", "Mend it.");
};

function directory(server: Partial<ServerProbe> = {}, changes: Partial<LiveDirectoryProbe> = {}) {
  let signIns = 0;
  const one: ServerProbe = {
    ...{ url: "ldaps://dc1", encrypted: true },
    resolveName: async () => ["127.0.0.1"],
    connect: async () => ({ address: "127.0.0.1", tookMs: 1 }),
    shakeHands: async () => TRUSTED,
    ...server,
  };
  const probe: LiveDirectoryProbe = {
    ...{ kind: "live", name: "CORP", servers: [one], catalog: null },
    async signIn() {
      signIns += 1;
      return { signedInAs: "svc", url: one.url };
    },
    identify: refuse,
    readSample: refuse,
    close: async () => undefined,
    ...changes,
  };
  return { probe, signIns: () => signIns };
}

async function statesOf(probe: LiveDirectoryProbe, failedBefore: Failed | null = null) {
  const facts = await probeDirectory(probe, { signal, failedBefore });
  if (facts.kind !== "live") throw new Error("a live directory was looked at");
  const [server] = facts.servers;
  const all = [server?.addresses, server?.connection, server?.tls, facts.bind, facts.identity, facts.sample];
  return all.map((fact) => fact?.state ?? "none").join(" ");
}

const LEFT = "not-checked";
test.each<[title: string, server: Partial<ServerProbe>, states: string, signIns: number]>([
  ["a name that nobody knows", { resolveName: refuse }, `failed ${LEFT} ${LEFT} ${LEFT} ${LEFT} ${LEFT}`, 0],
  ["a closed port", { connect: refuse }, `found failed ${LEFT} ${LEFT} ${LEFT} ${LEFT}`, 0],
  ["no TLS", { shakeHands: refuse }, `found found failed ${LEFT} ${LEFT} ${LEFT}`, 0],
  ["TLS that is not trusted", { shakeHands: async () => UNTRUSTED }, `found found found ${LEFT} ${LEFT} ${LEFT}`, 0],
  ["a search base that cannot be read", {}, `found found found found failed ${LEFT}`, 1],
  ["loopback without TLS", { encrypted: false, shakeHands: refuse }, `found found none found failed ${LEFT}`, 1],
])("%s leaves out what stands on it", async (_title, server, states, signIns) => {
  const one = directory(server);
  expect(await statesOf(one.probe)).toBe(states);
  expect(one.signIns()).toBe(signIns);
});

test("one server that is trusted is enough to sign in", async () => {
  const bad = directory({ shakeHands: async () => UNTRUSTED }).probe.servers;
  const { probe, signIns } = directory({}, {});
  await probeDirectory({ ...probe, servers: [...bad, ...probe.servers] }, { signal });
  expect(signIns()).toBe(1);
});

test("a sign-in that was refused before is told again and not tried again", async () => {
  const failed: Failed = { state: "failed", code: "directory", message: "Wrong password.", mend: "Check it." };
  const { probe, signIns } = directory();
  expect((await probeDirectory(probe, { signal, failedBefore: failed })).identity.state).toBe("not-checked");
  expect(signIns()).toBe(0);
});

test("an interruption ends the look, and a bug is no fact about a directory", async () => {
  const stopped = async () => {
    throw new BatchError("interrupted", "Stopped.", "Run it again.");
  };
  await expect(probeDirectory(directory({ connect: stopped }).probe, { signal })).rejects.toThrow("Stopped.");
  const bug = async () => {
    throw new TypeError("a bug");
  };
  await expect(probeDirectory(directory({ connect: bug }).probe, { signal })).rejects.toThrow(TypeError);
});
