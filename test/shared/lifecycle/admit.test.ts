import { admit } from '../../../shared/lifecycle/admit.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

describe('admit', () => {
  const settings = {
    buildCacheSeconds: 0,
    buildTimeoutSeconds: 1,
    runTimeoutSeconds: 1,
    outputLimitBytes: 1,
  };

  it.each([
    [undefined, 5, 1, true],
    [6, 5, 1, true],
    [5, 5, 1, false],
    [1, 0, 1, true],
    [8, 5, 3, true],
    [7, 5, 3, false],
  ])(
    'of %s accepted, with %s in flight, lets %s in: %s',
    async (maxInFlight, count, wanted, isIn) => {
      const store = createMemoryStore();
      for (let n = 0; n < count; n += 1) {
        await store.inFlight.add({ buildId: 'build', inspectionId: `inspection-${n}` });
      }
      const asked = admit({ store, settings: { ...settings, maxInFlight } }, wanted);
      if (isIn) await asked;
      else await expect(asked).rejects.toMatchObject({ code: 'TooManyRequests' });
    },
  );
});
