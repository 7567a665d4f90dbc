/** Plans many rows against two sides that keep nothing themselves, and prints the plan's hash and what it took, in MiB. */
import type { AdAccount } from "../../../src/core/ad-account.ts";
import type { CloudUser } from "../../../src/core/snapshot.ts";
import { planBatch } from "../../../src/pipeline.ts";
import { account, cloudUser, HEADER, mapping, OPTIONS } from "../../support/facts.ts";
import { MemoryDirectory, MemoryTenant } from "../../support/memory-world.ts";
import { surround } from "../../support/quiet-world.ts";

const rows = Number(process.argv[2]);
/** By each manager, themselves among them: nobody's is known in the cloud. */
const PEOPLE_LED = 10;
const nameOf = (index: number) => `person${index}`;
const traitsOf = (name: string) => ({
  givenName: `Given${name}`,
  surname: `Surname${name}`,
  displayName: `Given${name} Surname${name}`,
  proxyAddresses: [`SMTP:${name}@contoso.example`, `smtp:given.${name}@contoso.example`, `sip:${name}@contoso.example`],
  employeeId: name.slice(6),
});

class ManyAccounts extends MemoryDirectory {
  override groupSize = 500;
  constructor() {
    super("CORP", []);
  }
  override async findAccounts(_key: unknown, values: readonly string[]): Promise<readonly AdAccount[]> {
    return values.map((name) => {
      const index = Number(name.slice(6));
      const { dn: manager } = account(nameOf(index - (index % PEOPLE_LED)));
      return account(name, { ...traitsOf(name), objectSid: `S-1-5-21-1-2-3-${index}`, profile: { manager } });
    });
  }
}

class ManyUsers extends MemoryTenant {
  constructor() {
    super([]);
  }
  override async countUsers(): Promise<number> {
    return rows;
  }
  override async *listUsers() {
    for (let start = 0; start < rows; start += this.pageSize) {
      const length = Math.min(this.pageSize, rows - start);
      yield Array.from({ length }, (_, index): CloudUser => {
        const name = nameOf(start + index);
        return cloudUser(name, { ...traitsOf(name), createdAt: "2026-01-01T00:00:00Z" });
      });
    }
  }
}

const { world } = surround({ directories: [new ManyAccounts()], tenant: new ManyUsers() });
const mappings = Array.from({ length: rows }, (_, index) => mapping(index + 2, nameOf(index)));
const { plan } = await planBatch(
  {
    mapping: HEADER.mapping,
    mappings,
    options: { ...OPTIONS, limit: null },
  },
  world,
);
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ changes: plan.changes.length, hash: plan.hash, residentMib: maxRSS / 1024 }));
