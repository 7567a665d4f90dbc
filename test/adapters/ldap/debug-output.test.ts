/** Nothing that a debug switch makes the process print may hold the password. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { result, startScriptedServer } from "./scripted-server.ts";

/** Handed over in the environment: Node's own loader prints the source of every module. */
const PASSWORD = "canary-from-the-environment";

const ADAPTER = new URL("../../../src/adapters/ldap/ldap-directory.ts", import.meta.url).href;
const SETTINGS = new URL("./settings.ts", import.meta.url).href;

test.each([0, 49])(
  "B20: with every debug switch on, the password is not printed (sign-in ends with %i)",
  async (code) => {
    // the password goes to the server, so the search for it below is a search for something that was there
    const server = await startScriptedServer((request) => [result(request, request.kind === "bind" ? code : 0)]);
    onTestFinished(() => server.close());
    const program = `
    import { inspect } from "node:util";
    import { openLdapDirectory } from ${JSON.stringify(ADAPTER)};
    import { settingsFor } from ${JSON.stringify(SETTINGS)};
    const directory = openLdapDirectory(settingsFor(${JSON.stringify(server.url)}, { password: async () => process.env.CANARY }));
    await directory.identify(new AbortController().signal).catch((error) => console.log(inspect(error, { depth: 9 })));
    console.log(inspect(directory, { depth: 9, showHidden: true }), JSON.stringify(directory));
    await directory.close();
  `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, DEBUG: "*", NODE_DEBUG: "*", CANARY: PASSWORD },
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(stdout).toContain("BatchError");
    expect(stderr).toContain("__redacted__");
    expect(server.requests[0]?.names).toContain(PASSWORD);
    const encodings = [PASSWORD, Buffer.from(PASSWORD).toString("hex"), Buffer.from(PASSWORD).toString("base64")];
    for (const encoded of encodings) expect((stdout + stderr).includes(encoded), encoded).toBe(false);
  },
);
