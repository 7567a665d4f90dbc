/** People of whose cloud user a plan has something to say. To add one: one more entry. */
import { lineFor } from "./company-row.ts";
import { blocked, none, replace, set } from "./expectation.ts";
import { markSynced } from "./ordinary-people.ts";
import { circle, inRecycleBin, OF_ANOTHER, type Peculiarity } from "./peculiarity.ts";
import { drawGuid, immutableIdOf } from "./person.ts";

/** An ID from a domain that is gone: nobody in today's directories asks for it. */
const oldId = (name: string): string => immutableIdOf(drawGuid(0, `${name} in the domain that is gone`));

export const PECULIAR_TARGETS: readonly Peculiarity[] = [
  {
    title: "the tenant has no such user",
    provokes: "target-not-found",
    make(employ) {
      const ilse = employ("Ilse", "Lorenz");
      return { accounts: [ilse], users: [], rows: [{ ...lineFor(ilse, blocked("target-not-found")), target: null }] };
    },
  },
  {
    title: "the cloud user is in the recycle bin",
    provokes: "target-deleted",
    make(employ) {
      const jana = employ("Jana", "Lorenz");
      const row = { ...lineFor(jana, blocked("target-deleted")), target: null };
      return { accounts: [jana], users: [], deletedUsers: [inRecycleBin(jana.user)], rows: [row] };
    },
  },
  {
    title: "the cloud user is a guest",
    provokes: "target-guest",
    make(employ) {
      const karl = employ("Karl", "Lorenz");
      karl.user.userPrincipalName = "karl.lorenz_fabrikam.example#EXT#@contoso.onmicrosoft.example";
      karl.user.userType = "Guest";
      return circle([karl], [lineFor(karl, blocked("target-guest", "upn-will-change"))]);
    },
  },
  {
    title: "one line names the cloud user by UPN and another by object id",
    provokes: "target-used-twice",
    make(employ) {
      const [lara, lars] = [employ("Lara", "Lorenz"), employ("Lars", "Lorenz")];
      const expected = blocked("target-used-twice");
      const crossed = blocked("target-used-twice", "address-conflict", ...OF_ANOTHER);
      const rows = [lineFor(lara, expected), lineFor(lars, crossed, { target: lara, upn: lara.user.id })];
      return circle([lara, lars], rows);
    },
  },
  {
    title: "the line names the cloud user by object id, which is as good",
    provokes: "target-disabled",
    make(employ) {
      const maja = employ("Maja", "Lorenz");
      maja.user.accountEnabled = false;
      return circle([maja], [lineFor(maja, set("target-disabled"), { upn: maja.user.id })]);
    },
  },
  {
    title: "sign-in of the cloud user is blocked",
    provokes: "target-disabled",
    make(employ) {
      const nils = employ("Nils", "Lorenz");
      nils.user.accountEnabled = false;
      return circle([nils], [lineFor(nils, set("target-disabled"))]);
    },
  },
  {
    title: "the cloud user holds this ID already, and sync has not run yet",
    provokes: "target-already-matched",
    make(employ) {
      const olga = employ("Olga", "Lorenz");
      olga.user.onPremisesImmutableId = olga.immutableId;
      return circle([olga], [lineFor(olga, none("target-already-matched"))]);
    },
  },
  {
    title: "sync owns the cloud user under another ID",
    provokes: "target-synced",
    make(employ) {
      const paul = employ("Paul", "Lorenz");
      markSynced(paul);
      paul.user.onPremisesImmutableId = oldId("Paul");
      return circle([paul], [lineFor(paul, blocked("target-synced"))]);
    },
  },
  {
    title: "the cloud user was synced once and holds no ID",
    provokes: "target-formerly-synced",
    make(employ) {
      const rosa = employ("Rosa", "Lorenz");
      rosa.user.onPremisesSyncEnabled = false;
      rosa.user.onPremisesLastSyncDateTime = "2026-03-14T05:12:00Z";
      return circle([rosa], [lineFor(rosa, set("target-formerly-synced"))]);
    },
  },
  ...["Sven", "Tara", "Ugo", "Vera"].map(
    (givenName): Peculiarity => ({
      title: `${givenName}'s cloud user holds the ID of a domain that is gone`,
      provokes: "target-has-other-id",
      make(employ) {
        const person = employ(givenName, "Lorenz");
        person.user.onPremisesImmutableId = oldId(givenName);
        const row = lineFor(person, blocked("target-has-other-id"), { replacing: replace("target-has-other-id") });
        return circle([person], [row]);
      },
    }),
  ),
  {
    title: "an earlier tool has written a text that is no ID of AD at all",
    provokes: "target-has-other-id",
    make(employ) {
      const wim = employ("Wim", "Lorenz");
      wim.user.onPremisesImmutableId = "+legacy:wim.lorenz";
      const row = lineFor(wim, blocked("target-has-other-id"), { replacing: replace("target-has-other-id") });
      return circle([wim], [row]);
    },
  },
];
