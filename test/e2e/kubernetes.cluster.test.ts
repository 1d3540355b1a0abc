import {
  requireNodeCluster,
  startNodeCluster,
  type NodeCluster,
} from '../shared/cluster/kubernetes/node-cluster.js';
import { BUILDER_IMAGE } from '../builder-image.js';
import { ask, ended, submit, succeeded } from './inspect.js';
import { OF_INSPECTIONS } from '../of-inspections.js';
import { waitUntil } from '../wait-until.js';
import { startStack, type Stack } from './start-stack.js';

const TEST_MS = 600_000;
/** Longer than any other test has the node. */
const SETUP_MS = 15 * 60_000;

/** The variables of a stack that works with such a cluster. */
function environmentFor({ realkube, registry }: NodeCluster): Record<string, string> {
  return {
    AMUN_CLUSTER: 'kubernetes',
    KUBECONFIG: realkube.kubeconfig,
    AMUN_REGISTRY: `${registry}/amun`,
    AMUN_INSECURE_REGISTRIES: registry,
    AMUN_BUILDER_IMAGE: BUILDER_IMAGE,
  };
}

requireNodeCluster()('a stack on a Kubernetes', () => {
  let cluster: NodeCluster;
  let stack: Stack;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    cluster = await startNodeCluster();
    stops.unshift(() => cluster.stop());
    stack = await startStack(environmentFor(cluster));
    stops.unshift(() => stack.stop());
  }, SETUP_MS);
  afterAll(async () => {
    for (const stop of stops) await stop();
  }, TEST_MS);

  const inspect = async (more: object) => {
    const id = await submit(stack, { base: cluster.baseImage, ...more });
    return { id, status: await ended(stack, id, TEST_MS) };
  };
  const result = async (id: string, item = 0) => {
    const { body } = await ask(stack, `/inspect/${id}/job/${item}/result`);
    return body['result'] as Record<string, unknown>;
  };

  it(
    'builds, runs a batch of which one fails, and hands back what each run wrote',
    async () => {
      const script = `#!/bin/sh
echo "out of $(hostname)"
printf 'CR LF\\r\\n'
echo err >&2
case $(hostname) in *-1) exit 4 ;; esac
`;
      const { id, status } = await inspect({
        batch_size: 3,
        script,
      });
      expect(status).toMatchObject({ phase: 'failed', reason: 'ScriptFailed' });
      expect(status.job.runs).toMatchObject([
        { item: 0, exit_code: 0 },
        { item: 1, exit_code: 4, reason: 'ScriptFailed' },
        { item: 2, exit_code: 0 },
      ]);
      expect(status.build['container']).toContain(`${cluster.registry}/amun@sha256:`);
      const report = await result(id, 2);
      expect(report).toMatchObject({
        stdout: `out of ${id}-2\nCR LF\r\n`,
        stderr: 'err\n',
        exit_code: 0,
        report_source: 'entrypoint',
        hostname: `${id}-2`,
      });
      expect(report['hwinfo']).toHaveProperty('cpu_info.arch');
    },
    TEST_MS,
  );

  it(
    'only builds where there is no script',
    async () => {
      const { id, status } = await inspect({});
      expect(status).toMatchObject({ phase: 'succeeded', build: { exit_code: 0 } });
      const { body } = await ask(stack, `/inspect/${id}/build/log`);
      expect(body['log']).toContain('exporting to image');
    },
    TEST_MS,
  );

  it(
    'tells a build that fails from a base that is not there',
    async () => {
      const failing = await inspect({ packages: ['jq'] });
      expect(failing.status).toMatchObject({ phase: 'failed', reason: 'BuildFailed' });
      const absent = await inspect({ base: `${cluster.registry}/no/such:1` });
      expect(absent.status).toMatchObject({ phase: 'failed', reason: 'BaseImageNotFound' });
    },
    TEST_MS,
  );

  it(
    'tells want of memory from failure',
    async () => {
      const script = '#!/bin/sh\ndd if=/dev/zero of=/dev/null bs=200000000 count=1\n';
      const { status } = await inspect({ script, run: { requests: { memory: '64Mi' } } });
      expect(status).toMatchObject({ phase: 'failed', reason: 'OutOfMemory' });
    },
    TEST_MS,
  );

  it(
    'says at once what no node has, and what the nodes have',
    async () => {
      const requests = { memory: '60Ti' };
      const { status } = await inspect({ script: 'true', run: { requests } });
      expect(status).toMatchObject({ phase: 'failed', reason: 'Unschedulable' });
      expect(status.message).toMatch(/60Ti.*largest has \d/);
    },
    TEST_MS,
  );

  it(
    'cancels what runs, and keeps what it wrote',
    async () => {
      const script = '#!/bin/sh\necho begun\nsleep 300\n';
      const id = await submit(stack, { base: cluster.baseImage, script });
      await waitUntil(async () => {
        const { body } = await ask(stack, `/inspect/${id}/job/0/output`);
        return JSON.stringify(body).includes('begun');
      }, TEST_MS);
      expect((await ask(stack, `/inspect/${id}/cancel`, {})).status).toBe(202);
      expect(await ended(stack, id, TEST_MS)).toMatchObject({ phase: 'cancelled' });
      expect(await result(id)).toMatchObject({ stdout: 'begun\n', reason: 'Cancelled' });
    },
    TEST_MS,
  );

  it(
    'tries again what was taken from its node',
    async () => {
      const script = '#!/bin/sh\nsleep 600\necho done\n';
      const id = await submit(stack, { base: cluster.baseImage, script });
      await waitUntil(async () => (await podsOf(id)).includes('Running'), TEST_MS);
      await cluster.realkube.kubectl(['delete', 'pod', '--now', `${id}-0-0`]);
      await waitUntil(() => wake(`${id}-0-1`), TEST_MS);
      await succeeded(stack, id, TEST_MS);
      expect(await result(id)).toMatchObject({ stdout: 'done\n' });
    },
    TEST_MS,
  );

  it(
    'leaves nothing in the cluster but what all inspections share',
    async () => {
      const names = (selector: string) =>
        cluster.realkube.kubectl(['get', 'pods,configmaps', '-o', 'name', '-l', selector]);
      await waitUntil(async () => (await names(OF_INSPECTIONS)).trim() === '');
      const shared = (await names('amun.io/kind=common')).trim().split('\n');
      // The two scripts of runs, those of build steps, the certificates.
      expect(shared.length).toBeGreaterThan(1);
      expect(shared.length).toBeLessThan(12);
      for (const name of shared) expect(name).toMatch(/^configmap\/amun-file-[0-9a-f]{32}$/);
    },
    TEST_MS,
  );

  /** Has a script go on that sleeps; false while there is none. */
  async function wake(pod: string): Promise<boolean> {
    const woken = cluster.realkube.kubectl(['exec', pod, '--', 'killall', 'sleep']);
    return woken.then(
      () => true,
      () => false,
    );
  }

  async function podsOf(id: string): Promise<string> {
    return cluster.realkube.kubectl(['get', 'pods', '-l', `amun.io/id=${id}`]);
  }
});
