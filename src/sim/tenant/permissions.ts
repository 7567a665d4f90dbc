/**
 * Which permission opens which door. Any one of a list is enough.
 *
 * Source: permission tables of each Graph operation (learn.microsoft.com/graph, checked 2026-11). Where the tables
 * disagree the narrower list stands, so that a client which works here also works there. Unverified choices:
 * User.ReadBasic.All refuses properties outside the basic set with 403; purge and restore need
 * User.DeleteRestore.All and nothing else opens them.
 */
import { REFUSALS, refuse } from "./errors.ts";
import type { Caller } from "./token.ts";

const DIRECTORY_READ = ["Directory.Read.All", "Directory.ReadWrite.All"] as const;

export const PERMISSIONS = {
  readUsers: ["User.Read.All", "User.ReadWrite.All", "User.ReadUpdate.All", ...DIRECTORY_READ],
  readBasicUsers: ["User.ReadBasic.All"],
  updateUsers: ["User.ReadUpdate.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
  clearObjectIdentifier: ["User-OnPremisesSyncBehavior.ReadWrite.All"],
  deleteUsers: ["User.DeleteRestore.All", "User.ReadWrite.All"],
  readDeletedUsers: ["User.Read.All", "User.ReadWrite.All", ...DIRECTORY_READ],
  purgeOrRestoreUsers: ["User.DeleteRestore.All"],
  readSyncBehavior: ["User-OnPremisesSyncBehavior.ReadWrite.All"],
  readOrganization: ["Organization.Read.All", "Organization.ReadWrite.All", ...DIRECTORY_READ],
  readDomains: ["Domain.Read.All", "Domain.ReadWrite.All", ...DIRECTORY_READ],
  readSyncFeatures: ["OnPremDirectorySynchronization.Read.All", "OnPremDirectorySynchronization.ReadWrite.All"],
  readRoles: [
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
    ...DIRECTORY_READ,
  ],
  readRoleEligibility: [
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
  ],
  readGroupEligibility: [
    "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
  ],
  readGroups: ["Group.Read.All", "Group.ReadWrite.All", ...DIRECTORY_READ],
  readGroupMembers: [
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    ...DIRECTORY_READ,
  ],
  readApplications: [
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    ...DIRECTORY_READ,
  ],
  readSynchronization: ["Synchronization.Read.All", "Synchronization.ReadWrite.All", "Application.ReadWrite.OwnedBy"],
  writeSynchronization: ["Synchronization.ReadWrite.All", "Application.ReadWrite.OwnedBy"],
  readContacts: ["OrgContact.Read.All", ...DIRECTORY_READ],
} as const satisfies Record<string, readonly string[]>;

export type Act = keyof typeof PERMISSIONS;

export function may(caller: Caller, act: Act): boolean {
  return PERMISSIONS[act].some((permission) => caller.permissions.has(permission));
}

/** @throws {GraphRefusal} 403 Authorization_RequestDenied. */
export function requirePermission(caller: Caller, act: Act): void {
  if (!may(caller, act)) refuse(REFUSALS.insufficientPrivileges());
}

/** What User.ReadBasic.All shows ("Permissions reference", basic profile). */
export const BASIC_USER_PROPERTIES: ReadonlySet<string> = new Set([
  "id",
  "displayName",
  "givenName",
  "surname",
  "mail",
  "userPrincipalName",
]);
