import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startSimulatedDirectory } from "../../../src/sim/directory/server.ts";
import { BASE, crowd, domain, PASSWORD, SERVICE } from "./domain-fixture.ts";

const run = promisify(execFile);
const isMissing = spawnSync("ldapsearch", ["-VV"]).error !== undefined;
const skip = isMissing && !process.env.HARDMATCH_REQUIRE_LDAP_TOOLS;
const note = skip ? " (left out: ldapsearch is not on the PATH; install ldap-utils)" : "";

async function search(url: string, ...more: string[]): Promise<string> {
  const bind = ["-LLL", "-o", "ldif-wrap=no", "-x", "-H", url, "-D", SERVICE, "-w", PASSWORD];
  return (await run("ldapsearch", [...bind, ...more], { maxBuffer: 1e7 })).stdout;
}

test.skipIf(skip)(`OpenLDAP's ldapsearch reads an entry with its octets${note}`, async () => {
  const directory = await startSimulatedDirectory(domain());
  try {
    const output = await search(
      directory.url,
      "-b",
      BASE,
      "(&(sAMAccountName=ada)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
      "objectguid",
      "mail",
    );
    expect(output).toContain(
      `dn: CN=Ada,OU=People,${BASE}\nmail: Ada@contoso.example\nobjectGUID:: 1eLWKGhjWk22cdUrMBcmgA==\n`,
    );
    expect(output).toContain(`# refldap://corp.contoso.example/CN=Configuration,${BASE}`);
  } finally {
    await directory.close();
  }
});

test.skipIf(skip)(
  `OpenLDAP's ldapsearch pages through the directory and meets the size limit without${note}`,
  async () => {
    const directory = await startSimulatedDirectory(domain(crowd(1200)));
    try {
      const paged = await search(directory.url, "-b", BASE, "-E", "pr=250/noprompt", "(sAMAccountName=user*)", "1.1");
      expect(paged.match(/^dn: /gm)).toHaveLength(1200);
      await expect(search(directory.url, "-b", BASE, "(sAMAccountName=user*)", "1.1")).rejects.toMatchObject({
        code: 4,
      });
      expect(
        await search(directory.url, "-b", BASE, "-E", "!1.2.840.113556.1.4.1339", "(cn=ada)", "1.1"),
      ).not.toContain("# ref");
    } finally {
      await directory.close();
    }
  },
);
