/** Something that ends by itself, or with something that lasts longer. */
export interface Ending {
  readonly signal: AbortSignal;
  readonly end: () => void;
  /** To be called when it is over: from then on the other signal knows nothing of it. */
  readonly release: () => void;
}

/**
 * A signal that ends with another one, where there is one, or by `end`. Not AbortSignal.any: what that makes of a signal
 * stays noted there as long as the process runs (Node 20).
 */
export function bindEnding(outer: AbortSignal | undefined): Ending {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  if (outer?.aborted === true) end();
  else outer?.addEventListener('abort', end);
  return {
    signal: controller.signal,
    end,
    release: () => outer?.removeEventListener('abort', end),
  };
}
