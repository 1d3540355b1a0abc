import { jest } from '@jest/globals';
import { requireRealkube } from '../../../realkube.js';
import { waitUntil } from '../../../wait-until.js';
import { useApiServer } from './api/use-api-server.js';
import { createNamespace } from './create-namespace.js';
import { describeInterference } from './interference.js';
import { listPods } from './list-pods.js';
import { playStack, simulated, type PlayedStack } from './played-stack.js';
import { describeRefusals } from './refusals.js';

jest.setTimeout(600_000);

/** A node that is removed, its pool and taint, and the namespace of what is on it. */
const LEFT = 'left';
const QUICK = { 'realkube/run-ms': '200' };
const STARTED = { running: { startedAt: new Date().toISOString() } };
/** As a kubelet says it. */
const RUNNING = {
  phase: 'Running',
  containerStatuses: [
    { name: 'main', state: STARTED, ready: true, restartCount: 0, image: 'x', imageID: '' },
  ],
};

requireRealkube()('a stack on a Kubernetes', () => {
  const kubernetes = useApiServer({ fakeNodes: 3 });
  let stack: PlayedStack | undefined;
  let onNode: string;

  const kubectl = (...args: string[]) => kubernetes.realkube.kubectl(args);
  const podsOf = (id: string) => listPods(kubernetes.api, LEFT, id);

  // A cluster takes a minute to give up on a node's pods; the others have theirs meanwhile.
  beforeAll(async () => {
    await createNamespace(kubernetes.realkube, LEFT);
    await kubernetes.api.create('/api/v1/nodes', nodeObject(LEFT));
    const taints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable', LEFT];
    const tolerated = taints.map((key) => ({ key }));
    stack = playStack(kubernetes.api, simulated(LEFT, QUICK, { pool: LEFT }, tolerated));
    onNode = await stack.submit();
    await waitUntil(async () => (await podsOf(onNode)).some(({ spec }) => spec.nodeName === LEFT));
    const [first] = await podsOf(onNode);
    const { name } = first!.metadata;
    const status = JSON.stringify({ status: RUNNING });
    await kubectl(...['patch', 'pod', '-n', LEFT, name, '--subresource=status', '-p', status]);
    const { cluster } = stack.ports;
    await waitUntil(async () => (await cluster.observeJob(onNode))?.state === 'running');
    await kubectl('label', 'node', 'fake-1', `pool=${LEFT}`);
    await kubectl('delete', 'node', LEFT);
  });
  afterAll(() => stack?.stop());

  describe('where somebody interferes', () => describeInterference(kubernetes));
  describe('that refuses', () => describeRefusals(kubernetes));

  it('goes on elsewhere where its node is removed', async () => {
    const record = await stack?.ended(onNode);
    expect(record).toMatchObject({ phase: 'succeeded', job: { runs: [{ exitCode: 0 }] } });
  });
});

/**
 * A node that nothing stands behind: what the test says of its pods is all there is. Its taint keeps
 * builds away, which would never end on it.
 */
function nodeObject(name: string): object {
  const room = { cpu: '64', memory: '64Gi', pods: '100' };
  return {
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { pool: name } } },
    spec: { taints: [{ key: name, effect: 'NoSchedule' }] },
    status: { capacity: room, allocatable: room },
  };
}
