import { setTimeout as sleep } from 'node:timers/promises';
import { submit } from '../../../functions/submit/submit.js';
import { ProgressReporter } from '../../../services/watcher/progress-reporter.js';
import { watchCluster } from '../../../services/watcher/watch-cluster.js';
import type { WatchEvent } from '../../../shared/cluster/port.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { endBuild, startBuildInCluster } from '../../shared/lifecycle/play-agent.js';
import { waitUntil } from '../../wait-until.js';

describe('ProgressReporter', () => {
  let stage: Stage;
  let ending: AbortController;
  let working: Promise<unknown>;
  beforeEach(async () => {
    stage = await openStage();
    ending = new AbortController();
    working = Promise.resolve();
  });
  afterEach(async () => {
    ending.abort();
    await working;
    await stage.close();
  });

  const start = (ports: Ports = stage.ports): ProgressReporter => {
    const reporter = new ProgressReporter(ports);
    reporter.note({ kind: 'synced' });
    working = Promise.all([working, reporter.run(ending.signal)]);
    return reporter;
  };
  const told = () =>
    stage.bus.events
      .filter(({ type }) => type === 'amun.inspection.progress')
      .map(({ id, data }) => ({ id, ...data }));
  const job = (id: string, ended: number, total = 8): WatchEvent => ({
    kind: 'job',
    id,
    observation: {
      state: ended === total ? 'terminated' : 'running',
      runs: Array.from({ length: total }, (_, item) => ({
        item,
        state: item < ended ? 'terminated' : 'running',
      })),
    },
  });
  const building = (id: string): WatchEvent => ({
    kind: 'build',
    id,
    observation: { state: 'running' },
  });

  it('tells every inspection that waits for a build, and no other', async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push((await submit(stage.ports, specify())).id);
    const { buildId } = (await stage.ports.store.inspections.get(ids[0]!))!.value;
    const quiet = await submit(stage.ports, specify({ send_messages: false }));
    await submit(stage.ports, specify({ base: 'debian:12' }));
    expect((await stage.ports.store.inspections.get(quiet.id))?.value.buildId).toBe(buildId);
    start().note(building(buildId));
    await waitUntil(() => told().length >= 3);
    expect(new Set(told().map(({ id }) => id))).toEqual(
      new Set(ids.map((id) => `inspection-progress-${id}-building`)),
    );
    expect(told()).toHaveLength(3);
  });

  it('tells how many runs have ended', async () => {
    const { id } = await submit(stage.ports, specify({ batch_size: 8 }));
    const reporter = start();
    reporter.note(job(id, 0));
    await waitUntil(() => told().length === 1);
    reporter.note(job(id, 5));
    await waitUntil(() => told().length === 2);
    const event = { inspection_id: id, phase: 'running', batch_size: 8 };
    expect(told()).toEqual([
      { ...event, id: `inspection-progress-${id}-running`, runs_ended: 0 },
      { ...event, id: `inspection-progress-${id}-running-50`, runs_ended: 5 },
    ]);
  });

  it('tells what two watchers see once', async () => {
    const { id } = await submit(stage.ports, specify({ batch_size: 8 }));
    const reporters = [start(), start()];
    for (const reporter of reporters) reporter.note(job(id, 0));
    await waitUntil(() => told().length === 1);
    for (const reporter of reporters) reporter.note(job(id, 2));
    await waitUntil(() => told().length === 2);
    await sleep(500);
    expect(told()).toHaveLength(2);
  });

  it('says nothing of what has ended, is gone, or is not known', async () => {
    const [ended, gone, over, last] = await Promise.all(
      [1, 2, 3, 4].map(async () => (await submit(stage.ports, specify({ batch_size: 8 }))).id),
    );
    const { inspections } = stage.ports.store;
    const { value, version } = (await inspections.get(over!))!;
    await inspections.replace(over!, { ...value, phase: 'cancelled' }, version);
    const reporter = start();
    for (const id of [ended!, gone!, over!, 'inspection-00000000000000ff'])
      reporter.note(job(id, 0));
    reporter.note(job(ended!, 8));
    reporter.note({ kind: 'gone', ref: { kind: 'job', id: gone! } });
    reporter.note(job(last!, 0));
    await waitUntil(() => told().length > 0);
    expect(told()).toMatchObject([{ inspection_id: last }]);
  });

  it('goes on after what could not be told', async () => {
    const { id } = await submit(stage.ports, specify({ batch_size: 8 }));
    let failures = 0;
    const publish: Ports['bus']['publish'] = (event) => {
      failures += 1;
      return failures === 1
        ? Promise.reject(new Error('The bus is away.'))
        : stage.bus.publish(event);
    };
    const reporter = start({ ...stage.ports, bus: { ...stage.bus, publish } });
    reporter.note(job(id, 0));
    await waitUntil(() => failures === 1);
    reporter.note(job(id, 3));
    await waitUntil(() => told().length === 1);
    expect(told()).toMatchObject([{ runs_ended: 3 }]);
  });

  it('holds up no end, however long it takes itself', async () => {
    await submit(stage.ports, specify());
    const { buildId } = await stage.newest();
    const stuck = new Promise<never>(() => undefined);
    let asked = false;
    const inFlight = {
      ...stage.ports.store.inFlight,
      list: () => {
        asked = true;
        return stuck;
      },
    };
    const reporter = new ProgressReporter({
      ...stage.ports,
      store: { ...stage.ports.store, inFlight },
    });
    void reporter.run(ending.signal);
    const health = { ready: false, detail: '' };
    working = watchCluster(stage.ports, health, ending.signal, undefined, reporter);
    await waitUntil(() => health.ready);
    await startBuildInCluster(stage, buildId);
    await waitUntil(() => asked);
    await endBuild(stage, buildId);
    await waitUntil(() => stage.bus.events.some(({ type }) => type === 'amun.build.complete'));
  });
});
