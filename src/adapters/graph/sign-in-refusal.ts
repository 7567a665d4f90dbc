/**
 * What to do about a sign-in that Entra refused, by the code that its text begins with.
 *
 * The same sentence "check the app" for a secret that ended yesterday and a tenant that was misspelt sends people to
 * the wrong place at night.
 *
 * Source: Microsoft Learn, Microsoft Entra authentication and authorization error codes (checked 2026-11)
 */
const CONSENT = "Have an administrator grant admin consent for the app's permissions (API permissions).";
const INTERACTIVE = "Sign in as an app, or with device-code or browser, where a person can answer.";
const CREDENTIALS = "Entra admin center > App registrations > the app > Certificates & secrets";

/** What has to be done, by code without `AADSTS`. */
const MENDS: Readonly<Record<string, string>> = {
  "50011": "Add http://localhost to the app's redirect URIs (Authentication > Mobile and desktop applications).",
  "50034": "That user is not in this tenant: check tenant.id and who signs in.",
  "50076": INTERACTIVE,
  "50079": INTERACTIVE,
  "50126": "User name or password is wrong; sign in again.",
  "50158": INTERACTIVE,
  "53000": "A Conditional Access policy asks for a compliant device: sign in from one, or as an app.",
  "53003": "A Conditional Access policy blocks this sign-in: have it changed for this app or place.",
  "65001": CONSENT,
  "90002": "There is no such tenant in this cloud: check tenant.id and tenant.cloud.",
  "500011": "The tenant does not know Microsoft Graph under this name: check tenant.cloud.",
  "700016": "The tenant has no such app: check clientId, tenant.id and tenant.cloud.",
  "700024": "The clocks disagree: set this machine's clock, then sign in again.",
  "700027": `The certificate is not the app's, or has ended: compare it with ${CREDENTIALS}.`,
  "900023": "tenant.id is no tenant: give its GUID or one of its domain names.",
  "7000112": "The app is disabled in this tenant: have it enabled (Enterprise applications > the app > Properties).",
  "7000215": `The secret is wrong: take the secret's value, not its id, from ${CREDENTIALS}.`,
  "7000218": "Allow public client flows for the app (Authentication > Settings).",
  "7000222": `The secret has ended: make a new one in ${CREDENTIALS}.`,
};

/** @param text What the library says. @returns `null` where the code is not one of those, or there is none. */
export function mendSignIn(text: string): string | null {
  const code = /AADSTS(\d+)/.exec(text)?.[1];
  return code === undefined ? null : (MENDS[code] ?? null);
}
