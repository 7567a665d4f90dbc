/** From answers to octets (RFC 4511 sections 4.1.9, 4.5.2 and 4.12). */
import { TAG, writeElement, writeInteger, writeText } from "./ber.ts";
import { type AttributeValues, type Control, EXTENDED, type LdapResult, RESULT } from "./ldap-message.ts";

/** Tag of the answer that ends each operation. */
export const ANSWER_TAG = { bind: 0x61, search: 0x65, modify: 0x67, extended: 0x78 } as const;

/** The answer that ends an operation. `extra` are elements after the LDAPResult: an extended response's name and value. */
export function encodeResult(
  messageId: number,
  tag: number,
  { code, message, matchedDn = "", referrals = [] }: LdapResult,
  { controls = [], extra = [] }: { controls?: readonly Control[]; extra?: readonly Buffer[] } = {},
): Buffer {
  const referral = referrals.length > 0 ? [writeElement(0xa3, ...referrals.map((uri) => writeText(uri)))] : [];
  const result = [writeInteger(code, TAG.enumerated), writeText(matchedDn), writeText(message), ...referral, ...extra];
  return encodeMessage(messageId, writeElement(tag, ...result), controls);
}

export function encodeEntry(messageId: number, dn: string, attributes: readonly AttributeValues[]): Buffer {
  const encoded = attributes.map(({ name, values }) => {
    const octets = values.map((value) =>
      typeof value === "string" ? writeText(value) : writeElement(TAG.octetString, value),
    );
    return writeElement(TAG.sequence, writeText(name), writeElement(TAG.set, ...octets));
  });
  return encodeMessage(messageId, writeElement(0x64, writeText(dn), writeElement(TAG.sequence, ...encoded)), []);
}

export function encodeReference(messageId: number, uri: string): Buffer {
  return encodeMessage(messageId, writeElement(0x73, writeText(uri)), []);
}

/** The server's last word before it closes the connection by itself (RFC 4511 section 4.4.1). */
export function encodeDisconnection(message: string): Buffer {
  const name = writeText(EXTENDED.noticeOfDisconnection, 0x8a);
  return encodeResult(0, ANSWER_TAG.extended, { code: RESULT.protocolError, message }, { extra: [name] });
}

function encodeMessage(messageId: number, operation: Buffer, controls: readonly Control[]): Buffer {
  const encoded = controls.map(({ oid, critical, value }) =>
    writeElement(
      TAG.sequence,
      writeText(oid),
      ...(critical ? [writeElement(TAG.boolean, Buffer.from([0xff]))] : []),
      ...(value ? [writeElement(TAG.octetString, value)] : []),
    ),
  );
  const tail = encoded.length > 0 ? [writeElement(0xa0, ...encoded)] : [];
  return writeElement(TAG.sequence, writeInteger(messageId), operation, ...tail);
}
