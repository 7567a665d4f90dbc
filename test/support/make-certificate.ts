/** Certificates as companies have them, good ones and bad ones, made by the openssl program. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Pair = { readonly cert: string; readonly key: string };
export type Wanted = {
  /** Host name or IPv4 address that the certificate is for. */
  readonly name: string;
  /** Signed by itself if left out. */
  readonly signer?: Pair;
  /** Options of `openssl ca`; two days if left out. */
  readonly validity?: readonly string[];
};

/** A month of long ago. */
export const EXPIRED: readonly string[] = ["-startdate", "20250101000000Z", "-enddate", "20250201000000Z"];

/** A key and its certificate. */
export function makeCertificate({ name, signer, validity = ["-days", "2"] }: Wanted): Pair {
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-certificate-"));
  try {
    const path = (file: string) => join(folder, file);
    const openssl = (...words: string[]) =>
      execFileSync("openssl", words, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" });
    const key = ["-newkey", "rsa:2048", "-nodes", "-keyout", path("key.pem")];
    const kind = /^[0-9.]+$/.test(name) ? "IP" : "DNS";
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=${kind}:${name}`];
    if (signer === undefined) {
      const cert = openssl("req", "-x509", ...key, ...subject, "-days", "2");
      return { cert, key: readFileSync(path("key.pem"), "utf8") };
    }
    openssl("req", ...key, ...subject, "-out", path("request.pem"));
    writeFileSync(path("signer.pem"), signer.cert);
    writeFileSync(path("signer.key"), signer.key);
    writeFileSync(path("index.txt"), "");
    writeFileSync(path("serial"), "1000\n");
    writeFileSync(
      path("ca.cnf"),
      `[ca]\ndefault_ca=own\n[own]\ndatabase=${path("index.txt")}\nserial=${path("serial")}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\n[any]\ncommonName=supplied\n`,
    );
    const signing = ["-config", path("ca.cnf"), "-cert", path("signer.pem"), "-keyfile", path("signer.key")];
    const cert = openssl("ca", "-batch", "-notext", ...signing, "-in", path("request.pem"), ...validity);
    return { cert, key: readFileSync(path("key.pem"), "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
