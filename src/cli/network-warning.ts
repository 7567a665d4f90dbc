/** Says where a run folder lies, where that weakens what a run stands on. */
import type { Program } from "./program.ts";

/** One line on stderr for a folder on a shared file system; nothing for a local one. */
export async function warnOfNetwork(
  { screen, findNetworkPlace }: Pick<Program, "screen" | "findNetworkPlace">,
  folder: string,
): Promise<void> {
  const kind = await findNetworkPlace(folder);
  if (kind === null) return;
  screen.complain({
    style: "careful",
    text: `${folder} lies on a network file system (${kind}). A lock there may not keep other machines out, and what counts as written may still be lost with the power: apply this run from one machine only, or plan again into a local folder with --run <folder>.`,
  });
}
