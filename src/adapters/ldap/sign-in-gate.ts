/**
 * One failed sign-in of an account is the last of the run, wherever it was tried.
 *
 * An account is locked out after a few wrong passwords, counted over all domain controllers together. Four connections,
 * three domains and a catalog that all tried a wrong one at once would do it. So whatever has not yet signed in does so
 * one after the other, and the first refusal is given to everybody who comes after it.
 *
 * Source: MS-ADA1 (badPwdCount, lockoutThreshold); Microsoft support 297157, checked 2026-11.
 */
export class SignInGate {
  #refused: Error | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** @throws The refusal, once there was one. */
  throwIfRefused(): void {
    if (this.#refused !== null) throw this.#refused;
  }

  /** Remembers that the account must not be tried again. */
  refuse(reason: Error): void {
    this.#refused ??= reason;
  }

  /** Runs `signIn` when nobody else is in here. @throws What it throws, or an earlier refusal. */
  async enter<Result>(signIn: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(() => {
      this.throwIfRefused();
      return signIn();
    });
    this.#last = turn.catch(() => undefined); // whoever asked hears of it; the next in turn only waits for the end
    return await turn;
  }
}
