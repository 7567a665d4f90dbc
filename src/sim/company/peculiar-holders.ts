/**
 * People whose ID somebody else holds: strangers, the recycle bin, or a neighbour in the same mapping.
 *
 * The neighbours tell a common accident: an earlier script took its list sorted by another column, so that IDs ended
 * one line too low (the chain), crossed (the swap) or went round (the cycle of three). To add one: one more entry.
 */
import { describeUser, type SimulatedUser } from "../tenant/world.ts";
import { lineFor } from "./company-row.ts";
import { blocked, type Expectation, replace, set } from "./expectation.ts";
import { circle, inRecycleBin, type Peculiarity } from "./peculiarity.ts";
import { drawGuid, type Person } from "./person.ts";

/** A cloud user that is on no line of the mapping and holds this ID. */
export function stranger(mailbox: string, onPremisesImmutableId: string): SimulatedUser {
  const userPrincipalName = `${mailbox}@contoso.example`;
  return describeUser({
    id: drawGuid(0, `stranger ${mailbox}`),
    userPrincipalName,
    displayName: mailbox,
    onPremisesImmutableId,
  });
}

/** A line among neighbours: without --replace nothing moves, so everybody waits for somebody who is blocked. */
function neighbour(person: Person, plain: Expectation, replacing: Expectation) {
  return lineFor(person, plain, { replacing });
}

export const PECULIAR_HOLDERS: readonly Peculiarity[] = [
  {
    title: "a shared mailbox outside of the mapping holds the ID",
    provokes: "id-held-by-user",
    make(employ) {
      const alex = employ("Alex", "Moreau");
      const { accounts, users, rows } = circle([alex], [lineFor(alex, blocked("id-held-by-user"))]);
      return { accounts, users: [...users, stranger("reception", alex.immutableId)], rows };
    },
  },
  {
    title: "a duplicate in the recycle bin holds the ID",
    provokes: "id-held-by-deleted-user",
    make(employ) {
      const brit = employ("Brit", "Moreau");
      const deletedUsers = [inRecycleBin(stranger("brit.moreau2", brit.immutableId))];
      return { ...circle([brit], [lineFor(brit, blocked("id-held-by-deleted-user"))]), deletedUsers };
    },
  },
  {
    title: "somebody holds the ID in other letter case",
    provokes: "id-differs-in-case",
    make(employ) {
      const curt = employ("Curt", "Moreau");
      const { accounts, users, rows } = circle([curt], [lineFor(curt, blocked("id-differs-in-case"))]);
      return { accounts, users: [...users, stranger("archive", swapCase(curt.immutableId))], rows };
    },
  },
  {
    title: "a chain of four: each ID is one line too low",
    provokes: "id-held-in-batch",
    make(employ) {
      const [eric, fred, gwen, hedi] = ["Eric", "Fred", "Gwen", "Hedi"].map((name) => employ(name, "Moreau")) as Four;
      giveId(fred, eric);
      giveId(gwen, fred);
      giveId(hedi, gwen);
      const waiting = blocked("target-has-other-id", "id-held-in-batch", "waits-for-blocked-row");
      const moving = replace("target-has-other-id", "id-held-in-batch");
      return circle(
        [eric, fred, gwen, hedi],
        [
          neighbour(eric, blocked("id-held-in-batch", "waits-for-blocked-row"), set("id-held-in-batch")),
          neighbour(fred, waiting, moving),
          neighbour(gwen, waiting, moving),
          neighbour(hedi, blocked("target-has-other-id"), replace("target-has-other-id")),
        ],
      );
    },
  },
  {
    title: "a swap: two namesakes hold each other's ID",
    provokes: "id-held-in-batch",
    make: (employ) => goingRound([employ("Inga", "Moreau"), employ("Inka", "Moreau")]),
  },
  {
    title: "a cycle of three: the IDs went round",
    provokes: "id-held-in-batch",
    make: (employ) => goingRound([employ("Jack", "Moreau"), employ("Jill", "Moreau"), employ("Juna", "Moreau")]),
  },
  {
    title: "the neighbour who holds the ID cannot give it up",
    provokes: "waits-for-blocked-row",
    make(employ) {
      const [kaja, kurt] = [employ("Kaja", "Moreau"), employ("Kurt", "Moreau")];
      giveId(kurt, kaja);
      const deletedUsers = [inRecycleBin(stranger("kurt.moreau2", kurt.immutableId))];
      const rows = [
        lineFor(kaja, blocked("id-held-in-batch", "waits-for-blocked-row")),
        lineFor(kurt, blocked("target-has-other-id", "id-held-by-deleted-user")),
      ];
      return { ...circle([kaja, kurt], rows), deletedUsers };
    },
  },
];

type Four = [Person, Person, Person, Person];

/** Puts the ID that belongs to `owner` on the cloud user of `holder`. */
function giveId(holder: Person, owner: Person): void {
  holder.user.onPremisesImmutableId = owner.immutableId;
}

/** Each holds the ID of the next; the last that of the first. */
function goingRound(people: readonly Person[]) {
  for (const [index, person] of people.entries()) giveId(person, people[(index + 1) % people.length] ?? person);
  const waiting = blocked("target-has-other-id", "id-held-in-batch", "waits-for-blocked-row");
  const moving = replace("target-has-other-id", "id-held-in-batch");
  return circle(
    people,
    people.map((person) => neighbour(person, waiting, moving)),
  );
}

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
