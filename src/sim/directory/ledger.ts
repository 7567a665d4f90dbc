/** What clients did to the simulated directory, in order: the witness of tests. Passwords are never in it. */

export type LedgerEntry = { sequence: number; connection: number; encrypted: boolean } & LedgerEvent;

export type LedgerEvent =
  | { kind: "connect" }
  | { kind: "start-tls"; ok: boolean }
  | { kind: "bind"; name: string; ok: boolean; code: number }
  /** `count`: entries sent. `filter` in the text form of RFC 4515. */
  | {
      kind: "search";
      base: string;
      scope: string;
      filter: string;
      attributes: readonly string[];
      count: number;
      code: number;
    }
  /** Values in base64. */
  | {
      kind: "modify";
      dn: string;
      changes: readonly { change: string; attribute: string; values: readonly string[] }[];
      code: number;
    }
  | { kind: "abandon"; target: number }
  | { kind: "disconnection"; reason: string };

export class Ledger {
  readonly #entries: LedgerEntry[] = [];

  add(connection: number, encrypted: boolean, event: LedgerEvent): void {
    this.#entries.push({ sequence: this.#entries.length + 1, connection, encrypted, ...event });
  }

  /** All entries, or those of one kind, in the order in which they were answered. */
  read(): readonly LedgerEntry[];
  read<Kind extends LedgerEvent["kind"]>(kind: Kind): readonly Extract<LedgerEntry, { kind: Kind }>[];
  read(kind?: LedgerEvent["kind"]): readonly LedgerEntry[] {
    return this.#entries.filter((entry) => kind === undefined || entry.kind === kind);
  }
}
