/**
 * Holds back new rows while too many writes wait for a clear answer.
 *
 * Each lost answer may still land, keeps a row from being said to be done, and has to be settled by reading. A run that
 * goes on all the same only makes more of them, and leaves an operator at night with hundreds of rows of which nobody
 * knows anything. So from a limit on nothing new is taken in until half of them are settled.
 */
import pLimit from "p-limit";
import { countOf } from "../core/words.ts";
import type { Unit } from "./writer-run.ts";

/** Undecided writes for each write that may be under way at once; with more, intake pauses. */
export const UNDECIDED_PER_PLACE = 4;
/** Rounds of settling in which half must come to be settled. Each reads a write up to ten times. */
const MOST_ROUNDS = 5;

export class IntakeGate {
  readonly #most: number;
  readonly #inFlight: number;
  readonly #countUndecided: () => number;
  readonly #isUndecided: (unit: Unit) => boolean;
  readonly #isStopped: () => boolean;
  readonly #note: (text: string) => void;
  readonly #units = new Set<Unit>();
  readonly #atWork = new Set<Unit>();
  #pause: Promise<string | null> | null = null;

  constructor(world: {
    readonly inFlight: number;
    /** Writes of the run whose answer was lost and that no read has settled. */
    readonly countUndecided: () => number;
    readonly isUndecided: (unit: Unit) => boolean;
    readonly isStopped: () => boolean;
    readonly note: (text: string) => void;
  }) {
    this.#most = UNDECIDED_PER_PLACE * world.inFlight;
    this.#inFlight = world.inFlight;
    this.#countUndecided = world.countUndecided;
    this.#isUndecided = world.isUndecided;
    this.#isStopped = world.isStopped;
    this.#note = world.note;
  }

  /** Units whose turn comes now; what an earlier apply has left undecided among them is settled when intake pauses. */
  expect(units: readonly Unit[]): void {
    for (const unit of units) this.#units.add(unit);
  }

  /**
   * Waits while intake pauses, then works on the unit.
   *
   * @param work Works on a unit from where it stands; called for others too that have to be settled first. It never
   *   rejects.
   * @returns Why the run must end, where reading settles nothing; `null` where it was worked on.
   */
  async take(unit: Unit, work: (unit: Unit) => Promise<void>): Promise<string | null> {
    if (this.#pause === null && !this.#isStopped() && this.#isOverFull()) {
      this.#pause = this.#settleHalf(work).finally(() => {
        this.#pause = null;
      });
    }
    const trouble = await this.#pause;
    if (trouble !== null) return trouble;
    await this.#workOn(unit, work);
    return null;
  }

  async #workOn(unit: Unit, work: (unit: Unit) => Promise<void>): Promise<void> {
    this.#atWork.add(unit);
    await work(unit);
    this.#atWork.delete(unit);
  }

  /** The journal's own count is quick, but it also has the units of waves whose turn has not come. */
  #isOverFull(): boolean {
    return this.#countUndecided() > this.#most && this.#listUndecided().length > this.#most;
  }

  #listUndecided(): Unit[] {
    return [...this.#units].filter(this.#isUndecided);
  }

  async #settleHalf(work: (unit: Unit) => Promise<void>): Promise<string | null> {
    const begun = this.#listUndecided().length;
    const isHalfLeft = () => this.#listUndecided().length <= begun / 2;
    const writes = countOf(begun, "write has", "writes have");
    this.#note(`${writes} no clear answer: no further row is begun until half of them are settled.`);
    const limit = pLimit(this.#inFlight);
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const left = this.#listUndecided().filter((unit) => !this.#atWork.has(unit));
      await limit.map(left, async (unit) => {
        if (!isHalfLeft() && !this.#isStopped()) await this.#workOn(unit, work);
      });
      if (this.#isStopped()) return null;
      if (isHalfLeft()) {
        this.#note("Half of them are settled; going on.");
        return null;
      }
    }
    const open = countOf(this.#listUndecided().length, "write has", "writes have");
    return `${open} no clear answer, and reading does not settle them`;
  }
}
