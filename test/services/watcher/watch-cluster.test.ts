import { submit } from '../../../functions/submit/submit.js';
import { watchCluster } from '../../../services/watcher/watch-cluster.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import type { Health } from '../../../shared/process/serve-health.js';
import { waitUntil } from '../../wait-until.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { endBuild, endJob, startBuildInCluster } from '../../shared/lifecycle/play-agent.js';
import { handle } from '../../shared/lifecycle/run-until-quiet.js';

describe('watchCluster', () => {
  let stage: Stage;
  let controller: AbortController;
  let health: Health;
  let watching: Promise<void>;
  beforeEach(async () => {
    stage = await openStage();
    controller = new AbortController();
    health = { ready: false, detail: 'starting' };
    watching = Promise.resolve();
    await submit(stage.ports, specify());
  });
  afterEach(async () => {
    controller.abort();
    await watching;
    await stage.close();
  });

  const watch = (ports: Ports = stage.ports) => {
    watching = watchCluster(ports, health, controller.signal);
    return waitUntil(() => health.ready);
  };
  const published = (type: string) => stage.bus.events.filter((event) => event.type === type);

  it('publishes each end once, and nothing else', async () => {
    const { id, buildId } = await stage.newest();
    await watch();
    await startBuildInCluster(stage, buildId);
    await endBuild(stage, buildId);
    await waitUntil(() => published('amun.build.complete').length === 1);
    await handle(stage.ports, published('amun.build.complete')[0]!);
    await endJob(stage, id);
    await waitUntil(() => published('amun.job.complete').length === 1);
    expect(published('amun.build.complete')).toMatchObject([
      { subject: buildId, data: { build_id: buildId } },
    ]);
    expect(published('amun.job.complete')).toMatchObject([
      { subject: id, data: { inspection_id: id } },
    ]);
  });

  it('publishes what ended while nobody watched', async () => {
    await endBuild(stage, (await stage.newest()).buildId);
    await watch();
    expect(published('amun.build.complete')).toHaveLength(1);
  });

  it('agrees with other watchers on what to publish', async () => {
    const others = [1, 2].map(() =>
      watchCluster(stage.ports, { ready: false, detail: '' }, controller.signal),
    );
    await watch();
    await endBuild(stage, (await stage.newest()).buildId);
    await waitUntil(() => published('amun.build.complete').length > 0);
    controller.abort();
    await Promise.all([...others, watching]);
    expect(published('amun.build.complete')).toHaveLength(1);
  });

  it('starts anew where the bus does not answer, leaving nothing out', async () => {
    let failures = 0;
    const publish: Ports['bus']['publish'] = (event) => {
      failures += 1;
      if (failures <= 1) return Promise.reject(new Error('The bus is away.'));
      return stage.bus.publish(event);
    };
    await endBuild(stage, (await stage.newest()).buildId);
    await watch({ ...stage.ports, bus: { ...stage.bus, publish } });
    expect(published('amun.build.complete')).toHaveLength(1);
    expect(failures).toBe(2);
  });

  it('says that it is not ready while the watch is broken, and takes a breath', async () => {
    let begun = 0;
    const broken: Ports['cluster']['watch'] = async function* () {
      begun += 1;
      yield await Promise.resolve({ kind: 'synced' });
    };
    watching = watchCluster(
      { ...stage.ports, cluster: { ...stage.ports.cluster, watch: broken } },
      health,
      controller.signal,
    );
    await waitUntil(() => begun === 2);
    expect(health.detail).toMatch(/watch/);
    expect(begun).toBe(2);
  });
});
