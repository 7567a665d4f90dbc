/** Loaded into the program with --import: notes every socket that is opened and every host name that is looked up. */
import { subscribe } from "node:diagnostics_channel";
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const note = (line) => appendFileSync(process.env.HEARD_CONNECTIONS, `${line}\n`);

subscribe("net.client.socket", () => note("socket"));
const { lookup } = dns;
dns.lookup = (host, ...rest) => {
  note(`lookup ${host}`);
  return lookup(host, ...rest);
};
syncBuiltinESMExports();
