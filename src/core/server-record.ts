/**
 * Which servers answered, as a run keeps it.
 *
 * A plan that was made from one domain controller is best applied and verified from the same one: another may not have
 * replicated yet what this one knew. The record is read by people, and once more by the program to find the server again.
 */
import type { DirectoryIdentity } from "./ad-account.ts";
import type { ForestIdentity } from "./forest.ts";

/** `CORP: dc1.corp.contoso.example (ldaps://dc1.corp.contoso.example)`, a line for each directory and catalog. */
export function listServerRecords(
  directories: readonly Pick<DirectoryIdentity, "domain" | "server" | "url">[],
  forests: readonly Pick<ForestIdentity, "server">[],
): string[] {
  return [
    ...directories.map(
      ({ domain, server, url }) => `${domain}: ${server}${url === undefined ? "" : ` ${placeOf(url)}`}`,
    ),
    ...forests.map(({ server }) => `global catalog: ${server}`),
  ];
}

/** The urls of one domain's servers, those that the record names first. */
export function preferRecorded(urls: readonly string[], records: readonly string[]): string[] {
  const isRecorded = (url: string) => records.some((record) => record.endsWith(` ${placeOf(url)}`));
  return [...urls.filter(isRecorded), ...urls.filter((url) => !isRecorded(url))];
}

function placeOf(url: string): string {
  return `(${url})`;
}
