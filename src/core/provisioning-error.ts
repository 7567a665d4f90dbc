/**
 * What Entra says of a user that it could not provision whole: `onPremisesProvisioningErrors`.
 *
 * Source: https://learn.microsoft.com/graph/api/resources/onpremisesprovisioningerror (checked 2026-11): category is
 * PropertyConflict today, propertyCausingError is UserPrincipalName or ProxyAddress today, and both may get more values.
 */
export type ProvisioningError = {
  readonly category: string;
  /** ISO time; `null` where it is not told. */
  readonly occurredAt: string | null;
  readonly property: string | null;
  /** The value that is in the way. */
  readonly value: string | null;
};

/** The category that stands for a value which another object has. */
export const PROPERTY_CONFLICT = "PropertyConflict";

/** `PropertyConflict on ProxyAddress, smtp:ada@contoso.example, since 2026-11-22 02:31 UTC`. */
export function describeProvisioningError({ category, property, value, occurredAt }: ProvisioningError): string {
  return [
    property === null ? category : `${category} on ${property}`,
    value,
    occurredAt === null ? null : `since ${occurredAt.slice(0, 16).replace("T", " ")} UTC`,
  ]
    .filter((text) => text !== null && text !== "")
    .join(", ");
}
