/**
 * The domain controller's TLS certificate and the authority that signed it, new for every domain.
 *
 * Samba would make its own at the first start, with a 4096-bit key that takes seconds and no subject alternative name.
 * This one is shaped like a Windows domain controller's: the alternative name is the DNS name and nothing else, so a
 * client that connects to the address is refused unless it asks for the name. `ldapsearch` cannot ask for another name
 * than the one in its URL; with `LDAPTLS_REQSAN=allow` it also accepts the common name, which therefore is the address.
 */
import { join } from "node:path";
import { runProgramOrThrow } from "./run-program.ts";

export interface CertificateFiles {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/**
 * Writes `ca.pem`, `dc.pem` and `dc-key.pem` into `folder`, valid for two days.
 *
 * @throws {Error} openssl failed; the message holds what it said.
 */
export async function makeCertificate(folder: string, dnsName: string, address: string): Promise<CertificateFiles> {
  const caFile = join(folder, "ca.pem");
  const caKeyFile = join(folder, "ca-key.pem");
  const certificateFile = join(folder, "dc.pem");
  const keyFile = join(folder, "dc-key.pem");
  const newKey = ["-x509", "-days", "2", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  // openssl creates key files with mode 0600, without which Samba refuses to load them
  await runProgramOrThrow("openssl", [
    ...["req", ...newKey, "-keyout", caKeyFile, "-out", caFile],
    ...["-subj", `/O=hardmatch tests/CN=authority of ${dnsName}`],
  ]);
  await runProgramOrThrow("openssl", [
    ...["req", ...newKey, "-keyout", keyFile, "-out", certificateFile, "-CA", caFile, "-CAkey", caKeyFile],
    ...["-subj", `/CN=${address}`, "-addext", `subjectAltName=DNS:${dnsName}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"],
  ]);
  return { caFile, certificateFile, keyFile };
}
