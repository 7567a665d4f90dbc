/** People of whose line or AD account a plan has something to say. To add one: one more entry. */
import { lineFor } from "./company-row.ts";
import { blocked, set } from "./expectation.ts";
import { circle, OF_ANOTHER, type Peculiarity } from "./peculiarity.ts";
import { drawGuid, immutableIdOf } from "./person.ts";

/** The line ties somebody to a colleague's cloud user: the addresses and the sign-in name would follow. */
const somebodyElses = (code: string) => blocked(code, "address-conflict", ...OF_ANOTHER);

export const PECULIAR_SOURCES: readonly Peculiarity[] = [
  {
    title: "one account stands on two lines",
    provokes: "source-duplicate",
    make(employ) {
      const [alma, arno] = [employ("Alma", "Keller"), employ("Arno", "Keller")];
      const expected = blocked("source-duplicate");
      return circle(
        [alma, arno],
        [lineFor(alma, expected), lineFor(alma, somebodyElses("source-duplicate"), { target: arno })],
      );
    },
  },
  {
    title: "one cloud user stands on two lines",
    provokes: "target-duplicate",
    make(employ) {
      const [bela, bert] = [employ("Bela", "Keller"), employ("Bert", "Keller")];
      const expected = blocked("target-duplicate");
      const upn = bela.upn.toUpperCase(); // the same user all the same
      const crossed = somebodyElses("target-duplicate");
      return circle([bela, bert], [lineFor(bela, expected), lineFor(bert, crossed, { target: bela, upn })]);
    },
  },
  {
    title: "the account name is mistyped",
    provokes: "source-not-found",
    make(employ) {
      const carl = employ("Carl", "Keller");
      const row = lineFor(carl, blocked("source-not-found"), { account: "carl.kelller" });
      return circle([carl], [{ ...row, immutableId: null }]);
    },
  },
  {
    title: "no directory is configured for the domain",
    provokes: "source-not-found",
    make(employ) {
      const cleo = employ("Cleo", "Keller");
      const row = lineFor(cleo, blocked("source-not-found"), { domain: "LEGACY" });
      return circle([cleo], [{ ...row, immutableId: null }]);
    },
  },
  {
    title: "two domains have an account of this name and the line names none",
    provokes: "source-ambiguous",
    make(employ) {
      const here = employ("Dora", "Keller");
      const there = employ("Dora", "Keller", { domain: "EU" });
      const row = lineFor(here, blocked("source-ambiguous"), { domain: "" });
      return { accounts: [here, there], users: [here.user], rows: [{ ...row, immutableId: null }] };
    },
  },
  {
    title: "the domain controller ignores accents and offers another name",
    provokes: "source-name-mismatch",
    make(employ) {
      const jose = employ("José", "Núñez", { accountName: "josé.núñez" });
      const row = lineFor(jose, blocked("source-name-mismatch"), { account: "jose.nunez" });
      return circle([jose], [{ ...row, immutableId: null }]);
    },
  },
  {
    title: "the account is a computer",
    provokes: "source-not-a-user",
    make(employ) {
      const kiosk = employ("Lobby", "Kiosk", { accountName: "LOBBY-KIOSK$" });
      kiosk.entry.objectClass.splice(0, 1, "computer");
      kiosk.entry.attributes.userAccountControl = ["4096"];
      return circle([kiosk], [{ ...lineFor(kiosk, blocked("source-not-a-user")), immutableId: null }]);
    },
  },
  {
    title: "the account is a managed service account",
    provokes: "source-not-a-user",
    make(employ) {
      const scanner = employ("Post", "Scanner", { accountName: "svc-scanner$" });
      scanner.entry.objectClass.splice(0, 1, "msDS-GroupManagedServiceAccount");
      scanner.entry.attributes.userAccountControl = ["4096"];
      return circle([scanner], [{ ...lineFor(scanner, blocked("source-not-a-user")), immutableId: null }]);
    },
  },
  {
    title: "two lines name one account in two ways",
    provokes: "source-used-twice",
    make(employ) {
      const [edda, elmo] = [employ("Edda", "Keller"), employ("Elmo", "Keller")];
      const expected = blocked("source-used-twice");
      const crossed = somebodyElses("source-used-twice");
      return circle([edda, elmo], [lineFor(edda, expected), lineFor(edda, crossed, { domain: "", target: elmo })]);
    },
  },
  {
    title: "the account is disabled, and the person works in the cloud",
    provokes: "takeover-blocks-signin",
    make(employ) {
      const finn = employ("Finn", "Keller");
      finn.entry.attributes.userAccountControl = ["514"];
      return circle([finn], [lineFor(finn, set("takeover-blocks-signin"))]);
    },
  },
  {
    title: "the person has left: both sides are disabled",
    provokes: "source-disabled",
    make(employ) {
      const flora = employ("Flora", "Keller");
      flora.entry.attributes.userAccountControl = ["514"];
      flora.user.accountEnabled = false;
      return circle([flora], [lineFor(flora, set("source-disabled", "target-disabled"))]);
    },
  },
  {
    title: "the account is protected as administrators are",
    provokes: "source-protected",
    make(employ) {
      const fritz = employ("Fritz", "Keller");
      fritz.entry.attributes.adminCount = ["1"];
      return circle([fritz], [lineFor(fritz, set("source-protected"))]);
    },
  },
  {
    title: "a tool has written a text into mS-DS-ConsistencyGuid",
    provokes: "anchor-invalid",
    make(employ) {
      const gina = employ("Gina", "Keller");
      gina.entry.binary["mS-DS-ConsistencyGuid"] = [Buffer.from("migrated").toString("base64")];
      return circle([gina], [{ ...lineFor(gina, blocked("anchor-invalid")), immutableId: null }]);
    },
  },
  {
    title: "mS-DS-ConsistencyGuid came along from another forest",
    provokes: "anchor-differs",
    make(employ) {
      const hugo = employ("Hugo", "Keller");
      hugo.entry.binary["mS-DS-ConsistencyGuid"] = [immutableIdOf(drawGuid(0, "Hugo in the old forest"))];
      return circle([hugo], [{ ...lineFor(hugo, blocked("anchor-differs")), immutableId: null }]);
    },
  },
];
