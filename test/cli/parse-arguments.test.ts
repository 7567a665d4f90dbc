/** What the command line refuses before anything is read. */
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/commands.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";

const silent = { out: () => undefined, err: () => undefined };
const parse = (...words: string[]) => parseArguments(words, COMMANDS, "0.0.0", silent);

test.each([
  ["--columns", "sAMAccountName=Login", "userPrincipalName=Mail"],
  ["--config", "one.yaml", "two.yaml"],
  ["--limit", "5", "6"],
  ["--allow", "clear-holder", "delete-holder"],
])("%s is refused a second time, because the last one would win without a word", async (option, one, other) => {
  const words = ["plan", "people.csv", option, one];
  expect((await parse(...words))?.command.name).toBe("plan");
  await expect(parse(...words, option, other)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/It was given before; give it once\.$/),
  });
});
