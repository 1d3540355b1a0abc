/** Maps with at most `limit` calls at once, in order; the first failure is thrown once all stopped. */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  transform: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const pending = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of pending) results[index] = await transform(item);
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, work);
  const settled = await Promise.allSettled(workers);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}
