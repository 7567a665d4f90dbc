/**
 * Asks a person at the terminal.
 *
 * Every question ends with an answer or with BatchError `interrupted`: Ctrl-C, or a signal. Nothing that is asked here
 * is a secret.
 */
export interface Questions {
  /** @returns The text as typed, without blanks around it. @throws {BatchError} interrupted */
  askText(question: TextQuestion): Promise<string>;
  /** @returns The value of the choice that was made. @throws {BatchError} interrupted */
  choose<Value extends string>(question: ChoiceQuestion<Value>): Promise<Value>;
  /** @throws {BatchError} interrupted */
  confirm(question: { readonly message: string; readonly initial: boolean }): Promise<boolean>;
}

export type TextQuestion = {
  readonly message: string;
  /** What an answer could look like; is no answer. */
  readonly example?: string;
  /** Stands there to be changed or taken. */
  readonly initial?: string;
  /** @returns What is wrong with the answer; `null` where nothing is. */
  check(answer: string): string | null;
};

export type ChoiceQuestion<Value extends string> = {
  readonly message: string;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[];
  readonly initial?: Value;
};
