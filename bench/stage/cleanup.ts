/** What is still to be put away, should this process be told to end. */
const pending = new Set<() => Promise<void>>();

/** Uses something that `open` makes and puts it away by its `close`, whatever happens. */
export async function using<T extends { close(): Promise<void> }, R>(
  open: () => Promise<T>,
  use: (resource: T) => Promise<R>,
): Promise<R> {
  const resource = await open();
  const close = (): Promise<void> => resource.close();
  pending.add(close);
  try {
    return await use(resource);
  } finally {
    pending.delete(close);
    await close();
  }
}

/** Puts away everything that is in use, the newest first; for the end by a signal. */
export async function closeAll(): Promise<void> {
  for (const close of [...pending].reverse()) {
    pending.delete(close);
    await close().catch((error: unknown) => console.error(error));
  }
}
