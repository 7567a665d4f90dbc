/** Reads several listings at the same time. */

/**
 * Page after page of all listings, as they come. Where one fails, nobody waits for the others; what they have under way is
 * their own to end.
 *
 * @throws Whatever a listing throws.
 */
export async function* mergePages<Page>(listings: readonly AsyncIterable<Page>[]): AsyncGenerator<Page> {
  const iterators = listings.map((listing) => listing[Symbol.asyncIterator]());
  const next = async (iterator: AsyncIterator<Page>) => ({ iterator, result: await iterator.next() });
  const coming = new Map(iterators.map((iterator) => [iterator, next(iterator)]));
  try {
    while (coming.size > 0) {
      const { iterator, result } = await Promise.race(coming.values());
      if (result.done === true) coming.delete(iterator);
      else {
        yield result.value;
        coming.set(iterator, next(iterator));
      }
    }
  } finally {
    // Whoever is told of one failure need not hear of those of the others.
    void Promise.allSettled([...coming.values(), ...iterators.map((iterator) => iterator.return?.())]);
  }
}
