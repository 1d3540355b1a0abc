import { startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.js';

/**
 * A simulated OpenShift for the tests of one `describe`, as new before each of them; in the end its
 * controllers must have met nothing that they could not do.
 */
export function useSimulatedCluster(): { opened: SimulatedCluster } {
  const used = {} as { opened: SimulatedCluster };
  beforeAll(async () => {
    used.opened = await startSimulatedCluster();
  }, 300_000);
  afterAll(async () => {
    await used.opened.stop();
    expect(used.opened.openshift.controllers.failures).toEqual([]);
  });
  beforeEach(() => used.opened.reset());
  return used;
}
