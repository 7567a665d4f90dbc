/** Turns what a probe throws into a fact, so that one failure does not end the others. */
import { type Fact, notChecked } from "../core/diagnosis/fact.ts";
import { BatchError } from "../core/errors.ts";

/** @throws What is no trouble of the thing that was looked at: an interruption, or a bug. */
export async function collectFact<Found>(probe: () => Found | Promise<Found>): Promise<Fact<Found>> {
  try {
    return { state: "found", found: await probe() };
  } catch (error) {
    if (!(error instanceof BatchError) || error.code === "interrupted") throw error;
    const { code, message, hint: mend, details } = error;
    return { state: "failed", code, message: [message, ...details].join(" "), mend };
  }
}

/** Probes only after something else was found. @param because Completes "not checked: ..." where it was not. */
export async function collectAfter<Earlier, Found>(
  earlier: Fact<Earlier>,
  because: string,
  probe: (found: Earlier) => Found | Promise<Found>,
): Promise<Fact<Found>> {
  if (earlier.state !== "found") return notChecked(because);
  const { found } = earlier;
  return await collectFact(() => probe(found));
}
