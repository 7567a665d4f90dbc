/**
 * What the result of a modification means: was it done, surely not, or can nobody say?
 *
 * A result other than success says that nothing of the modification was done; where a server that is going down or out
 * of order says it, that is not taken for certain.
 *
 * Source: RFC 4511 4.1.9, 4.6 and appendix A; MS-ADTS 3.1.1.3.1.9 (error messages), checked 2026-11. Codes are matched,
 * never texts.
 */
import type { WriteAnswer } from "../../ports/writable-side.ts";
import type { ModifyResult } from "./connection.ts";

type Reading = { readonly meaning: WriteAnswer["meaning"]; readonly says: string };

const CHANGED: Reading = { meaning: "changed-meanwhile", says: "the account no longer holds what the write rests on" };

const RESULTS: Readonly<Record<number, Reading>> = {
  0: { meaning: "accepted", says: "" },
  // the value to delete is not there; a value is there where none may be; the account itself is not there
  16: CHANGED,
  20: CHANGED,
  32: CHANGED,
  8: { meaning: "refused", says: "the domain controller asks for an encrypted connection before a write" },
  10: { meaning: "refused", says: "the domain controller refers to another server, which is never followed" },
  17: { meaning: "refused", says: "the directory does not know the attribute" },
  19: { meaning: "refused", says: "a rule of the directory forbids the value" },
  21: { meaning: "refused", says: "a rule of the directory forbids the value" },
  50: { meaning: "refused", says: "the account that signs in may not write the attribute" },
  53: { meaning: "refused", says: "the domain controller is not willing to write" },
  65: { meaning: "refused", says: "the account's class does not have the attribute" },
  // said before anything is looked at: nothing is wrong with the row
  51: { meaning: "not-sent", says: "the domain controller is too busy to write" },
};

/** The server's own words follow ours: support searches for them. */
export function meaningOfResult({ code, message }: ModifyResult): Pick<WriteAnswer, "meaning" | "message"> {
  const { meaning, says } = RESULTS[code] ?? { meaning: "undecided", says: `the answer was LDAP result ${code}` };
  if (meaning === "accepted") return { meaning, message: null };
  const words = message.replace(/\p{C}+/gu, " ").trim();
  return { meaning, message: words === "" ? says : `${says}: ${words}` };
}
