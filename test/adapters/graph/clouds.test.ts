import { expect, test } from "vitest";
import { CLOUDS, type CloudName, graphRootOf } from "../../../src/adapters/graph/clouds.ts";

const allowed: { cloud: CloudName; endpoint: string | null; root: string }[] = [
  { cloud: "global", endpoint: null, root: "https://graph.microsoft.com" },
  { cloud: "usgov", endpoint: null, root: "https://graph.microsoft.us" },
  { cloud: "usgov-dod", endpoint: null, root: "https://dod-graph.microsoft.us" },
  { cloud: "china", endpoint: null, root: "https://microsoftgraph.chinacloudapi.cn" },
  { cloud: "global", endpoint: "http://127.0.0.1:8401", root: "http://127.0.0.1:8401" },
  { cloud: "global", endpoint: "http://localhost:8401/", root: "http://localhost:8401" },
  { cloud: "global", endpoint: "http://[::1]:8401", root: "http://[::1]:8401" },
  { cloud: "global", endpoint: "https://graph.microsoft.us/", root: "https://graph.microsoft.us" },
];

for (const { cloud, endpoint, root } of allowed) {
  test(`the Graph of ${cloud} with endpoint ${endpoint} is ${root}`, () => {
    expect(graphRootOf(cloud, endpoint)).toBe(root);
  });
}

const refused = [
  "http://graph.microsoft.com",
  "https://graph.contoso.example",
  "https://graph.microsoft.com.contoso.example",
  "https://graph.microsoft.com:444",
  "https://eve@graph.microsoft.com",
  "https://graph.microsoft.com/v1.0",
  "http://10.0.0.1:8401",
  "http://127.0.0.1.contoso.example",
  "ftp://127.0.0.1",
  "graph.microsoft.com",
  "",
];

for (const endpoint of refused) {
  test(`E08: the endpoint ${JSON.stringify(endpoint)} is refused`, () => {
    expect(() => graphRootOf("global", endpoint)).toThrow(expect.objectContaining({ code: "config" }));
  });
}

test("each cloud signs in over https", () => {
  expect(Object.values(CLOUDS).every(({ authority }) => authority.startsWith("https://login."))).toBe(true);
});
