/** A command line that can be copied from the screen and run. */

/** @param words As the program would receive them; quoted where a shell would take one for something else. */
export function renderCommandLine(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}

function quoteWord(word: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./\\-]+$/u.test(word)) return word;
  // Double quotes are understood by cmd, PowerShell and POSIX shells alike, as long as nothing in them is special.
  return /["$`!%]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}
