import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { ClusterSight } from '../../../functions/status/cluster-sight.js';
import { submit } from '../../../functions/submit/submit.js';
import type { Cluster } from '../../../shared/cluster/port.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { createLog } from '../../../shared/log/create-log.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { endBuild, imageOf, startBuildInCluster } from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';

const AWAY = new AmunError('Unavailable', 'https://10.0.0.1:6443 cannot be reached.');

/** The stage with a cluster that fails whoever looks at it. */
function without(stage: Stage, error: Error = AWAY): Stage {
  const fail = () => Promise.reject(error);
  const cluster: Cluster = { ...stage.ports.cluster, observeBuild: fail, observeJob: fail };
  return { ...stage, ports: { ...stage.ports, cluster } };
}

describe('the status while the cluster does not answer', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify({ batch_size: 3 }));
  });
  afterEach(() => stage.close());

  const status = async (asked: Stage) => {
    const { id } = await stage.newest();
    return ask(asked, `/inspect/${id}/status`);
  };

  it('is what the record says, and says so', async () => {
    await startBuildInCluster(stage, (await stage.newest()).buildId);
    const { status: code, body } = await status(without(stage));
    expect(code).toBe(200);
    expect(body).toMatchObject({
      phase: 'queued',
      message: expect.stringMatching(/^The cluster does not answer at the moment/) as string,
      build: { state: 'waiting' },
      job: { state: 'waiting', completions: 3, runs: [] },
    });
    expect((await status(stage)).body).toMatchObject({ phase: 'building', message: null });
  });

  it('has the build that is stored, and knows that runs go on', async () => {
    const { buildId } = await stage.newest();
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    expect((await status(without(stage))).body).toMatchObject({
      phase: 'running',
      build: { state: 'terminated', exit_code: 0, container: imageOf(buildId) },
      job: { state: 'running', succeeded: 0, exit_code: null },
    });
  });

  it('is whole where the inspection has ended', async () => {
    await runUntilQuiet(stage);
    expect((await status(without(stage))).body).toEqual((await status(stage)).body);
  });

  it('is listed as well', async () => {
    const { id } = await stage.newest();
    const { status: code, body } = await ask(without(stage), '/inspect?details=true');
    expect(code).toBe(200);
    expect(body).toMatchObject({
      items: [{ inspection_id: id, phase: 'queued' }],
      message: expect.stringMatching(/^The cluster does not answer/) as string,
    });
    expect((await ask(stage, '/inspect?details=true')).body).not.toHaveProperty('message');
    const found = await ask(without(stage), '/inspect?details=true&phase=queued');
    expect(found.body).toMatchObject({ items: [{ phase: 'queued' }] });
  });

  it('asks a cluster that does not answer once for a whole list', async () => {
    for (let n = 0; n < 30; n += 1) await submit(stage.ports, specify());
    let asked = 0;
    const fail = () => {
      asked += 1;
      return Promise.reject(AWAY);
    };
    const cluster = { ...stage.ports.cluster, observeBuild: fail, observeJob: fail };
    await ask({ ...stage, ports: { ...stage.ports, cluster } }, '/inspect?details=true');
    // As many as are looked at together.
    expect(asked).toBeLessThanOrEqual(25);
  });

  it('is an error where the cluster refuses for good', async () => {
    const refused = without(stage, new AmunError('Forbidden', 'pods is forbidden'));
    expect((await status(refused)).status).toBe(403);
  });
});

describe('ClusterSight', () => {
  const sight = (patienceMs: number) => new ClusterSight(createLog('test', 'silent'), patienceMs);

  it('shows what there is, also where that is nothing', async () => {
    expect(await sight(60_000).see(() => Promise.resolve(5))).toEqual({ seen: 5 });
    const nothing = await sight(60_000).see(() => Promise.resolve(undefined));
    expect(nothing).toEqual({ seen: undefined });
  });

  it('gives up on what takes too long, and asks no more', async () => {
    const one = sight(20);
    let asked = 0;
    const look = () => {
      asked += 1;
      return new Promise<never>(() => undefined);
    };
    expect(await one.see(look)).toBeUndefined();
    expect(await one.see(look)).toBeUndefined();
    expect(asked).toBe(1);
  });

  it('does not mind a failure that comes after it gave up', async () => {
    let fail: (error: unknown) => void = () => undefined;
    const look = () => new Promise<never>((_, reject) => (fail = reject));
    expect(await sight(20).see(look)).toBeUndefined();
    fail(new Error('much too late'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('throws mistakes', async () => {
    const look = () => Promise.reject(new TypeError('x is not a function'));
    await expect(sight(60_000).see(look)).rejects.toThrow(TypeError);
  });
});
