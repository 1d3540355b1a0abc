import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKubernetesCluster } from '../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import type { Cluster, WatchEvent } from '../../../../shared/cluster/port.js';
import { mapBounded } from '../../../../shared/concurrency/map-bounded.js';
import { startWatch } from '../../../contract/cluster/watch.js';
import { freshId } from '../../../contract/fresh-id.js';
import { requireRealkube } from '../../../realkube.js';
import { waitUntil } from '../../../wait-until.js';
import { useApiServer } from './api/use-api-server.js';
import { FOREVER } from './endless-pods.js';
import { jobOf } from './manifests/requests.js';
import { simulated } from './played-stack.js';

jest.setTimeout(900_000);

const JOBS = 2000;
const AT_ONCE = 50;
const DOWN_MS = 3000;
/** Half a minute of it is that of the scheduler, which looks for the API server again so seldom. */
const BACK_MS = 120_000;

requireRealkube()('the watch of a cluster', () => {
  const kubernetes = useApiServer({ fakeNodes: 30 });
  let watches: ReturnType<typeof startWatch>[] = [];

  afterEach(async () => {
    await Promise.all(watches.map((watch) => watch.end()));
    watches = [];
  });

  const open = (runs: Record<string, string>): Cluster =>
    createKubernetesCluster(kubernetes.api, simulated('default', runs));
  const watch = async (cluster: Cluster): Promise<WatchEvent[]> => {
    const started = startWatch(cluster);
    watches.push(started);
    await waitUntil(() => started.events.some(({ kind }) => kind === 'synced'), 120_000);
    return started.events;
  };
  const start = async (cluster: Cluster, requests = {}): Promise<string> => {
    const id = freshId('job');
    const small = { cpu: '10m', memory: '1Mi', hardware: {}, ...requests };
    await cluster.ensureJob(jobOf('registry.invalid/amun', small, { id, batchSize: 1 }));
    return id;
  };
  const last = (events: readonly WatchEvent[], id: string) =>
    events.findLast((event) => event.kind === 'job' && event.id === id);
  const isGone = (events: readonly WatchEvent[], id: string) =>
    events.some((event) => event.kind === 'gone' && event.ref.id === id);
  const isState = (events: readonly WatchEvent[], id: string, state: string) => {
    const event = last(events, id);
    return event?.kind === 'job' && event.observation.state === state;
  };

  it('goes on where the API server was away, and tells what changed meanwhile', async () => {
    const cluster = open(FOREVER);
    const events = await watch(cluster);
    const [removed, podless] = await Promise.all([1, 2].map(() => start(cluster)));
    const ids = [removed!, podless!];
    await waitUntil(() => ids.every((id) => isState(events, id, 'running')));
    const running = await start(open({ 'realkube/run-ms': '8000' }));

    // Behind its back: what vanishes while no watch holds is missing from the next list.
    const { realkube } = kubernetes;
    await realkube.kill('apiserver');
    await sleep(DOWN_MS);
    await realkube.restart('apiserver');
    await cluster.collected({ kind: 'job', id: removed! });
    await realkube.kubectl(['delete', 'pod', '--now', `${podless!}-0-0`]);
    const late = await start(cluster);
    await waitUntil(() => isGone(events, removed!), BACK_MS);
    await waitUntil(() => isState(events, running, 'terminated'), BACK_MS);
    await waitUntil(() => isState(events, late, 'running'), BACK_MS);
    expect(last(events, running)).toMatchObject({ observation: { runs: [{ exitCode: 0 }] } });
    await waitUntil(() => isState(events, podless!, 'waiting'), BACK_MS);
    expect(events.filter(({ kind }) => kind === 'synced')).toHaveLength(1);
    const left = [running, podless!, late];
    for (const id of left) await cluster.collected({ kind: 'job', id });
    await waitUntil(() => left.every((id) => isGone(events, id)), BACK_MS);
  });

  it(`sees ${JOBS} jobs end, each once, and every watch the same`, async () => {
    const cluster = open({ 'realkube/run-ms': '100', 'realkube/exit-code': '3' });
    const both = [await watch(cluster), await watch(cluster)];
    const began = performance.now();
    const jobs = Array.from({ length: JOBS }, () => undefined);
    const ids = await mapBounded(jobs, AT_ONCE, () => start(cluster));
    const created = performance.now();
    const own = new Set(ids);
    const endsOf = (events: readonly WatchEvent[]) =>
      events.flatMap((event) =>
        event.kind === 'job' && own.has(event.id) && event.observation.state === 'terminated'
          ? [event]
          : [],
      );
    await waitUntil(async () => {
      await sleep(200);
      return both.every((events) => endsOf(events).length >= JOBS);
    }, 400_000);
    report(`${JOBS} jobs asked for`, created - began);
    report('until the end of the last was seen', performance.now() - began);
    for (const events of both) {
      const ends = endsOf(events);
      expect(ends).toHaveLength(JOBS);
      expect(new Set(ends.map(({ id }) => id))).toEqual(own);
      const reasons = ends.map(({ observation }) => observation.reason);
      expect(new Set(reasons)).toEqual(new Set(['ScriptFailed']));
    }

    // A third one, which begins now, sees the same.
    const listing = performance.now();
    const later = await watch(cluster);
    report('another watch in step', performance.now() - listing);
    expect(endsOf(later)).toHaveLength(JOBS);
  });
});

function report(what: string, milliseconds: number): void {
  process.stderr.write(`watch: ${what}: ${(milliseconds / 1000).toFixed(2)} s\n`);
}
