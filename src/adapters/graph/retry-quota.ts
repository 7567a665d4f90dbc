/**
 * How much trying again a run may do: 100 tokens, 5 for each retry, 1 back for each success.
 *
 * Each request alone retries a few times; without a common account a dead service would still be hammered by
 * thousands of rows that each try a few times. With 3 in 100 requests failing the account never runs dry.
 */
const CAPACITY = 100;
const COST = 5;

export class RetryQuota {
  #tokens = CAPACITY;

  /** @returns false when there is nothing left to pay with: give up. */
  spend(): boolean {
    if (this.#tokens < COST) return false;
    this.#tokens -= COST;
    return true;
  }

  refund(): void {
    this.#tokens = Math.min(CAPACITY, this.#tokens + 1);
  }

  get empty(): boolean {
    return this.#tokens < COST;
  }
}
