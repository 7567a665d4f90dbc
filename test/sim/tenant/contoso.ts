/** A small Contoso for the tests of the simulated tenant, and a client that sends exactly what it is told to. */
import { request as sendHttp } from "node:http";
import { afterAll } from "vitest";
import { type RunningTenant, startSimulatedTenant, type TenantOptions } from "../../../src/sim/tenant/server.ts";
import { describeTenant, describeUser, type SimulatedTenant } from "../../../src/sim/tenant/world.ts";

export const ID = {
  ada: "0a000000-0000-4000-8000-00000000000a",
  ben: "0b000000-0000-4000-8000-00000000000b",
  cyd: "0c000000-0000-4000-8000-00000000000c",
  dee: "0d000000-0000-4000-8000-00000000000d",
  eve: "0e000000-0000-4000-8000-00000000000e",
  fay: "0f000000-0000-4000-8000-00000000000f",
  gil: "10000000-0000-4000-8000-000000000010",
  nobody: "ff000000-0000-4000-8000-0000000000ff",
  admins: "20000000-0000-4000-8000-000000000020",
  globalAdministrator: "62e90394-69f5-4237-9190-012177145e10",
  helpdesk: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
} as const;

/** Anchors with each of the three characters that need encoding in a URL. */
export const ANCHOR = {
  ben: "1eLWKGhjWk22cdUrMBcmgA==",
  deleted: "q+7/KGhjWk22cdUrMBcmgA==",
  federated: "FFFFKGhjWk22cdUrMBcmgA==",
  free: "z+9/abcjWk22cdUrMBcmgA==",
} as const;

/** Ada plain, Ben anchored, Cyd synced, Dee federated, Eve admin, Fay in the role group, Gil deleted. */
export function describeContoso(named: Partial<SimulatedTenant> = {}): SimulatedTenant {
  const tenant = describeTenant();
  return {
    ...tenant,
    domains: [
      ...tenant.domains,
      {
        id: "fed.contoso.example",
        authenticationType: "Federated",
        isInitial: false,
        isDefault: false,
        isVerified: true,
      },
    ],
    users: [
      describeUser({
        id: ID.ada,
        userPrincipalName: "Ada@contoso.example",
        displayName: "Ada",
        surname: "O'Neil",
        proxyAddresses: ["SMTP:ada@contoso.example", "smtp:countess@contoso.example"],
        onPremisesSamAccountName: "ada",
      }),
      describeUser({
        id: ID.ben,
        userPrincipalName: "ben@contoso.example",
        displayName: "Ben",
        onPremisesImmutableId: ANCHOR.ben,
      }),
      describeUser({
        id: ID.cyd,
        userPrincipalName: "cyd@contoso.example",
        onPremisesSyncEnabled: true,
        onPremisesImmutableId: "Cyd1KGhjWk22cdUrMBcmgA==",
        onPremisesObjectIdentifier: "c1d00000-0000-4000-8000-000000000001",
      }),
      describeUser({
        id: ID.dee,
        userPrincipalName: "dee@fed.contoso.example",
        onPremisesImmutableId: ANCHOR.federated,
      }),
      describeUser({ id: ID.eve, userPrincipalName: "eve@contoso.example" }),
      describeUser({ id: ID.fay, userPrincipalName: "fay@contoso.example" }),
    ],
    deletedUsers: [
      {
        ...describeUser({
          id: ID.gil,
          userPrincipalName: `${ID.gil.replaceAll("-", "")}gil@contoso.example`,
          displayName: "Gil",
          onPremisesImmutableId: ANCHOR.deleted,
        }),
        deletedDateTime: "2026-11-01T10:00:00Z",
      },
    ],
    groups: [
      {
        id: ID.admins,
        displayName: "Admins",
        mail: null,
        proxyAddresses: [],
        isAssignableToRole: true,
        onPremisesSyncEnabled: null,
        onPremisesSecurityIdentifier: null,
        members: [ID.fay],
        owners: [],
      },
    ],
    roleDefinitions: [
      {
        id: ID.globalAdministrator,
        templateId: ID.globalAdministrator,
        displayName: "Global Administrator",
        isBuiltIn: true,
        isEnabled: true,
        isPrivileged: true,
      },
      {
        id: ID.helpdesk,
        templateId: ID.helpdesk,
        displayName: "Helpdesk Administrator",
        isBuiltIn: true,
        isEnabled: true,
        isPrivileged: false,
      },
    ],
    roleAssignments: [
      { id: "ra-1", principalId: ID.eve, roleDefinitionId: ID.globalAdministrator, directoryScopeId: "/" },
      { id: "ra-2", principalId: ID.admins, roleDefinitionId: ID.helpdesk, directoryScopeId: "/" },
    ],
    roleEligibilities: [
      {
        id: "re-1",
        principalId: ID.ada,
        roleDefinitionId: ID.helpdesk,
        directoryScopeId: "/",
        memberType: "Direct",
        startDateTime: "2026-01-01T00:00:00Z",
        endDateTime: null,
      },
    ],
    groupEligibilities: [
      {
        id: "ge-1",
        groupId: ID.admins,
        principalId: ID.ben,
        accessId: "member",
        memberType: "direct",
        startDateTime: "2026-01-01T00:00:00Z",
        endDateTime: null,
      },
    ],
    ...named,
  };
}

export const WRITER = ["User.ReadWrite.All", "User.DeleteRestore.All"];

const started: RunningTenant[] = [];
afterAll(() => Promise.all(started.map((tenant) => tenant.close())));

/** Starts a tenant that is closed when the test file ends. */
export async function startContoso(options: TenantOptions = {}, world = describeContoso()): Promise<RunningTenant> {
  const tenant = await startSimulatedTenant(world, options);
  started.push(tenant);
  return tenant;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON, an empty object if it is none. */
  readonly body: Json;
}

export interface Json {
  readonly [name: string]: Json;
}

/**
 * Sends one request byte for byte as given: nothing is encoded, normalised or added but Host.
 *
 * @throws {Error} if the connection breaks, with the code of the socket.
 */
export function send(
  tenant: RunningTenant,
  method: string,
  path: string,
  options: { readonly token?: string | null; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<RawAnswer> {
  const token = options.token === undefined ? tenant.mintToken({ roles: WRITER }) : options.token;
  const text =
    options.body === undefined || typeof options.body === "string" ? options.body : JSON.stringify(options.body);
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(text === undefined ? {} : { "content-type": "application/json" }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(tenant.endpoint);
    const request = sendHttp({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const answer = Buffer.concat(chunks).toString("utf8");
        const isJson = String(response.headers["content-type"]).includes("json");
        const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(flat),
          text: answer,
          body: isJson ? JSON.parse(answer) : {},
        });
      });
    });
    request.on("error", reject);
    request.end(text);
  });
}

/** The members of a list answer. */
export function valuesOf(answer: RawAnswer): readonly Json[] {
  return Object.values(answer.body.value ?? {});
}
