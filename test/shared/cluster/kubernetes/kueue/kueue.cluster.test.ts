import { jest } from '@jest/globals';
import { observe } from '../../../../../functions/status/observe.js';
import { cancel } from '../../../../../functions/submit/cancel.js';
import { parsePodState } from '../../../../../shared/cluster/kubernetes/observe/parse-pod.js';
import type { KubernetesOptions } from '../../../../../shared/cluster/kubernetes/options.js';
import { kueueCrds } from '../../../../kueue/crds.js';
import { playKueue, type PlayedKueue, type QueuedPod } from '../../../../kueue/play-kueue.js';
import { requireRealkube } from '../../../../realkube.js';
import { waitUntil } from '../../../../wait-until.js';
import { useApiServer } from '../api/use-api-server.js';
import { createNamespace } from '../create-namespace.js';
import { FOREVER } from '../endless-pods.js';
import { playStack, simulated, type PlayedStack } from '../played-stack.js';

jest.setTimeout(600_000);

const QUEUE = 'team-a';
const PENDING = 'insufficient unused quota for cpu in flavor default, 1 more needed';

requireRealkube()('inspections in a queue of Kueue', () => {
  const kubernetes = useApiServer({ fakeNodes: 2 });
  let count = 0;
  let namespace: string;
  let stack: PlayedStack;
  let kueue: PlayedKueue;

  const options = (runs?: Record<string, string>, builds?: string): KubernetesOptions => {
    const plain = simulated(namespace, runs);
    return {
      ...plain,
      builds: { ...plain.builds, ...(builds === undefined ? {} : { queue: builds }) },
      runs: { ...plain.runs, queue: QUEUE },
    };
  };
  const begin = (runs?: Record<string, string>, builds?: string) => {
    stack = playStack(kubernetes.api, options(runs, builds));
    kueue = playKueue(kubernetes.api, namespace, PENDING);
  };
  const seen = async (id: string) => observe(stack.ports, await stack.record(id));
  const waiting = async (atLeast = 1): Promise<QueuedPod[]> => {
    let found: QueuedPod[] = [];
    await waitUntil(async () => (found = await kueue.waiting()).length >= atLeast);
    return found;
  };
  const apply = (object: object) =>
    kubernetes.realkube.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  const install = async () => {
    for (const crd of kueueCrds()) await apply(crd);
  };

  beforeEach(async () => {
    count += 1;
    namespace = `queued-${count}`;
    await createNamespace(kubernetes.realkube, namespace);
  });
  afterEach(async () => {
    await stack.stop();
    await kueue.stop();
  });

  it('finds out at its start what is missing', async () => {
    begin(undefined, QUEUE);
    const { cluster } = stack.ports;
    expect((await cluster.check()).problem).toMatch(/does not serve kueue\.x-k8s\.io/);
    await install();
    const problem = async () => (await cluster.check()).problem ?? '';
    // A new kind is served a moment later.
    await waitUntil(async () => /has no LocalQueue team-a/.test(await problem()));
    const apiVersion = 'kueue.x-k8s.io/v1beta2';
    await apply({ apiVersion, kind: 'LocalQueue', metadata: { name: QUEUE, namespace } });
    expect(await cluster.check()).toMatchObject({ ready: true });
  });

  it('starts nothing before Kueue admits it, in the order that Kueue chooses', async () => {
    await install();
    begin(undefined, QUEUE);
    const id = await stack.submit({ batch_size: 3 });
    const [build] = await waiting();
    const queued = `waits for Kueue to admit it to queue ${QUEUE}`;
    expect(await seen(id)).toMatchObject({
      phase: 'queued',
      build: { state: 'waiting', message: `${queued}: ${PENDING}` },
    });
    await kueue.admit(build!.metadata.name);

    const runs = await waiting(3);
    expect(runs.map(({ spec }) => spec.nodeName)).toEqual([undefined, undefined, undefined]);
    expect((await seen(id)).job).toMatchObject({
      state: 'waiting',
      message: `${queued}: ${PENDING}`,
    });
    await kueue.admit(runs[2]!.metadata.name);
    await waitUntil(async () => (await seen(id)).job?.runs[2]?.state === 'terminated');
    expect((await seen(id)).job).toMatchObject({
      state: 'running',
      runs: [{ state: 'waiting' }, { state: 'waiting' }, { exitCode: 0 }],
    });
    const states = (await kueue.pods()).map(({ spec }) => spec.nodeName !== undefined);
    expect(states.filter(Boolean).length).toBeLessThanOrEqual(2);
    for (const { metadata } of runs.slice(0, 2)) await kueue.admit(metadata.name);
    expect(await stack.ended(id)).toMatchObject({ phase: 'succeeded' });
    await waitUntil(async () => (await kueue.pods()).length === 0);
  });

  it('goes on after any number of preemptions', async () => {
    await install();
    begin(FOREVER);
    const id = await stack.submit();
    for (let times = 0; times < 5; times += 1) {
      const [pod] = await waiting();
      const { name } = pod!.metadata;
      expect(name).toBe(`${id}-0-${times}`);
      await kueue.admit(name);
      await waitUntil(async () => (await seen(id)).job?.state === 'running');
      const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
      const { releasedAt, createdAt } = parsePodState(await kubernetes.api.get(path), 'main')!;
      expect(Date.parse(releasedAt!)).toBeGreaterThanOrEqual(Date.parse(createdAt));
      await kueue.preempt(name);
    }
    await waiting();
    await cancel(stack.ports, id);
    expect(await stack.ended(id)).toMatchObject({ phase: 'cancelled' });
  });

  it('ends what is cancelled though Kueue is away, which holds on to its pods', async () => {
    await install();
    begin(FOREVER);
    const id = await stack.submit();
    const held = await waiting();
    await kueue.stop();
    await cancel(stack.ports, id);
    expect(await stack.ended(id)).toMatchObject({ phase: 'cancelled' });
    const names = (await kueue.pods()).map(({ metadata }) => metadata.name);
    expect(names).toEqual(held.map(({ metadata }) => metadata.name));
    kueue = playKueue(kubernetes.api, namespace, PENDING);
    await waitUntil(async () => (await kueue.pods()).length === 0);
  });
});
