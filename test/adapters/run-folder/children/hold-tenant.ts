/** Takes the lock of a tenant, says `held`, and holds it until its standard input ends. */
import { takeTenantLock } from "../../../../src/adapters/run-folder/tenant-lock.ts";

const [state = "", tenantId = ""] = process.argv.slice(2);
const lock = takeTenantLock(state, tenantId, {
  pid: process.pid,
  host: "adm02",
  user: "ben",
  since: "2026-11-02T20:15:00.000Z",
});
process.stdin.on("end", () => lock.release()).resume();
process.stdout.write("held\n");
