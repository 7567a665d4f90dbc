/**
 * Questions on the terminal, by @clack/prompts.
 *
 * They stand on stderr, as everything that is no result. Ctrl-C is a key in a question, and ends the command as it
 * would anywhere else. Load this module only when something is asked.
 */
import { Readable, Writable } from "node:stream";
import { confirm, isCancel, select, text } from "@clack/prompts";
import { BatchError } from "../../core/errors.ts";
import type { Questions } from "../../ports/questions.ts";

/**
 * @param terminal.input A terminal, as `terminal.output` is.
 * @param terminal.signal Ends the question under way; its reason is thrown.
 */
export function openQuestions({
  input,
  output,
  signal,
}: {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}): Questions {
  if (!(input instanceof Readable && output instanceof Writable))
    throw new Error("nobody can be asked on these streams");
  const terminal = { input, output, signal };
  const answerOf = <Answer>(answer: Answer): Exclude<Answer, symbol> => {
    if (!isCancel(answer)) return answer as Exclude<Answer, symbol>;
    signal.throwIfAborted();
    throw new BatchError(
      "interrupted",
      "Stopped at a question. Nothing was written.",
      "Run the same command again to begin anew.",
    );
  };
  return {
    async askText({ message, example, initial, check }) {
      const answer = await text({
        ...terminal,
        // Whoever pastes a new answer behind the old one is only told that the two together are none.
        message: initial === undefined ? message : `${message} (Ctrl-U empties the line)`,
        ...(example === undefined ? {} : { placeholder: example }),
        ...(initial === undefined ? {} : { initialValue: initial }),
        validate: (typed) => check((typed ?? "").trim()) ?? undefined,
      });
      return (answerOf(answer) ?? "").trim();
    },
    async choose({ message, choices, initial }) {
      const options = choices.map((choice) => ({ ...choice }));
      const answer = await select<string>({
        ...terminal,
        message,
        options,
        ...(initial === undefined ? {} : { initialValue: initial }),
      });
      const value = answerOf(answer);
      const chosen = choices.find((choice) => choice.value === value);
      if (chosen === undefined) throw new Error(`nobody offered ${value}`);
      return chosen.value;
    },
    confirm: async ({ message, initial }) => answerOf(await confirm({ ...terminal, message, initialValue: initial })),
  };
}
