import { jest } from '@jest/globals';
import { describeBuilds } from './cluster/builds.js';
import { describeLogs } from './cluster/logs.js';
import { describeRuns } from './cluster/runs.js';
import { build, buildRequest, HOME_LINES, type TestCluster } from './cluster/test-cluster.js';
import { describeWatch } from './cluster/watch.js';

const TEST_MS = 900_000;
/** A cluster with a node waits until no other test has one. */
const OPEN_MS = 15 * 60_000;
jest.setTimeout(TEST_MS);

/** What every Cluster must do, with real builds and runs. */
export function describeCluster(
  name: string,
  make: () => Promise<TestCluster>,
  describeWhole: typeof describe = describe,
): void {
  describeWhole(name, () => {
    let opened: TestCluster | undefined;
    let image: string | undefined;
    const open = (): TestCluster => opened!;

    beforeAll(async () => {
      opened = await make();
      const seen = await build(opened.cluster, buildRequest(opened.baseImage, HOME_LINES));
      image = seen.image!;
    }, OPEN_MS);
    afterAll(async () => {
      await opened?.stop();
    });

    it('is ready, and says what it is', async () => {
      const health = await open().cluster.check();
      expect(health).toMatchObject({ ready: true });
      expect(health.description).not.toBe('');
    });
    describe('builds', () => describeBuilds(open));
    describe('runs', () => describeRuns(open, () => image!));
    describe('logs', () => describeLogs(open, () => image!));
    describe('watch', () => describeWatch(open, () => image!));
  });
}
