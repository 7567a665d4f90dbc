/**
 * The texts with which Active Directory refuses: clients and operators search for them, so they are kept literally.
 *
 * Forms as Windows Server 2019 sends them (build tag v4563); DSID numbers vary with the build and mean nothing to a
 * client. Source: MS-ADTS 3.1.1.3 and the win32 error of each text. LdapErr texts end in a NUL.
 */
import { type LdapResult, RESULT } from "./ldap-message.ts";
import type { CredentialState } from "./world.ts";

const SUB_CODES: Record<Exclude<CredentialState, "enabled"> | "unknown-user" | "wrong-password", string> = {
  "unknown-user": "525",
  "wrong-password": "52e",
  "password-expired": "532",
  disabled: "533",
  "account-expired": "701",
  "must-change": "773",
  locked: "775",
};

function ldapErr(code: number, win32: string, dsid: string, comment: string, subCode = "0"): LdapResult {
  return { code, message: `${win32}: LdapErr: DSID-${dsid}, comment: ${comment}, data ${subCode}, v4563\0` };
}

function attributeErr(code: number, win32: string, problem: string, attribute: string): LdapResult {
  const dsid = "DSID-03152DD7";
  return {
    code,
    message: `${win32}: AtrErr: ${dsid}, #1:\n\t0: ${win32}: ${dsid}, problem ${problem}, data 0, Att 0 (${attribute})\n`,
  };
}

export const SUCCESS: LdapResult = { code: RESULT.success, message: "" };

export const REFUSE = {
  notBound: () =>
    ldapErr(
      RESULT.operationsError,
      "000004DC",
      "0C090A5C",
      "In order to perform this operation a successful bind must be completed on the connection.",
    ),
  credentials: (reason: keyof typeof SUB_CODES) =>
    ldapErr(RESULT.invalidCredentials, "80090308", "0C09044E", "AcceptSecurityContext error", SUB_CODES[reason]),
  plainBind: () =>
    ldapErr(
      RESULT.strongerAuthRequired,
      "00002028",
      "0C090259",
      "The server requires binds to turn on integrity checking if SSL\\TLS are not already active on the connection",
    ),
  mechanism: () =>
    ldapErr(RESULT.authMethodNotSupported, "00002027", "0C0904D6", "The authentication method is not supported"),
  version: () => ldapErr(RESULT.protocolError, "00000057", "0C0904CF", "The LDAP version is not supported"),
  readOnly: (): LdapResult => ({
    code: RESULT.unwillingToPerform,
    message: "0000209A: SvcErr: DSID-031A1081, problem 5003 (WILL_NOT_PERFORM), data 0\n",
  }),
  noAccess: (): LdapResult => ({
    code: RESULT.insufficientAccessRights,
    message: "00002098: SecErr: DSID-031514A0, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n",
  }),
  criticalControl: (): LdapResult => ({
    code: RESULT.unavailableCriticalExtension,
    message: "00002040: SvcErr: DSID-031401E0, problem 5010 (UNAVAIL_EXTENSION), data 0\n",
  }),
  controlValue: () => ldapErr(RESULT.unavailableCriticalExtension, "00000057", "0C090795", "Error processing control"),
  noObject: (bestMatch: string): LdapResult => ({
    code: RESULT.noSuchObject,
    message: `0000208D: NameErr: DSID-03100245, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'${bestMatch}'\n`,
    matchedDn: bestMatch,
  }),
  badName: (dn: string): LdapResult => ({
    code: RESULT.invalidDnSyntax,
    message: `0000208F: NameErr: DSID-03100225, problem 2006 (BAD_NAME), data 8350, best match of:\n\t'${dn}'\n`,
  }),
  otherDomain: (dnsName: string, uri: string): LdapResult => ({
    code: RESULT.referral,
    message: `0000202B: RefErr: DSID-0310084A, data 0, 1 access points\n\tref 1: '${dnsName}'\n`,
    referrals: [uri],
  }),
  sizeLimit: (): LdapResult => ({ code: RESULT.sizeLimitExceeded, message: "" }),
  tlsUnavailable: () => ldapErr(RESULT.unavailable, "00000000", "0C09126C", "Error initializing SSL/TLS"),
  tlsNotNow: () =>
    ldapErr(RESULT.operationsError, "00000000", "0C090E0F", "TLS or SSL already in effect, or operations outstanding"),
  unknownExtension: () => ldapErr(RESULT.protocolError, "0000203D", "0C090FD6", "Unknown extended request OID"),
  notSimulated: (): LdapResult => ({
    code: RESULT.unwillingToPerform,
    message: "this simulated directory answers bind, search and modify only",
  }),
  unknownAttribute: () =>
    ldapErr(RESULT.noSuchAttribute, "00000057", "0C090FA7", "Error in attribute conversion operation"),
  attributeText: () =>
    ldapErr(RESULT.invalidAttributeSyntax, "00000057", "0C090FA7", "Error in attribute conversion operation"),
  valueMissing: (attribute: string) =>
    attributeErr(RESULT.noSuchAttribute, "00002085", "1001 (NO_ATTRIBUTE_OR_VAL)", attribute),
  valueExists: (attribute: string) =>
    attributeErr(RESULT.attributeOrValueExists, "00002083", "1006 (ATT_OR_VALUE_EXISTS)", attribute),
  tooManyValues: (attribute: string) =>
    attributeErr(RESULT.constraintViolation, "00002081", "1005 (CONSTRAINT_ATT_TYPE)", attribute),
  systemOnly: (attribute: string) =>
    attributeErr(RESULT.constraintViolation, "000020B1", "1005 (CONSTRAINT_ATT_TYPE)", attribute),
  namingAttribute: (): LdapResult => ({
    code: RESULT.notAllowedOnRdn,
    message: "00002016: UpdErr: DSID-031A11E2, problem 6004 (CANT_ON_RDN), data 0\n",
  }),
} as const;

/** Text of the notice of disconnection. */
export const DECODING_ERROR = "0000203B: LdapErr: DSID-0C0907DC, comment: Error decoding ldap message, data 0, v4563\0";
