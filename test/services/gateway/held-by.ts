import { getEventListeners } from 'node:events';

/** How many others a signal knows that end with it, by whatever means they were made to. */
export function heldBy(signal: AbortSignal): number {
  const dependants = Object.getOwnPropertySymbols(signal)
    .filter(({ description }) => description === 'kDependantSignals')
    .map((key) => (signal as unknown as Record<symbol, Set<unknown> | undefined>)[key]?.size ?? 0);
  return dependants.reduce((sum, size) => sum + size, getEventListeners(signal, 'abort').length);
}
