/**
 * The one way in which the program acts on the world outside: every request, every wait, every change on disk is
 * performed through this.
 *
 * A promise such as "killed at any instruction, nothing is lost" can only be kept where the instructions that count
 * are known. What passes here can be counted, so a crash before and after each of them is enumerated, not sampled.
 */

/**
 * Carries out one effect.
 *
 * @param effect What it is, for whoever counts: `run.intend`, `http PATCH`, `clock.sleep`.
 * @param act Does it. Where it returns a promise, the effect is over when that settles.
 * @returns What `act` returned.
 */
export type Perform = <Result>(effect: string, act: () => Result) => Result;
