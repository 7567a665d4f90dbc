import { expect, test } from "vitest";
import {
  type AddressSide,
  compareAddresses,
  primaryAddressFromAd,
  primaryAddressOf,
} from "../../src/core/takeover-addresses.ts";

const side = (proxyAddresses: readonly string[], rest: Partial<AddressSide> = {}): AddressSide => ({
  proxyAddresses,
  mail: null,
  userPrincipalName: null,
  ...rest,
});

const moves: readonly (readonly [
  title: string,
  cloud: AddressSide,
  ad: AddressSide,
  lost: readonly string[],
  gained: readonly string[],
])[] = [
  ["nothing on both sides", side([]), side([]), [], []],
  [
    "other case and order",
    side(["SMTP:Ada@X.example", "smtp:b@x.example"]),
    side(["smtp:B@x.example", "SMTP:ada@x.example"]),
    [],
    [],
  ],
  ["an address that AD lacks", side(["smtp:old@x.example"]), side([]), ["smtp:old@x.example"], []],
  ["an address that the cloud lacks", side([]), side(["smtp:new@x.example"]), [], ["smtp:new@x.example"]],
  ["an entry without a scheme, which is an SMTP address", side(["a@x.example"]), side(["smtp:A@x.example"]), [], []],
  ["another primary address alone", side(["SMTP:a@x.example"]), side(["smtp:a@x.example"]), [], []],
  ["an address of the tenant's first domain", side(["smtp:ada@contoso.onmicrosoft.com"]), side([]), [], []],
  [
    "one of a domain that only ends in the same letters",
    side(["smtp:a@notonmicrosoft.com"]),
    side([]),
    ["smtp:a@notonmicrosoft.com"],
    [],
  ],
  ["one of the first domain that only AD has", side([]), side(["smtp:ada@contoso.onmicrosoft.com"]), [], []],
  ["entries of services", side(["SIP:ada@x.example", "SPO:SPO_1@SPO_2"]), side([]), [], []],
  ["an X500 entry that AD lacks", side(["X500:/o=Old/cn=Ada"]), side([]), ["x500:/o=old/cn=ada"], []],
  [
    "an entry of another kind in a reserved domain",
    side(["EUM:1@contoso.onmicrosoft.com"]),
    side([]),
    ["eum:1@contoso.onmicrosoft.com"],
    [],
  ],
  ["old protocols that only AD has", side([]), side(["X400:c=US;", "MS:ORG/ADA"]), [], []],
  [
    "the AD mail address in place of a proxy address",
    side(["SMTP:ada@x.example"]),
    side([], { mail: "Ada@x.example" }),
    [],
    [],
  ],
  [
    "an AD mail address that the cloud has as its mail",
    side([], { mail: "ada@x.example" }),
    side([], { mail: "ADA@x.example" }),
    [],
    [],
  ],
  [
    "an AD mail address that the cloud lacks",
    side([]),
    side([], { mail: "ada@x.example" }),
    [],
    ["smtp:ada@x.example"],
  ],
  [
    "an address that is the AD account's UPN",
    side(["smtp:ada@x.example"]),
    side([], { userPrincipalName: "ada@x.example" }),
    [],
    [],
  ],
  [
    "the cloud's UPN, where AD has none",
    side(["smtp:a@x.example"], { userPrincipalName: "A@x.example" }),
    side([]),
    [],
    [],
  ],
  [
    "the cloud's UPN, where AD has another",
    side(["smtp:a@x.example"], { userPrincipalName: "a@x.example" }),
    side([], { userPrincipalName: "b@x.example" }),
    ["smtp:a@x.example"],
    [],
  ],
  ["an entry with blanks around it", side([" SMTP:a@x.example "]), side(["smtp:a@x.example"]), [], []],
  ["an entry with a blank after its scheme", side(["SMTP: a@x.example"]), side(["smtp:a@x.example"]), [], []],
  ["an address of a reserved domain itself", side(["smtp:ada@microsoftonline.com"]), side([]), [], []],
  ["an AD mail address of blanks", side([]), side([], { mail: "  " }), [], []],
  [
    "an AD mail address of the tenant's first domain",
    side([]),
    side([], { mail: "a@contoso.onmicrosoft.com" }),
    [],
    [],
  ],
  [
    "several that go and several that come, which are sorted",
    side(["smtp:b@x.example", "smtp:a@x.example"]),
    side(["smtp:d@x.example", "smtp:c@x.example"]),
    ["smtp:a@x.example", "smtp:b@x.example"],
    ["smtp:c@x.example", "smtp:d@x.example"],
  ],
];

test.each(moves)("compareAddresses of %s", (_title, cloud, ad, lost, gained) => {
  expect(compareAddresses(cloud, ad)).toEqual({ lost, gained });
});

const primaries: readonly (readonly [title: string, ad: AddressSide, primary: string | null])[] = [
  ["the marked address", side(["smtp:b@x.example", "SMTP:a@x.example"], { mail: "c@x.example" }), "a@x.example"],
  ["the marked address without blanks", side([" SMTP: a@x.example "]), "a@x.example"],
  ["the mail address where none is marked", side(["smtp:b@x.example"], { mail: " c@x.example " }), "c@x.example"],
  ["nothing where neither is there", side(["smtp:b@x.example"]), null],
  ["nothing where the mail address is blank", side([], { mail: "  " }), null],
  [
    "the mail address where the marked one is of a reserved domain",
    side(["SMTP:a@contoso.onmicrosoft.com"], { mail: "c@x.example" }),
    "c@x.example",
  ],
  ["nothing where the mail address is of a reserved domain", side([], { mail: "a@contoso.microsoftonline.com" }), null],
];

test.each(primaries)("primaryAddressFromAd is %s", (_title, ad, primary) => {
  expect(primaryAddressFromAd(ad)).toBe(primary);
});

test("primaryAddressOf is the same whatever the order of two that are marked", () => {
  const marked = ["SMTP:b@x.example", "smtp:c@x.example", "SMTP:A@x.example"];
  expect(primaryAddressOf(marked)).toBe("A@x.example");
  expect(primaryAddressOf(marked.toReversed())).toBe("A@x.example");
});
