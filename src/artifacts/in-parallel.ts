/**
 * Does `work` for every item, at most `atOnce` of them at a time. After a failure nothing new is begun; the first
 * failure is thrown once whatever was under way has ended, so that nobody works on behind the caller's back.
 */
export async function inParallel<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  // All workers take from one iterator, so each item is taken once.
  const remaining = items[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let next = remaining.next(); !next.done && failure === undefined; next = remaining.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failure !== undefined) throw failure.error;
}
