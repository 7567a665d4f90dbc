import { expect, test } from "vitest";
import { domainOfDn } from "../../src/core/forest.ts";

const domains = [
  { domain: "CONTOSO", dn: "DC=contoso,DC=example" },
  { domain: "EU", dn: "DC=eu,DC=contoso,DC=example" },
  { domain: "OLD", dn: "DC=fabrikam,DC=example" },
];

test.each([
  ["CN=Ada,OU=People,DC=contoso,DC=example", "CONTOSO"],
  ["CN=Ada,dc=EU, dc=contoso, dc=example", "EU"],
  ["DC=fabrikam,DC=example", "OLD"],
  ["CN=Ada,DC=asia,DC=contoso,DC=example", "CONTOSO"],
  ["CN=Ada,DC=elsewhere", undefined],
  ["Ada", undefined],
])("domainOfDn: %s lies in %s, the deepest domain above it", (dn, domain) => {
  expect(domainOfDn(dn, domains)?.domain).toBe(domain);
  expect(domainOfDn(dn, domains.toReversed())?.domain).toBe(domain);
});
