/** Asks for one Active Directory domain: where it is, whom to trust, how to sign in; or for a file that stands for it. */
import { isIP } from "node:net";
import type { Questions } from "../../ports/questions.ts";
import type { Environment } from "../secrets.ts";
import { askSecretPlace } from "./ask-secret.ts";
import { initialOf, keysOf, placeOf } from "./ask-tenant.ts";
import { CHECKS, checkPresent, checkUrls, type DraftDirectory, orNothing, splitUrls } from "./draft.ts";
import type { AskTested } from "./early-tests.ts";

type DraftLive = Extract<DraftDirectory, { readonly url: unknown }>;
type Trust = Pick<DraftLive, "caFile" | "serverName">;
type Surroundings = {
  /** Of the configuration. */
  readonly file: string;
  readonly environment: Environment;
  /** Tests the way to the servers before the sign-in is asked for. */
  readonly askTested: AskTested<DraftDirectory>;
  /** How many directories were named before this one. */
  readonly earlier: number;
};

/** @param before The answers of last time. @throws {BatchError} interrupted */
export async function askDirectory(
  questions: Questions,
  surroundings: Surroundings,
  before: DraftDirectory | null,
): Promise<DraftDirectory> {
  const live = before !== null && "url" in before ? before : null;
  const exported = before !== null && "export" in before ? before : null;
  const kind = await questions.choose({
    message: "How is the directory read?",
    initial: exported === null ? readingOf(live) : "export",
    choices: [
      { value: "ldaps", label: "From a domain controller, LDAPS", hint: "port 636; recommended" },
      { value: "start-tls", label: "From a domain controller, LDAP with StartTLS", hint: "port 389" },
      { value: "plain", label: "From a simulated one on this machine", hint: "hardmatch demo --serve; no encryption" },
      { value: "export", label: "From a file export of it", hint: "LDIF, csvde, Get-ADUser" },
    ],
  });
  if (kind === "export") return await askExport(questions, surroundings, exported);
  const scheme = kind === "ldaps" ? "ldaps" : "ldap";
  const { askTested } = surroundings;
  const startTls = kind === "start-tls" ? { startTls: true } : {};
  const urls = await askTested<readonly string[]>(kind === "plain" ? ["dns", "tcp", "tls"] : ["dns", "tcp"], {
    before: live === null ? null : [live.url].flat(),
    ask: (again) => askUrls(questions, scheme, again),
    draftOf: (given) => ({ url: [...given], ...startTls, bindDN: NOT_ASKED }),
  });
  const domain = await questions.askText({
    message: "NetBIOS name of the domain (empty: learnt from the directory)",
    example: "CORP",
    ...initialOf(live?.domain),
    check: orNothing(CHECKS.domain),
  });
  const trust =
    kind === "plain"
      ? {}
      : await askTested<Trust>(["tls"], {
          before: live,
          ask: (again) => askTrust(questions, surroundings, urls, again),
          draftOf: (given) => ({ url: [...urls], ...startTls, ...given, bindDN: NOT_ASKED }),
        });
  const baseDN = await questions.askText({
    message: "Search base (empty: the whole domain)",
    example: "OU=People,DC=corp,DC=contoso,DC=example",
    ...initialOf(live?.baseDN),
    check: CHECKS.anything,
  });
  const [only = "", ...others] = urls;
  return {
    ...(domain === "" ? {} : { domain }),
    url: others.length === 0 ? only : [...urls],
    ...startTls,
    ...trust,
    ...(baseDN === "" ? {} : { baseDN }),
    ...(await askBind(questions, surroundings, { live, domain, plain: kind === "plain" })),
  };
}

/** Stands for the account while the way to the servers is tested: nobody signs in then. */
const NOT_ASKED = "not-asked";

async function askUrls(
  questions: Questions,
  scheme: "ldap" | "ldaps",
  before: readonly string[] | null,
): Promise<readonly string[]> {
  const answer = await questions.askText({
    message: "Which domain controller? Several with commas: the first that answers is taken",
    example: "dc1.corp.contoso.example",
    ...initialOf(before?.join(", ")),
    check: checkUrls(scheme),
  });
  return splitUrls(answer, scheme);
}

/** How it was read last time. */
function readingOf(live: DraftLive | null): "ldaps" | "start-tls" | "plain" {
  if (live?.startTls === true) return "start-tls";
  return live !== null && [live.url].flat().some((url) => /^ldap:/i.test(url)) ? "plain" : "ldaps";
}

async function askTrust(
  questions: Questions,
  { file }: Surroundings,
  urls: readonly string[],
  live: Trust | null,
): Promise<Trust> {
  const caFile = await questions.askText({
    message: "File with the domain's root certificate, PEM (empty: what Node trusts)",
    example: "./corp-ca.pem",
    ...initialOf(live?.caFile),
    check: orNothing(checkPresent(file)),
  });
  const byAddress = urls.some((url) => isIP(URL.parse(url)?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "") !== 0);
  const serverName = !byAddress
    ? ""
    : await questions.askText({
        message: "Name in the server's certificate (empty: the address itself)",
        ...initialOf(live?.serverName),
        check: CHECKS.anything,
      });
  return { ...(caFile === "" ? {} : { caFile }), ...(serverName === "" ? {} : { serverName }) };
}

async function askBind(
  questions: Questions,
  { file, environment, earlier }: Surroundings,
  { live, domain, plain }: { readonly live: DraftLive | null; readonly domain: string; readonly plain: boolean },
): Promise<Partial<DraftLive>> {
  const bind = plain
    ? "simple"
    : await questions.choose({
        message: "How does the program sign in to it? It only reads",
        initial: live?.bind ?? "simple",
        choices: [
          { value: "simple", label: "An account with a password", hint: "over TLS only" },
          { value: "external", label: "A client certificate", hint: "SASL EXTERNAL" },
        ],
      });
  if (bind === "external") {
    const check = checkPresent(file);
    const certificateFile = await questions.askText({
      message: "File with the account's certificate, PEM",
      ...initialOf(live?.certificateFile),
      check,
    });
    const keyFile = await questions.askText({
      message: "File with its private key, PEM, mode 0600",
      ...initialOf(live?.keyFile),
      check,
    });
    const keyPasswordEnv = await questions.askText({
      message: "Variable with the key's password (empty: the key has none)",
      ...initialOf(live?.keyPasswordEnv),
      check: orNothing(CHECKS.variable),
    });
    return { bind, certificateFile, keyFile, ...(keyPasswordEnv === "" ? {} : { keyPasswordEnv }) };
  }
  const bindDN = await questions.askText({
    message: "Account that reads the directory: UPN or DN",
    example: "svc-hardmatch@corp.contoso.example",
    ...initialOf(live?.bindDN),
    check: CHECKS.text,
  });
  const place = await askSecretPlace(questions, {
    what: "its password",
    variable:
      earlier === 0 ? PASSWORD_VARIABLE : `${PASSWORD_VARIABLE}_${domain === "" ? earlier + 1 : inVariable(domain)}`,
    before: live === null ? null : placeOf(live.passwordEnv, live.passwordFile),
    file,
    environment,
  });
  return { bindDN, ...keysOf("password", place) };
}

/** Each further domain has an account, and so a variable, of its own. */
const PASSWORD_VARIABLE = "HARDMATCH_LDAP_PASSWORD";

function inVariable(domain: string): string {
  return domain.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}

async function askExport(
  questions: Questions,
  { file }: Surroundings,
  before: Extract<DraftDirectory, { readonly export: unknown }> | null,
): Promise<DraftDirectory> {
  const domain = await questions.askText({
    message: "NetBIOS name of the domain",
    example: "OLD",
    ...initialOf(before?.domain),
    check: CHECKS.domain,
  });
  const path = await questions.askText({
    message: "The file",
    example: "./old-domain-users.csv",
    ...initialOf(before?.export),
    check: checkPresent(file),
  });
  return { domain, export: path };
}
