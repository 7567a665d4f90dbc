/** Ids of targets on their way from the reading of the users to the reading of what decides their takeover. */
import type { Guid } from "../core/guid.ts";
import type { Division } from "../core/initials.ts";
import type { CloudUser } from "../core/snapshot.ts";
import type { TargetNames } from "../core/target-names.ts";
import type { ExpectedTargets } from "../ports/tenant.ts";

const GROUP_SIZE = 1_000;

export class TargetFeed implements ExpectedTargets {
  readonly atMost: number;
  readonly users: number;
  readonly division: Division | null;
  readonly groups: AsyncIterable<readonly Guid[]>;
  readonly #targets: TargetNames;
  readonly #arrived: (readonly Guid[])[] = [];
  /** Those of the end: made as they are fetched, because all of them at once are as many texts as there are targets. */
  #rest: Iterator<Guid> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #news = Promise.withResolvers<void>();

  /** @param listing How many users the tenant has, and how they may be listed. */
  constructor(
    targets: TargetNames,
    { users, division }: { readonly users: number; readonly division: Division | null },
  ) {
    this.atMost = targets.names.length;
    this.users = users;
    this.division = division;
    this.#targets = targets;
    this.groups = this.#listen();
  }

  /** Users were read: those who are named become known. */
  see(users: readonly CloudUser[]): void {
    const named = users.filter(({ id, userPrincipalName }) => this.#targets.has(id, userPrincipalName));
    if (named.length > 0) this.#arrived.push(named.map(({ id }) => id));
    this.#tell();
  }

  /** Every user was read, and these are the targets. */
  end(targets: Iterable<Guid>): void {
    this.#rest = targets[Symbol.iterator]();
    this.#tell();
  }

  /** The users could not be read. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#tell();
  }

  async *#listen(): AsyncGenerator<readonly Guid[]> {
    for (;;) {
      const news = this.#news.promise;
      if (this.#failure !== null) throw this.#failure.error;
      const group = this.#arrived.shift();
      if (group !== undefined) yield group;
      else if (this.#rest === null) await news;
      else {
        const next = takeSome(this.#rest);
        if (next.length === 0) return;
        yield next;
      }
    }
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}

/** The iterator goes on afterwards, which its own `take` would not let it. */
function takeSome(rest: Iterator<Guid>): Guid[] {
  const some: Guid[] = [];
  while (some.length < GROUP_SIZE) {
    const { done, value } = rest.next();
    if (done === true) break;
    some.push(value);
  }
  return some;
}
