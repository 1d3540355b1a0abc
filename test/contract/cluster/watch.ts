import type { Cluster, WatchEvent } from '../../../shared/cluster/port.js';
import { waitUntil } from '../../wait-until.js';
import { ENDS_MS, jobEnd, jobRequest, run, type TestCluster } from './test-cluster.js';

/** What the watch must show on every cluster. */
export function describeWatch(open: () => TestCluster, image: () => string): void {
  it('shows what there is, then synced, then every change', async () => {
    const { cluster } = open();
    const early = jobRequest(image(), 'exit 0');
    await run(cluster, early);
    const watch = startWatch(cluster);
    await waitUntil(() => watch.events.some(({ kind }) => kind === 'synced'), ENDS_MS);
    const synced = watch.events.findIndex(({ kind }) => kind === 'synced');
    const listed = watch.events.slice(0, synced);
    expect(listed).toContainEqual(expect.objectContaining({ kind: 'job', id: early.id }));

    const late = jobRequest(image(), 'exit 4', { batchSize: 2 });
    await run(cluster, late);
    await waitUntil(() => statesOf(watch.events, late.id).includes('terminated'), ENDS_MS);
    const last = watch.events.findLast((event) => event.kind === 'job' && event.id === late.id);
    expect(last).toMatchObject({
      observation: { runs: [{ exitCode: 4 }, { exitCode: 4 }] },
    });
    await watch.end();
  });

  it('leaves out what was collected', async () => {
    const { cluster } = open();
    const [kept, collected] = [jobRequest(image(), 'exit 0'), jobRequest(image(), 'exit 0')];
    await Promise.all([run(cluster, kept), run(cluster, collected)]);
    await cluster.collected({ kind: 'job', id: collected.id });
    await cluster.collected({ kind: 'job', id: collected.id });
    const watch = startWatch(cluster);
    await waitUntil(() => watch.events.some(({ kind }) => kind === 'synced'), ENDS_MS);
    await watch.end();
    expect(statesOf(watch.events, kept.id)).toEqual(['terminated']);
    expect(statesOf(watch.events, collected.id)).toEqual([]);
  });

  it('tells once that what it has shown is gone, as soon as it is collected', async () => {
    const { cluster } = open();
    const watch = startWatch(cluster);
    const request = jobRequest(image(), 'exit 0');
    const ref = { kind: 'job', id: request.id } as const;
    await run(cluster, request);
    await waitUntil(() => statesOf(watch.events, request.id).includes('terminated'), ENDS_MS);
    await cluster.collected(ref);
    const gone = (): WatchEvent[] =>
      watch.events.filter((event) => event.kind === 'gone' && event.ref.id === request.id);
    await waitUntil(() => gone().length > 0, ENDS_MS);
    await cluster.collected(ref);
    await watch.end();
    expect(gone()).toEqual([{ kind: 'gone', ref }]);
  });

  it('shows to any number of watches the same', async () => {
    const { cluster } = open();
    const watches = [startWatch(cluster), startWatch(cluster)];
    const request = jobRequest(image(), 'exit 0');
    await cluster.ensureJob(request);
    await jobEnd(cluster, request.id);
    for (const watch of watches) {
      await waitUntil(() => statesOf(watch.events, request.id).includes('terminated'), ENDS_MS);
      await watch.end();
    }
  });
}

function statesOf(events: readonly WatchEvent[], job: string): string[] {
  return events.flatMap((event) =>
    event.kind === 'job' && event.id === job ? [event.observation.state] : [],
  );
}

/** Collects what a watch yields until it is ended. */
export function startWatch(cluster: Cluster): { events: WatchEvent[]; end(): Promise<void> } {
  const controller = new AbortController();
  const events: WatchEvent[] = [];
  const done = (async () => {
    for await (const event of cluster.watch(controller.signal)) events.push(event);
  })();
  return {
    events,
    async end() {
      controller.abort();
      await done;
    },
  };
}
