/** Survivors of the group `identity`, each with its reason; see `surviving-mutants.ts`. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of code
import type { Explained } from "./explained.ts";

export const IDENTITY: readonly Explained[] = [
  {
    reason: "Places are those of rows of the batch, so a pair stands at each: the compiler asks.",
    mutants: [
      {
        file: "src/core/identity-batch.ts",
        code: "const belongsToRows = findPartners(place).flatMap((other) => profiled.get(other)?.row ?? []);",
        becomes: "const belongsToRows = findPartners(place).flatMap((other) => profiled.get(other).row ?? []);",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "const belongsToRows = findPartners(place).flatMap((other) => profiled.get(other)?.row ?? []);",
        becomes:
          'const belongsToRows = findPartners(place).flatMap((other) => profiled.get(other)?.row ?? ["Stryker was here"]);',
      },
      {
        file: "src/core/identity-batch.ts",
        code: "...users.find(keysOf(pairs.get(place)?.left)),",
        becomes: "...users.find(keysOf(pairs.get(place).left)),",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "...accounts.find(keysOf(pairs.get(place)?.right)),",
        becomes: "...accounts.find(keysOf(pairs.get(place).right)),",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "return isFirm(here?.left, there?.right) || isFirm(there?.left, here?.right);",
        becomes: "return isFirm(here.left, there?.right) || isFirm(there?.left, here?.right);",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "return isFirm(here?.left, there?.right) || isFirm(there?.left, here?.right);",
        becomes: "return isFirm(here?.left, there.right) || isFirm(there?.left, here?.right);",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "return isFirm(here?.left, there?.right) || isFirm(there?.left, here?.right);",
        becomes: "return isFirm(here?.left, there?.right) || isFirm(there.left, here?.right);",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "return isFirm(here?.left, there?.right) || isFirm(there?.left, here?.right);",
        becomes: "return isFirm(here?.left, there?.right) || isFirm(there?.left, here.right);",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "first: before < 0 ? null : (pairs.get(start)?.row ?? null),",
        becomes: "first: before < 0 ? null : (pairs.get(start).row ?? null),",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "last: after >= pairs.length ? null : (pairs.get(end)?.row ?? null),",
        becomes: "last: after >= pairs.length ? null : (pairs.get(end).row ?? null),",
      },
      {
        file: "src/core/identity-shift.ts",
        code: "const account = pairs.get(place)?.left;",
        becomes: "const account = pairs.get(place).left;",
      },
    ],
  },
  {
    reason: "Only a row with both sides is compared, and so asked about and described: the compiler asks.",
    mutants: [
      {
        file: "src/core/identity-batch.ts",
        code: "const keysOf = (profile: IdentityProfile | null | undefined) => profile?.firmKeys ?? [];",
        becomes: "const keysOf = (profile: IdentityProfile | null | undefined) => profile.firmKeys ?? [];",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "const keysOf = (profile: IdentityProfile | null | undefined) => profile?.firmKeys ?? [];",
        becomes:
          'const keysOf = (profile: IdentityProfile | null | undefined) => profile?.firmKeys ?? ["Stryker was here"];',
      },
      {
        file: "src/core/identity-batch.ts",
        code: 'const names = `${account?.domain}\\\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
        becomes:
          'const names = `${account.domain}\\\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
      },
      {
        file: "src/core/identity-batch.ts",
        code: 'const names = `${account?.domain}\\\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
        becomes:
          'const names = `${account?.domain}\\\\${account.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
      },
      {
        file: "src/core/identity-batch.ts",
        code: 'const names = `${account?.domain}\\\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
        becomes:
          'const names = `${account?.domain}\\\\${account?.accountName} (${account.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
      },
      {
        file: "src/core/identity-batch.ts",
        code: 'const names = `${account?.domain}\\\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
        becomes:
          'const names = `${account?.domain}\\\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
      },
      {
        file: "src/core/identity-batch.ts",
        code: 'const names = `${account?.domain}\\\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;',
        becomes:
          'const names = `${account?.domain}\\\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user.displayName ?? "no display name"})`;',
      },
    ],
  },
  {
    reason: "Beyond the last row nothing agrees, and one place more is as far beyond.",
    mutants: [
      {
        file: "src/core/identity-batch.ts",
        code: "while (after < pairs.length && !agrees(after)) after += 1;",
        becomes: "while (after <= pairs.length && !agrees(after)) after += 1;",
      },
    ],
  },
  {
    reason: "A shift has rows and is never by 0, and without one there are none: the compiler asks.",
    mutants: [
      {
        file: "src/core/identity-batch.ts",
        code: "if (shift === null || shiftedRows === null) return counted;",
        becomes: "if (shift === null && shiftedRows === null) return counted;",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "if (shift === null || shiftedRows === null) return counted;",
        becomes: "if (false || shiftedRows === null) return counted;",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "if (shift === null || shiftedRows === null) return counted;",
        becomes: "if (shift === null || false) return counted;",
      },
      {
        file: "src/core/identity-batch.ts",
        code: 'const move = `moved ${shift > 0 ? "up" : "down"} by ${distance} ${distance === 1 ? "row" : "rows"}${describeExtent(shiftedRows)}`;',
        becomes:
          'const move = `moved ${shift >= 0 ? "up" : "down"} by ${distance} ${distance === 1 ? "row" : "rows"}${describeExtent(shiftedRows)}`;',
      },
    ],
  },
  {
    reason: "The same profiles in more memory, or made once more: what is made anew is equal to what was kept.",
    mutants: [
      {
        file: "src/core/identity-index.ts",
        code: "this.#kept = pairs.length > MOST_KEPT ? null : [];",
        becomes: "this.#kept = true ? null : [];",
      },
      {
        file: "src/core/identity-index.ts",
        code: "this.#kept = pairs.length > MOST_KEPT ? null : [];",
        becomes: "this.#kept = false ? null : [];",
      },
      {
        file: "src/core/identity-index.ts",
        code: "this.#kept = pairs.length > MOST_KEPT ? null : [];",
        becomes: "this.#kept = pairs.length >= MOST_KEPT ? null : [];",
      },
      {
        file: "src/core/identity-index.ts",
        code: "this.#kept = pairs.length > MOST_KEPT ? null : [];",
        becomes: "this.#kept = pairs.length <= MOST_KEPT ? null : [];",
      },
      {
        file: "src/core/identity-index.ts",
        code: "if (kept !== undefined) return kept;",
        becomes: "if (false) return kept;",
      },
    ],
  },
  {
    reason: "Who was not found has neither an ID nor a profile, and everybody else has both: the compiler asks.",
    mutants: [
      { file: "src/core/identity-index.ts", code: "if (profile === null) continue;", becomes: "if (false) continue;" },
    ],
  },
  {
    reason: "The same answers in more memory: nobody looks for the other keys, and too many are too many.",
    mutants: [
      {
        file: "src/core/identity-index.ts",
        code: "if (asked !== null && !asked.has(key)) continue;",
        becomes: "if (false) continue;",
      },
      {
        file: "src/core/identity-index.ts",
        code: "else if (places.length <= MOST_HOLDERS && places.at(-1) !== place) places.push(place);",
        becomes: "else if (true && places.at(-1) !== place) places.push(place);",
      },
      {
        file: "src/core/identity-shift.ts",
        code: "return account ? [...account.firmKeys, ...looseKeysOf(account)] : [];",
        becomes: 'return account ? [...account.firmKeys, ...looseKeysOf(account)] : ["Stryker was here"];',
      },
    ],
  },
  {
    reason: "Between two marks that follow each other stands nothing, and words of less than two letters are left out.",
    mutants: [
      {
        file: "src/core/identity-login.ts",
        code: ".split(/[^\\p{L}\\p{N}]+/u)",
        becomes: ".split(/[^\\p{L}\\p{N}]/u)",
      },
    ],
  },
  {
    reason: "The pattern fits every text, and from its first letter to its last.",
    mutants: [
      {
        file: "src/core/identity-profile.ts",
        code: 'const [, kind = "smtp", rest = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(address.trim()) ?? [];',
        becomes:
          'const [, kind = "smtp", rest = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(address.trim()) ?? ["Stryker was here"];',
      },
      {
        file: "src/core/identity-profile.ts",
        code: 'const [, kind = "smtp", rest = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(address.trim()) ?? [];',
        becomes: 'const [, kind = "smtp", rest = ""] = /(?:([a-z0-9]+):)?(.*)$/is.exec(address.trim()) ?? [];',
      },
      {
        file: "src/core/identity-profile.ts",
        code: 'const [, kind = "smtp", rest = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(address.trim()) ?? [];',
        becomes: 'const [, kind = "smtp", rest = ""] = /^(?:([a-z0-9]+):)?(.*)/is.exec(address.trim()) ?? [];',
      },
    ],
  },
  {
    reason: "Of two words the first and the last are both, and the key is there already.",
    mutants: [
      {
        file: "src/core/identity-profile.ts",
        code: 'if (words.length > 2) keys.add(`name:${[words[0], words.at(-1)].toSorted().join(" ")}`);',
        becomes: 'if (words.length >= 2) keys.add(`name:${[words[0], words.at(-1)].toSorted().join(" ")}`);',
      },
    ],
  },
  {
    reason: "Only quicker: of fewer rows no more can be mended.",
    mutants: [
      {
        file: "src/core/identity-shift.ts",
        code: "if (places.length < FEWEST_ROWS) return null;",
        becomes: "if (false) return null;",
      },
    ],
  },
  {
    reason: "Some rows are mended by then, so the longest part has ends: the compiler asks.",
    mutants: [
      {
        file: "src/core/identity-shift.ts",
        code: "return first === undefined || last === undefined ? null : { by, first, last, mendedRows: mended.length };",
        becomes: "return false ? null : { by, first, last, mendedRows: mended.length };",
      },
      {
        file: "src/core/identity-shift.ts",
        code: "return first === undefined || last === undefined ? null : { by, first, last, mendedRows: mended.length };",
        becomes:
          "return first === undefined && last === undefined ? null : { by, first, last, mendedRows: mended.length };",
      },
      {
        file: "src/core/identity-shift.ts",
        code: "return first === undefined || last === undefined ? null : { by, first, last, mendedRows: mended.length };",
        becomes: "return false || last === undefined ? null : { by, first, last, mendedRows: mended.length };",
      },
      {
        file: "src/core/identity-shift.ts",
        code: "return first === undefined || last === undefined ? null : { by, first, last, mendedRows: mended.length };",
        becomes: "return first === undefined || false ? null : { by, first, last, mendedRows: mended.length };",
      },
    ],
  },
  {
    reason: "Beyond the last row nothing stands, which is within no gap: the compiler asks.",
    mutants: [
      {
        file: "src/core/identity-shift.ts",
        code: "if (next !== undefined && next - place <= WIDEST_GAP) continue;",
        becomes: "if (true && next - place <= WIDEST_GAP) continue;",
      },
    ],
  },
  {
    reason:
      "The same common keys more slowly, and more rows that are compared in full: a rough count is never too low, and whom it leaves over is looked at key by key.",
    mutants: [
      {
        file: "src/core/identity-survey.ts",
        code: "if (countedAt.length > KEYS_PER_PERSON) this.#overfull.add(place);",
        becomes: "if (true) this.#overfull.add(place);",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "if (countedAt.length > KEYS_PER_PERSON) this.#overfull.add(place);",
        becomes: "if (countedAt.length >= KEYS_PER_PERSON) this.#overfull.add(place);",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "return this.counts.atMostAt(countedAt) <= MOST_HOLDERS;",
        becomes: "return this.counts.atMostAt(countedAt) < MOST_HOLDERS;",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "if (!this.#mayHold(place, isWanted)) continue;",
        becomes: "if (false) continue;",
      },
      {
        file: "src/core/identity-index.ts",
        code: "for (let place = 0; place < this.length; place += 1) if (!this.agreesSurely(place)) doubtful.push(place);",
        becomes: "for (let place = 0; place < this.length; place += 1) if (true) doubtful.push(place);",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "[accounts, users].flatMap((side) => side.whereCounted(place).filter((at) => !isRare(at)));",
        becomes: "[accounts, users].flatMap((side) => side.whereCounted(place));",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "if (countedAt[0] !== NOWHERE) return [...countedAt];",
        becomes: "if (false) return [...countedAt];",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "if (this.#overfull.has(place)) return true;",
        becomes: "if (true) return true;",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "return this.#countedAt.subarray(place * KEYS_PER_PERSON, (place + 1) * KEYS_PER_PERSON);",
        becomes: "return this.#countedAt.subarray(place / KEYS_PER_PERSON, (place + 1) * KEYS_PER_PERSON);",
      },
    ],
  },
  {
    reason:
      "Who was not found has neither an ID nor a profile, everybody else has both, and every place has a pair: the compiler asks.",
    mutants: [
      {
        file: "src/core/identity-survey.ts",
        code: "{ length: pairs.length, at: (place) => pairs.at(place)?.account ?? null },",
        becomes: "{ length: pairs.length, at: (place) => pairs.at(place).account ?? null },",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "{ length: pairs.length, at: (place) => pairs.at(place)?.user ?? null },",
        becomes: "{ length: pairs.length, at: (place) => pairs.at(place).user ?? null },",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "const left = accounts.count(place, pair?.account ?? null);",
        becomes: "const left = accounts.count(place, pair.account ?? null);",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "const right = users.count(place, pair?.user ?? null);",
        becomes: "const right = users.count(place, pair.user ?? null);",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "const [left, right] = [pair?.left, pair?.right];",
        becomes: "const [left, right] = [pair.left, pair?.right];",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "const [left, right] = [pair?.left, pair?.right];",
        becomes: "const [left, right] = [pair?.left, pair.right];",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "if (pair === undefined) continue;",
        becomes: "if (false) continue;",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "agreement?.comparable === false ? (profiled.get(place)?.row ?? []) : [],",
        becomes: "agreement?.comparable === false ? (profiled.get(place).row ?? []) : [],",
      },
      {
        file: "src/core/identity-batch.ts",
        code: "agreement?.comparable === false ? (profiled.get(place)?.row ?? []) : [],",
        becomes: 'agreement?.comparable === false ? (profiled.get(place)?.row ?? ["Stryker was here"]) : [],',
      },
      {
        file: "src/core/identity-survey.ts",
        code: "for (const key of this.#profileAt(place)?.firmKeys ?? []) {",
        becomes: 'for (const key of this.#profileAt(place)?.firmKeys ?? ["Stryker was here"]) {',
      },
      {
        file: "src/core/identity-survey.ts",
        code: "for (const key of this.#profileAt(place)?.firmKeys ?? []) {",
        becomes: "for (const key of this.#profileAt(place).firmKeys ?? []) {",
      },
    ],
  },
  {
    reason: "It matters where two IDs have one number in the index, which none of a test's few people have.",
    mutants: [
      {
        file: "src/core/identity-survey.ts",
        code: "return person !== null && this.#idOf(person) === id;",
        becomes: "return true;",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "return person !== null && this.#idOf(person) === id;",
        becomes: "return person !== null || this.#idOf(person) === id;",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "return person !== null && this.#idOf(person) === id;",
        becomes: "return true && this.#idOf(person) === id;",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "return person !== null && this.#idOf(person) === id;",
        becomes: "return person !== null && true;",
      },
    ],
  },
  {
    reason: "A word in the place of a number is the place of nobody and of no key.",
    mutants: [
      {
        file: "src/core/identity-survey.ts",
        code: "return this.#profileAt(place)?.firmKeys.map((key) => this.counts.placeOf(key)) ?? [];",
        becomes:
          'return this.#profileAt(place)?.firmKeys.map((key) => this.counts.placeOf(key)) ?? ["Stryker was here"];',
      },
    ],
  },
  {
    reason: "Only quicker: a login that has been read is not taken a second time.",
    mutants: [
      {
        file: "src/core/identity-profile.ts",
        code: "if (read.has(local)) continue;",
        becomes: "if (false) continue;",
      },
      {
        file: "src/core/identity-profile.ts",
        code: "read.add(local);",
        becomes: ";",
      },
    ],
  },
  {
    reason: "Only quicker: whoever surely agrees is found to agree firmly when both are compared in full.",
    mutants: [
      {
        file: "src/core/identity-batch.ts",
        code: "if (pairs.agreesSurely(place)) return FIRM;",
        becomes: "if (false) return FIRM;",
      },
    ],
  },
  {
    reason: "Every place has a pair, and beyond the last, as at a word, stands nobody who holds anything.",
    mutants: [
      {
        file: "src/core/identity-survey.ts",
        code: "for (let place = 0; place < pairs.length; place += 1) {",
        becomes: "for (let place = 0; place <= pairs.length; place += 1) {",
      },
      {
        file: "src/core/identity-survey.ts",
        code: "for (let place = 0; place < this.#side.length; place += 1) {",
        becomes: "for (let place = 0; place <= this.#side.length; place += 1) {",
      },
      {
        file: "src/core/identity-index.ts",
        code: "const doubtful: number[] = [];",
        becomes: 'const doubtful: number[] = ["Stryker was here"];',
      },
      {
        file: "src/core/identity-index.ts",
        code: "for (let place = 0; place < this.length; place += 1) if (!this.agreesSurely(place)) doubtful.push(place);",
        becomes:
          "for (let place = 0; place <= this.length; place += 1) if (!this.agreesSurely(place)) doubtful.push(place);",
      },
      {
        file: "src/core/identity-index.ts",
        code: "for (let place = 0; place < this.length; place += 1) {",
        becomes: "for (let place = 0; place <= this.length; place += 1) {",
      },
      {
        file: "src/core/identity-index.ts",
        code: "if (pair !== undefined) yield pair;",
        becomes: "if (true) yield pair;",
      },
    ],
  },
  {
    reason:
      "Only quicker: whoever surely agrees is compared with doubtful rows alone, and what both share and is common is found either way.",
    mutants: [
      {
        file: "src/core/identity-index.ts",
        code: "agreesSurely(place: number): boolean { return this.#survey.agreesSurely(place); }",
        becomes: "agreesSurely(place: number): boolean {}",
      },
      {
        file: "src/core/identity-index.ts",
        code: "if (!this.agreesSurely(place)) return this.#ofDoubtful;",
        becomes: "if (this.agreesSurely(place)) return this.#ofDoubtful;",
      },
      {
        file: "src/core/identity-index.ts",
        code: "if (!this.agreesSurely(place)) return this.#ofDoubtful;",
        becomes: "if (true) return this.#ofDoubtful;",
      },
      {
        file: "src/core/identity-index.ts",
        code: "if (!this.agreesSurely(place)) return this.#ofDoubtful;",
        becomes: "if (false) return this.#ofDoubtful;",
      },
    ],
  },
];
