/**
 * From octets to a request (RFC 4511 sections 4.2 to 4.12). Anything else is refused: a lenient server would bless
 * a client that sends broken requests.
 */
import { type BerElement, expectTag, MalformedMessageError, readElements, readInteger, readText, TAG } from "./ber.ts";
import type { AttributeChange, Control, Filter, LdapRequest, Operation, Scope } from "./ldap-message.ts";

const MAX_FILTER_DEPTH = 200;
const SCOPES: readonly Scope[] = ["base", "one", "sub"];
const CHANGES: readonly AttributeChange["change"][] = ["add", "delete", "replace"];
const NOT_SIMULATED: ReadonlyMap<number, number> = new Map([
  [0x68, 0x69],
  [0x4a, 0x6b],
  [0x6c, 0x6d],
  [0x6e, 0x6f],
]);

/** @param message One whole LDAPMessage. @throws {MalformedMessageError} if it is not a request of LDAP v3. */
export function decodeRequest(message: Buffer): LdapRequest {
  const [envelope, ...excess] = readElements(message);
  const [id, operation, controls, ...rest] = readElements(expectTag(envelope, TAG.sequence));
  if (!operation || excess.length > 0 || rest.length > 0) throw new MalformedMessageError("message parts");
  const messageId = readInteger(expectTag(id, TAG.integer));
  if (messageId < 0 || messageId > 0x7fff_ffff) throw new MalformedMessageError("message id");
  return {
    messageId,
    operation: decodeOperation(operation),
    controls: controls ? readElements(expectTag(controls, 0xa0)).map(decodeControl) : [],
  };
}

function decodeOperation({ tag, content }: BerElement): Operation {
  switch (tag) {
    case 0x60:
      return decodeBind(content);
    case 0x42:
      return { kind: "unbind" };
    case 0x63:
      return decodeSearch(content);
    case 0x66:
      return decodeModify(content);
    case 0x50:
      return { kind: "abandon", target: readInteger(content) };
    case 0x77:
      return { kind: "extended", oid: readText(expectTag(readElements(content)[0], 0x80)) };
    default: {
      const answerTag = NOT_SIMULATED.get(tag);
      if (answerTag === undefined) throw new MalformedMessageError(`operation ${tag}`);
      return { kind: "not-simulated", answerTag };
    }
  }
}

function decodeBind(content: Buffer): Operation {
  const [version, name, credentials] = readElements(content);
  const bind = {
    kind: "bind",
    version: readInteger(expectTag(version, TAG.integer)),
    name: readText(expectTag(name, TAG.octetString)),
  } as const;
  if (credentials?.tag === 0xa3) {
    const mechanism = readText(expectTag(readElements(credentials.content)[0], TAG.octetString));
    return { ...bind, password: null, mechanism };
  }
  return { ...bind, password: readText(expectTag(credentials, 0x80)), mechanism: null };
}

function decodeSearch(content: Buffer): Operation {
  const [base, scopeNumber, aliases, sizeLimit, timeLimit, typesOnly, filter, attributes] = readElements(content);
  const scope = SCOPES[readInteger(expectTag(scopeNumber, TAG.enumerated))];
  expectTag(aliases, TAG.enumerated);
  expectTag(timeLimit, TAG.integer);
  if (!scope || !filter) throw new MalformedMessageError("search scope or filter");
  return {
    kind: "search",
    base: readText(expectTag(base, TAG.octetString)),
    scope,
    sizeLimit: readInteger(expectTag(sizeLimit, TAG.integer)),
    typesOnly: readBoolean(expectTag(typesOnly, TAG.boolean)),
    filter: decodeFilter(filter, 0),
    attributes: readElements(expectTag(attributes, TAG.sequence)).map((name) =>
      readText(expectTag(name, TAG.octetString)),
    ),
  };
}

function decodeModify(content: Buffer): Operation {
  const [dn, changes] = readElements(content);
  return {
    kind: "modify",
    dn: readText(expectTag(dn, TAG.octetString)),
    changes: readElements(expectTag(changes, TAG.sequence)).map((element) => {
      const [operation, modification] = readElements(expectTag(element, TAG.sequence));
      const change = CHANGES[readInteger(expectTag(operation, TAG.enumerated))];
      if (!change) throw new MalformedMessageError("kind of change");
      const [attribute, values] = readElements(expectTag(modification, TAG.sequence));
      return {
        change,
        attribute: readText(expectTag(attribute, TAG.octetString)),
        values: readElements(expectTag(values, TAG.set)).map((value) => expectTag(value, TAG.octetString)),
      };
    }),
  };
}

function decodeControl(element: BerElement): Control {
  const [oid, ...rest] = readElements(expectTag(element, TAG.sequence));
  const critical = rest[0]?.tag === TAG.boolean ? readBoolean(rest.shift()?.content ?? Buffer.alloc(0)) : false;
  const value = rest.shift();
  if (rest.length > 0) throw new MalformedMessageError("control parts");
  return {
    oid: readText(expectTag(oid, TAG.octetString)),
    critical,
    value: value ? expectTag(value, TAG.octetString) : null,
  };
}

function decodeFilter({ tag, content }: BerElement, depth: number): Filter {
  if (depth > MAX_FILTER_DEPTH) throw new MalformedMessageError("filter nested too deep");
  switch (tag) {
    case 0xa0:
    case 0xa1:
      return {
        kind: tag === 0xa0 ? "and" : "or",
        filters: readElements(content).map((part) => decodeFilter(part, depth + 1)),
      };
    case 0xa2: {
      const [inner, ...excess] = readElements(content);
      if (!inner || excess.length > 0) throw new MalformedMessageError("not-filter parts");
      return { kind: "not", filter: decodeFilter(inner, depth + 1) };
    }
    case 0xa3:
      return { kind: "equality", ...decodeAssertion(content) };
    case 0xa4:
      return decodeSubstring(content);
    case 0xa5:
      return { kind: "greater-or-equal", ...decodeAssertion(content) };
    case 0xa6:
      return { kind: "less-or-equal", ...decodeAssertion(content) };
    case 0x87:
      return { kind: "present", attribute: readText(content) };
    case 0xa8:
      return { kind: "approx", ...decodeAssertion(content) };
    case 0xa9:
      return decodeExtensible(content);
    default:
      throw new MalformedMessageError(`filter ${tag}`);
  }
}

function decodeAssertion(content: Buffer): { attribute: string; value: Buffer } {
  const [attribute, value] = readElements(content);
  return { attribute: readText(expectTag(attribute, TAG.octetString)), value: expectTag(value, TAG.octetString) };
}

function decodeSubstring(content: Buffer): Filter {
  const [attribute, pieces] = readElements(content);
  const parts = readElements(expectTag(pieces, TAG.sequence));
  if (parts.length === 0) throw new MalformedMessageError("substring without pieces");
  for (const [position, { tag }] of parts.entries()) {
    const fits = tag === 0x81 || (tag === 0x80 && position === 0) || (tag === 0x82 && position === parts.length - 1);
    if (!fits) throw new MalformedMessageError("order of substring pieces");
  }
  return {
    kind: "substring",
    attribute: readText(expectTag(attribute, TAG.octetString)),
    initial: parts.find(({ tag }) => tag === 0x80)?.content ?? null,
    any: parts.filter(({ tag }) => tag === 0x81).map((part) => part.content),
    final: parts.find(({ tag }) => tag === 0x82)?.content ?? null,
  };
}

function decodeExtensible(content: Buffer): Filter {
  const parts = new Map(readElements(content).map((part) => [part.tag, part.content]));
  const text = (tag: number) => {
    const part = parts.get(tag);
    return part ? readText(part) : null;
  };
  const value = parts.get(0x83);
  const dnAttributes = parts.get(0x84);
  if (!value) throw new MalformedMessageError("extensible filter without value");
  return {
    kind: "extensible",
    rule: text(0x81),
    attribute: text(0x82),
    value,
    dnAttributes: dnAttributes ? readBoolean(dnAttributes) : false,
  };
}

function readBoolean(content: Buffer): boolean {
  if (content.length !== 1) throw new MalformedMessageError("boolean octets");
  return content[0] !== 0;
}
