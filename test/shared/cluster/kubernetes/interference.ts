import { waitUntil } from '../../../wait-until.js';
import type { ApiServerUnderTest } from './api/use-api-server.js';
import { createNamespace } from './create-namespace.js';
import { FOREVER, letEnd } from './endless-pods.js';
import { listPods, type PodShown } from './list-pods.js';
import { playStack, simulated, type PlayedStack } from './played-stack.js';
import { strangers } from './strangers.js';

/** What people do to pods behind the back of whoever made them. */
export function describeInterference(kubernetes: ApiServerUnderTest): void {
  let count = 0;
  let namespace: string;
  let stack: PlayedStack;

  beforeEach(async () => {
    count += 1;
    namespace = `test-${count}`;
    await createNamespace(kubernetes.realkube, namespace);
  });
  afterEach(() => stack.stop());

  const kubectl = (...args: string[]) => kubernetes.realkube.kubectl(args);
  const begin = (runs?: Record<string, string>) => {
    stack = playStack(kubernetes.api, simulated(namespace, runs));
  };
  const podsOf = (id: string) => listPods(kubernetes.api, namespace, id);
  /** Waits until a pod of it is in that phase, on a node. */
  const pod = async (id: string, phase: string, not = ''): Promise<PodShown> => {
    let found: PodShown | undefined;
    await waitUntil(async () => {
      const all = await podsOf(id);
      found = all.find(
        ({ metadata, spec, status }) =>
          status.phase === phase && spec.nodeName !== undefined && metadata.name !== not,
      );
      return found !== undefined;
    });
    return found!;
  };
  const end = (name: string) => letEnd(kubernetes.api, namespace, name);
  const remove = (kind: string, name: string, ...more: string[]) =>
    kubectl('delete', '-n', namespace, kind, name, '--wait=false', ...more);
  /** Each end was published once, though two watchers saw it, and nothing else was. */
  const expectEvents = async (id: string) => {
    const { buildId } = await stack.record(id);
    const about = (type: string) =>
      stack.bus.events.filter((event) => event.type === type).map(({ subject }) => subject);
    expect(new Set(about('amun.build.complete'))).toEqual(new Set([buildId]));
    expect(new Set(about('amun.job.complete'))).toEqual(new Set([id]));
    expect(about('amun.inspection.complete')).toEqual([id]);
  };

  it('ends well, each end being published once by two watchers', async () => {
    begin();
    const id = await stack.submit({ batch_size: 3 });
    expect(await stack.ended(id)).toMatchObject({ phase: 'succeeded' });
    const { buildId } = await stack.record(id);
    // Where the watchers are slow the reconciler asks to look again, in events of its own.
    const events = stack.bus.events.filter(({ id: event, subject }) => event.endsWith(subject));
    expect(events.map(({ type, subject }) => [type, subject])).toEqual([
      ['amun.inspection.submitted', id],
      ['amun.build.complete', buildId],
      ['amun.job.complete', id],
      ['amun.inspection.complete', id],
    ]);
    await waitUntil(async () => (await podsOf(id)).length === 0);
  });

  it('tries again a pod that is deleted while it runs', async () => {
    begin(FOREVER);
    const id = await stack.submit();
    const { metadata } = await pod(id, 'Running');
    await remove('pod', metadata.name);
    await end((await pod(id, 'Running', metadata.name)).metadata.name);
    expect(await stack.ended(id)).toMatchObject({ phase: 'succeeded' });
    await expectEvents(id);
  });

  it('tries again a pod that is evicted', async () => {
    begin(FOREVER);
    const id = await stack.submit();
    const { name } = (await pod(id, 'Running')).metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
    await kubernetes.api.create(path, eviction);
    await end((await pod(id, 'Running', name)).metadata.name);
    expect(await stack.ended(id)).toMatchObject({ phase: 'succeeded' });
  });

  it('gives up on a pod that is deleted again and again before it begins', async () => {
    begin({ 'realkube/image-pull-error': 'the registry does not answer' });
    const id = await stack.submit();
    let last = '';
    for (let times = 0; times < 3; times += 1) {
      last = (await pod(id, 'Pending', last)).metadata.name;
      await remove('pod', last, '--grace-period=0', '--force');
    }
    const record = await stack.ended(id);
    expect(record).toMatchObject({ phase: 'failed', reason: 'Lost' });
    expect(record.message).toMatch(/deleted 3 times/);
  });

  it('ends as lost where the job’s owner is deleted', async () => {
    begin(FOREVER);
    const id = await stack.submit();
    await pod(id, 'Running');
    await remove('configmap', id);
    expect(await stack.ended(id)).toMatchObject({ phase: 'failed', reason: 'Lost' });
    await waitUntil(async () => (await podsOf(id)).length === 0);
  });

  it('is not disturbed by what others put into the namespace', async () => {
    begin(FOREVER);
    const id = await stack.submit();
    const { metadata } = await pod(id, 'Running');
    const owner = JSON.parse(
      await kubectl('get', 'configmap', '-n', namespace, id, '-o', 'json'),
    ) as { metadata: { uid: string } };
    for (const object of strangers(namespace, id, owner.metadata.uid)) {
      await kubernetes.realkube.kubectl(['create', '-f', '-'], JSON.stringify(object));
    }
    const second = await stack.submit({ base: 'debian:12' });
    await end(metadata.name);
    await end((await pod(second, 'Running')).metadata.name);
    expect(await stack.ended(id)).toMatchObject({ phase: 'succeeded' });
    expect(await stack.ended(second)).toMatchObject({ phase: 'succeeded' });
    const ours = new Set([id, second]);
    for (const one of [id, second]) ours.add((await stack.record(one)).buildId);
    // The reconciler has those looked after whom nobody waits for; no end of theirs is told.
    const others = stack.bus.events.filter(
      ({ id: event, subject }) => !ours.has(subject) && event.endsWith(subject),
    );
    expect(others).toEqual([]);
  });
}
