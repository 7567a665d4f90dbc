/**
 * People whose line chooses what is done with the object in their way: one for each holder action.
 *
 * Without --allow they are blocked as everybody else is; once the action is allowed they are written, after it.
 */
import { lineFor } from "./company-row.ts";
import { blocked, set } from "./expectation.ts";
import { stranger } from "./peculiar-holders.ts";
import { circle, inRecycleBin, type Peculiarity } from "./peculiarity.ts";
import { drawGuid } from "./person.ts";

export const PECULIAR_CONFLICTS: readonly Peculiarity[] = [
  {
    title: "sync's duplicate lies in the recycle bin with the ID, and shall be purged",
    provokes: "action-irreversible",
    make(employ) {
      const abel = employ("Abel", "Quist");
      const duplicate = stranger("abel.quist2", abel.immutableId);
      const row = lineFor(abel, blocked("id-held-by-deleted-user"), {
        onConflict: "purge-deleted-holder",
        replacing: set("id-held-by-deleted-user", "action-irreversible"),
        acts: [{ kind: "purge", userId: duplicate.id, before: duplicate.onPremisesImmutableId }],
      });
      return { ...circle([abel], [row]), deletedUsers: [inRecycleBin(duplicate)] };
    },
  },
  {
    title: "an empty user without a licence holds the ID, and shall be deleted",
    provokes: "id-held-by-user",
    make(employ) {
      const bess = employ("Bess", "Quist");
      const holder = stranger("bess.quist2", bess.immutableId);
      const before = holder.onPremisesImmutableId;
      const row = lineFor(bess, blocked("id-held-by-user"), {
        onConflict: "delete-holder",
        replacing: set("id-held-by-user", "action-irreversible"),
        acts: [
          { kind: "delete", userId: holder.id, before },
          { kind: "purge", userId: holder.id, before },
        ],
      });
      const { accounts, users, rows } = circle([bess], [row]);
      return { accounts, users: [...users, holder], rows };
    },
  },
  {
    title: "a mailbox that is needed holds the ID, and shall lose the ID alone",
    provokes: "id-held-by-user",
    make(employ) {
      const cees = employ("Cees", "Quist");
      const holder = stranger("switchboard", cees.immutableId);
      const row = lineFor(cees, blocked("id-held-by-user"), {
        onConflict: "clear-holder",
        replacing: set("id-held-by-user"),
        acts: [{ kind: "clear", userId: holder.id, before: holder.onPremisesImmutableId }],
      });
      const { accounts, users, rows } = circle([cees], [row]);
      return { accounts, users: [...users, holder], rows };
    },
  },
  {
    title: "the cloud user was deleted by mistake, and shall be restored",
    provokes: "target-deleted",
    make(employ) {
      const doro = employ("Doro", "Quist");
      const row = lineFor(doro, blocked("target-deleted"), {
        onConflict: "restore-target",
        replacing: set("target-deleted"),
        acts: [{ kind: "restore", userId: doro.user.id, before: null }],
      });
      return { accounts: [doro], users: [], deletedUsers: [inRecycleBin(doro.user)], rows: [row] };
    },
  },
  {
    title: "the cloud user carries a foreign identifier, which shall be cleared",
    provokes: "target-object-identifier-set",
    make(employ) {
      const elke = employ("Elke", "Quist");
      elke.user.onPremisesObjectIdentifier = drawGuid(0, "Elke in the domain that is gone");
      const row = lineFor(elke, blocked("target-object-identifier-set"), {
        onConflict: "clear-object-identifier",
        replacing: set("target-object-identifier-set", "action-irreversible"),
        acts: [{ kind: "clear-object-identifier", userId: elke.user.id, before: null }],
      });
      return circle([elke], [row]);
    },
  },
];
