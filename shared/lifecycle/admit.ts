import { AmunError } from '../errors/amun-error.js';
import type { Ports } from './ports.js';

/**
 * Throws TooManyRequests where further inspections would be more than are accepted at once. Those who
 * ask at the same moment may get in together, so a few more may be in flight for a while.
 *
 * @param wanted how many there are to be accepted
 */
export async function admit(
  { store, settings }: Pick<Ports, 'store' | 'settings'>,
  wanted = 1,
): Promise<void> {
  const { maxInFlight } = settings;
  if (maxInFlight === undefined) return;
  const inFlight = await store.inFlight.count();
  if (inFlight + wanted <= maxInFlight) return;
  const room = wanted === 1 ? '' : `, and there is no room for ${wanted} more`;
  throw new AmunError(
    'TooManyRequests',
    `${inFlight} inspections have not ended yet, of ${maxInFlight} that are accepted${room}; ` +
      'submit it again later.',
  );
}
