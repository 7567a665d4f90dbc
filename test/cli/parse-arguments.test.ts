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

test.each([
  ["a slip of a command's name", "plann", /Did you mean hardmatch help plan\?/],
  ["a word that is near none", "tuesday", /The commands are init, doctor, .*hardmatch explain/],
])("help with %s is refused, and not answered with something else", async (_title, word, hint) => {
  await expect(parse("help", word)).rejects.toMatchObject({
    code: "usage",
    message: `There is no command "${word}" to help with.`,
    hint: expect.stringMatching(hint),
  });
});

test("help with a command prints that command's own, and help alone all of it", async () => {
  const printed = async (...words: string[]) => {
    const parts: string[] = [];
    const print = { out: (part: string) => parts.push(part), err: () => undefined };
    expect(await parseArguments(words, COMMANDS, "0.0.0", print)).toBeNull();
    return parts.join("");
  };
  expect(await printed("help", "plan")).toMatch(/^Usage: hardmatch plan \[options\] <mapping\.csv>\n/);
  const all = await printed("help");
  expect(all).toMatch(/^Usage: hardmatch \[options\] \[command\]\n/);
  expect(all).toMatch(/Looking things up.*\n(.*\n)* {2}help \[command\]/);
});
