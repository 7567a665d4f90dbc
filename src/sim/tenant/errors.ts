/**
 * Every refusal of the simulated Graph in one place: status, code, text, and where they are known from.
 *
 * A client that was only ever refused with an invented error learns nothing, so each refusal names its source.
 * "documented" = Graph documentation; "public report" = an answer of the real service quoted in a public issue;
 * "unverified" = nobody has shown the answer: the code is Graph's general one, the sentence is ours.
 * All checked 2026-11.
 */
import type { GraphAnswer, JsonObject } from "./graph-exchange.ts";

export interface ErrorDetail {
  readonly code: string;
  readonly target: string;
  readonly message: string;
}

/** A refusal before its ids and date are known; `stampError` adds those. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: readonly ErrorDetail[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by the routes for a refusal; the dispatcher turns it into the answer. */
export class GraphRefusal extends Error {
  override readonly name = "GraphRefusal";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** The documented error body: error.{code, message, details?, innerError{date, request-id, client-request-id}}. */
export function stampError(
  refusal: Refusal,
  ids: { requestId: string; clientRequestId: string },
  wallMs: number,
): GraphAnswer {
  const body: JsonObject = {
    error: {
      code: refusal.code,
      message: refusal.message,
      ...(refusal.details === undefined ? {} : { details: refusal.details }),
      innerError: {
        date: new Date(wallMs).toISOString().slice(0, 19),
        "request-id": ids.requestId,
        "client-request-id": ids.clientRequestId,
      },
    },
  };
  return { status: refusal.status, body, applied: false, ...(refusal.headers ? { headers: refusal.headers } : {}) };
}

const badRequest = (message: string, details?: readonly ErrorDetail[]): Refusal => ({
  status: 400,
  code: "Request_BadRequest",
  message,
  ...(details ? { details } : {}),
});
const unsupportedQuery = (message: string): Refusal => ({ status: 400, code: "Request_UnsupportedQuery", message });
const gatewayBadRequest = (message: string): Refusal => ({ status: 400, code: "BadRequest", message });

const WWW_AUTHENTICATE =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';

export const REFUSALS = {
  // Code and header documented ("Resolve Microsoft Graph authorization errors"); texts from public reports.
  unauthenticated: (message: string): Refusal => ({
    status: 401,
    code: "InvalidAuthenticationToken",
    message,
    headers: { "www-authenticate": WWW_AUTHENTICATE },
  }),
  // Documented (JSON batching example): missing permission and protected target give the same answer.
  insufficientPrivileges: (): Refusal => ({
    status: 403,
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
  }),
  // Unverified code and sentence.
  premiumLicenceRequired: (): Refusal => ({
    status: 400,
    code: "AadPremiumLicenseRequired",
    message: "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
  }),
  // Public reports.
  userNotFound: (key: string): Refusal => ({
    status: 404,
    code: "Request_ResourceNotFound",
    message: `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
  }),
  // Public reports.
  segmentNotFound: (segment: string): Refusal => gatewayBadRequest(`Resource not found for the segment '${segment}'.`),
  // Unverified sentence, OData status.
  methodNotAllowed: (method: string): Refusal => ({
    status: 405,
    code: "Request_BadRequest",
    message: `Specified HTTP method is not allowed for the request target: ${method}.`,
  }),
  // Public reports ("Could not find a property named 'isRead' on type 'microsoft.graph.mailFolder'.").
  unknownSelect: (name: string, type = "microsoft.graph.user"): Refusal =>
    gatewayBadRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${type}'.`,
    ),
  unknownFilterProperty: (name: string, type = "microsoft.graph.user"): Refusal =>
    gatewayBadRequest(`Invalid filter clause: Could not find a property named '${name}' on type '${type}'.`),
  // Unverified sentence.
  filterSyntax: (position: number, filter: string): Refusal =>
    gatewayBadRequest(`Invalid filter clause: Syntax error at position ${position} in '${filter}'.`),
  // Public report (microsoft-graph-docs#14485).
  filterUnsupported: (name: string): Refusal =>
    unsupportedQuery(`Unsupported or invalid query filter clause specified for property '${name}' of resource 'User'.`),
  // Documented limit (known issues, filter limits); text from public report (microsoft-graph-docs#21098).
  tooManyClauses: (count: number): Refusal =>
    unsupportedQuery(
      `Too many child clauses specified in search filter expression containing 'OR' operators: ${count}. Max allowed: 15.`,
    ),
  // Documented limit (known issues: 120 characters by default), unverified code and sentence.
  filterValueTooLong: (name: string, length: number): Refusal =>
    unsupportedQuery(`The value for property '${name}' in the filter has ${length} characters. Max allowed: 120.`),
  // Documented limit (known issues: 2,048 characters of URL on advanced queries), unverified code and sentence.
  advancedUrlTooLong: (length: number): Refusal =>
    unsupportedQuery(`The request URL has ${length} characters. Max allowed with advanced query capabilities: 2048.`),
  // Documented range (list users); text from public reports.
  pageSize: (top: string): Refusal =>
    unsupportedQuery(`Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`),
  // Public reports.
  countUnsupported: (): Refusal => badRequest("$count is not currently supported."),
  // Public report (msgraph-sdk-dotnet#348).
  skipUnsupported: (): Refusal => badRequest("'$skip' is not supported by the service."),
  // Unverified: the simulation does not offer the option.
  optionUnsupported: (name: string): Refusal => unsupportedQuery(`The query option '${name}' is not supported here.`),
  // Unverified sentence; the documents say only that the filter is required.
  filterRequired: (names: string): Refusal =>
    unsupportedQuery(`The query option '$filter' by ${names} is required here.`),
  optionRepeated: (name: string): Refusal =>
    gatewayBadRequest(`Query option '${name}' was specified more than once, but it must be specified at most once.`),
  optionInvalid: (name: string, text: string): Refusal =>
    gatewayBadRequest(`Invalid value '${text}' for the query option '${name}'.`),
  // Unverified sentence; the service refuses undecodable URLs.
  percentEncoding: (): Refusal => gatewayBadRequest("The request URL is not correctly percent-encoded."),
  // Public reports.
  pageTokenExpired: (): Refusal => ({
    status: 400,
    code: "Directory_ExpiredPageToken",
    message: "The specified page token value has expired and can no longer be included in your request.",
  }),
  // Documented: the cast is required on deletedItems; sentence unverified.
  castRequired: (): Refusal =>
    badRequest("The directory object type is required: use /directory/deletedItems/microsoft.graph.user."),
  // Public reports.
  bodyNotJson: (): Refusal =>
    gatewayBadRequest(
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    ),
  contentType: (sent: string): Refusal => ({
    status: 415,
    code: "UnsupportedMediaType",
    message: `A supported MIME type could not be found that matches the content type of the request: '${sent}'.`,
  }),
  unknownBodyProperty: (name: string): Refusal =>
    badRequest(
      `The property '${name}' does not exist on type 'microsoft.graph.user'. Make sure to only use property names that are defined by the type.`,
    ),
  emptyBody: (): Refusal => badRequest("Empty Payload. JSON content expected."),
  // Unverified sentences.
  readOnlyProperty: (name: string): Refusal => badRequest(`Property '${name}' is read-only and cannot be set.`),
  // Public reports (for the last three of these: "Invalid value specified for property 'x' of resource 'User'.").
  invalidValue: (name: string): Refusal =>
    badRequest(`Invalid value specified for property '${name}' of resource 'User'.`, [
      { code: "InvalidValue", target: name, message: "Invalid value." },
    ]),
  // Public report, verbatim (2023).
  syncedUser: (): Refusal =>
    badRequest(
      "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
    ),
  // Text of the retired MSOnline module; the Graph text is unverified.
  federatedAnchor: (): Refusal =>
    badRequest("You must provide a required property: Parameter name: FederatedUser.SourceAnchor"),
  // Text public for other properties (microsoft-graph-docs-contrib#8421, microsoft-graph-docs#1508); shape of the details likewise.
  valueTaken: (name: string, holderId: string): Refusal =>
    badRequest(`Another object with the same value for property ${name} already exists.`, [
      {
        code: "ObjectConflict",
        target: name,
        message: `Another object with the same value for property ${name} already exists.`,
      },
      { code: "ConflictingObjects", target: `User_${holderId}`, message: "ConflictingObjects" },
    ]),
  // Public reports.
  unverifiedDomain: (): Refusal =>
    badRequest(
      "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
    ),
  // Status and headers documented (throttling guidance); sentence from public reports.
  tooManyRequests: (headers: Readonly<Record<string, string>>): Refusal => ({
    status: 429,
    code: "TooManyRequests",
    message: "Too many requests",
    headers,
  }),
  // Rules documented (JSON batching); sentences unverified.
  batchRefused: (message: string): Refusal => gatewayBadRequest(message),
  failedDependency: (): Refusal => ({
    status: 424,
    code: "FailedDependency",
    message: "The request depends on another request of the batch that failed.",
  }),
} as const;

/** Stops the request with a refusal. */
export function refuse(refusal: Refusal): never {
  throw new GraphRefusal(refusal);
}
