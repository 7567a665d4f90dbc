/**
 * The usual script: one user after the other, or a few at once. docs/benchmarks.md explains it line by line.
 *
 * Written as well as such a script can be: one LDAP connection and HTTP connections that stay open, $select everywhere,
 * no answer read that is not needed, no waiting that is not the network's.
 */
import { Client } from "ldapts";
import type { Company, SamplePerson } from "./company.ts";

/** People that the loop is measured with. */
export const LOOP_SAMPLE = 200;

export type LoopOrder = {
  readonly sample: readonly SamplePerson[];
  /** People at once. */
  readonly lanes: number;
  /** "reading" leaves out the write and the look at what it has done. */
  readonly part: "reading" | "whole";
};

/** @returns Real milliseconds for the whole sample. @throws {Error} Something went otherwise than the loop expects. */
export async function runLoop(company: Company, { sample, lanes, part }: LoopOrder): Promise<number> {
  const clients = new Map(company.directories.map(({ domain, url }) => [domain, new Client({ url })]));
  await Promise.all(
    company.directories.map(({ domain, bindDN, password }) => clients.get(domain)?.bind(bindDN, password)),
  );
  const startedMs = performance.now();
  const people = sample.values();
  const lane = async () => {
    for (const person of people) await moveOne(company, clients, person, part);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const elapsedMs = performance.now() - startedMs;
  await Promise.all([...clients.values()].map((client) => client.unbind()));
  return elapsedMs;
}

async function moveOne(
  company: Company,
  clients: ReadonlyMap<string, Client>,
  { account, domain, upn }: SamplePerson,
  part: LoopOrder["part"],
): Promise<void> {
  const baseDn = company.directories.find((directory) => directory.domain === domain)?.bindDN.split("@")[1] ?? "";
  // 1. The account: one search.
  const found = await clients.get(domain)?.search(toBaseDn(baseDn), {
    scope: "sub",
    filter: `(sAMAccountName=${account})`,
    attributes: ["objectGUID"],
    explicitBufferAttributes: ["objectGUID"],
  });
  const guid = found?.searchEntries[0]?.objectGUID;
  if (!Buffer.isBuffer(guid)) throw new Error(`no account ${account}`);
  const immutableId = guid.toString("base64");
  // 2. The user: one GET.
  const user = await ask(
    company,
    `/users/${encodeURIComponent(upn)}?$select=id,onPremisesImmutableId,onPremisesSyncEnabled`,
  );
  const id = readText(user, "id");
  // 3. Whether somebody has the ID already: one filter query.
  const filter = encodeURIComponent(`onPremisesImmutableId eq '${immutableId}'`);
  const holders = await ask(company, `/users?$select=id&$filter=${filter}`);
  if (JSON.stringify(holders).includes('"id"') && part === "reading") return;
  if (part === "reading") return;
  // 4. The write: one PATCH.
  await ask(company, `/users/${id}`, JSON.stringify({ onPremisesImmutableId: immutableId }));
  // 5. What it has done: one GET.
  const after = await ask(company, `/users/${id}?$select=onPremisesImmutableId`);
  if (readText(after, "onPremisesImmutableId") !== immutableId) throw new Error(`${upn} was not written`);
}

/** Node's own fetch keeps connections open. */
async function ask({ endpoint, token }: Company, path: string, body?: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(
    `${endpoint}/v1.0${path}`,
    body === undefined ? { headers } : { method: "PATCH", headers, body },
  );
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

function readText(value: unknown, name: string): string {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : null;
  if (typeof found !== "string") throw new Error(`there is no ${name}`);
  return found;
}

function toBaseDn(dnsName: string): string {
  return dnsName
    .split(".")
    .map((label) => `DC=${label}`)
    .join(",");
}
