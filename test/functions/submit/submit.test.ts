import { newClaim, submit } from '../../../functions/submit/submit.js';
import { listIds } from '../../../shared/cluster/local/read-cluster.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { specificationKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { readRequest } from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';

const IMPOSSIBLE = { requests: { hardware: { cpu_family: 1 } } };

describe('submit', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  const builds = () => listIds(stage.layout, 'build');
  const phases = async () => (await stage.records()).map(({ phase, reason }) => [phase, reason]);
  const withCluster = (cluster: Partial<Ports['cluster']>): Ports => ({
    ...stage.ports,
    cluster: { ...stage.ports.cluster, ...cluster },
  });

  it('stores, lists and announces the inspection, and starts its build', async () => {
    const { id, buildCreated } = await submit(stage.ports, specify({ identifier: 'mine' }));
    expect(buildCreated).toBe(true);
    expect(id).toMatch(/^inspection-mine-[0-9a-f]{16}$/);
    const record = await stage.newest();
    expect(record).toMatchObject({ id, phase: 'queued', buildReused: false, hasScript: true });
    expect(await stage.ports.store.inFlight.list()).toEqual([
      { buildId: record.buildId, inspectionId: id },
    ]);
    expect(stage.bus.events).toMatchObject([{ type: 'amun.inspection.submitted', subject: id }]);
    expect(await readRequest(stage, { kind: 'build', id: record.buildId })).toMatchObject({
      timeoutSeconds: 60,
      requests: { cpu: '500m' },
    });
  });

  it('keeps the labels, and shares one build among those that differ in nothing else', async () => {
    const labels = { team: 'performance', 'example.org/run': '7' };
    const first = await submit(stage.ports, specify({ labels }));
    expect((await stage.newest()).labels).toEqual(labels);
    const stored = await stage.ports.store.artifacts.get(specificationKey(first.id));
    expect(JSON.parse(Buffer.from(stored!).toString())).toMatchObject({ labels });
    const second = await submit(stage.ports, specify({ labels: { team: 'other' } }));
    expect([first.buildCreated, second.buildCreated]).toEqual([true, false]);
    await submit(stage.ports, specify());
    expect(await stage.newest()).not.toHaveProperty('labels');
  });

  it('shares one build among a hundred scripts on one stack, submitted at once', async () => {
    const scripts = Array.from({ length: 100 }, (_, n) => `#!/bin/sh\necho ${n}\n`);
    const all = await Promise.all(
      scripts.map((script) => submit(stage.ports, specify({ script }))),
    );
    expect(all.filter(({ buildCreated }) => buildCreated)).toHaveLength(1);
    await runUntilQuiet(stage);
    expect(await builds()).toHaveLength(1);
    const records = await stage.records();
    expect(records).toHaveLength(100);
    expect(new Set(records.map(({ phase }) => phase))).toEqual(new Set(['succeeded']));
    const ends = stage.bus.events.filter(({ type }) => type === 'amun.inspection.complete');
    expect(new Set(ends.map(({ subject }) => subject)).size).toBe(100);
    expect(ends).toHaveLength(100);
    for (const [n, { id }] of all.entries()) {
      const stored = await stage.ports.store.artifacts.get(specificationKey(id));
      expect(JSON.parse(Buffer.from(stored!).toString())).toMatchObject({ script: scripts[n] });
    }
  });

  it('starts the job at once where the image is there already', async () => {
    await submit(stage.ports, specify());
    await runUntilQuiet(stage);
    const { id, buildCreated } = await submit(stage.ports, specify({ script: '#!/bin/sh\n' }));
    expect(buildCreated).toBe(false);
    expect(await stage.newest()).toMatchObject({ phase: 'running', buildReused: true });
    expect(await stage.ports.cluster.observeJob(id)).toMatchObject({ state: 'waiting' });
  });

  it.each([
    ['build', { build: IMPOSSIBLE }],
    ['run', { run: IMPOSSIBLE }],
  ])('ends at once, and builds nothing, where no machine fits its %s', async (part, fields) => {
    await submit(stage.ports, specify(fields));
    expect(await stage.newest()).toMatchObject({
      phase: 'failed',
      reason: 'Unschedulable',
      message: `${part}.requests: No machine has cpu_family 1; this one has 6.`,
      finished: '2026-01-01T12:00:00.000Z',
    });
    expect(await builds()).toEqual([]);
    expect(await stage.ports.store.inFlight.list()).toEqual([]);
    expect(stage.bus.events.map(({ type }) => type)).toEqual([
      'amun.inspection.submitted',
      'amun.inspection.complete',
    ]);
  });

  it('lets what can be run build although the same stack was unschedulable before', async () => {
    await submit(stage.ports, specify({ run: IMPOSSIBLE }));
    const { buildCreated } = await submit(stage.ports, specify());
    expect(buildCreated).toBe(true);
    await runUntilQuiet(stage);
    expect(await phases()).toEqual([
      ['failed', 'Unschedulable'],
      ['succeeded', undefined],
    ]);
  });

  it('does not mind where nothing fits the run of a build-only inspection', async () => {
    await submit(stage.ports, specify({ script: null, run: IMPOSSIBLE }));
    await runUntilQuiet(stage);
    expect(await phases()).toEqual([['succeeded', undefined]]);
  });

  it('ends everybody who waits for a build that the cluster refuses', async () => {
    const refusing = withCluster({
      ensureBuild: async () => {
        // Somebody joins before the refusal is known.
        await submit(stage.ports, specify({ script: '#!/bin/sh\n# other\n' }));
        throw new AmunError('InvalidRequest', 'Too large for this cluster.');
      },
    });
    await submit(refusing, specify());
    await runUntilQuiet(stage);
    expect(await phases()).toEqual([
      ['failed', 'ClusterError'],
      ['failed', 'ClusterError'],
    ]);
    expect((await stage.newest()).message).toContain('Too large for this cluster.');
    expect(await builds()).toEqual([]);
  });

  it('ends at once what the cluster refuses', async () => {
    const ensureBuild = () => Promise.reject(new AmunError('Forbidden', 'Not here.'));
    await submit(withCluster({ ensureBuild }), specify());
    expect(await phases()).toEqual([['failed', 'ClusterError']]);
  });

  it('accepts while the cluster does not take the build; the reconciler starts it', async () => {
    const silent = withCluster({
      ensureBuild: () => Promise.reject(new AmunError('Unavailable', 'Not now.')),
    });
    await submit(silent, specify());
    expect(await builds()).toEqual([]);
    await runUntilQuiet(stage);
    expect(await phases()).toEqual([['succeeded', undefined]]);
  });

  it('gives up what took so long that its entry in flight may be gone', async () => {
    const { store } = stage.ports;
    const add: typeof store.index.add = async (id) => {
      stage.time += 61_000;
      await store.index.add(id);
    };
    const index: typeof store.index = {
      add,
      list: (page, limit) => store.index.list(page, limit),
      remove: (id) => store.index.remove(id),
    };
    const slow = { ...stage.ports, store: { ...store, index } };
    await expect(submit(slow, specify())).rejects.toMatchObject({ code: 'Unavailable' });
    expect(await stage.records()).toEqual([]);
  });

  it('makes one inspection of one claim, at once or later', async () => {
    const specification = specify();
    const claim = newClaim(stage.ports, specification);
    const same = () => submit(stage.ports, specification, claim);
    const all = await Promise.all([same(), same(), same()]);
    await runUntilQuiet(stage);
    // Later than any submission may take.
    stage.time += 3_600_000;
    all.push(await same());
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set([claim.id]));
    const records = await stage.records();
    expect(records).toMatchObject([{ id: claim.id, created: claim.created, phase: 'succeeded' }]);
    expect(await stage.ports.store.inFlight.list()).toEqual([]);
    const submitted = stage.bus.events.filter(({ type }) => type === 'amun.inspection.submitted');
    expect(submitted).toHaveLength(1);
  });

  it('leaves no entry in flight under the build that only the slower of two chose', async () => {
    const specification = specify({ force: true });
    const claim = newClaim(stage.ports, specification);
    await Promise.all([1, 2].map(() => submit(stage.ports, specification, claim)));
    const { buildId } = await stage.newest();
    expect(await stage.ports.store.inFlight.list()).toEqual([{ buildId, inspectionId: claim.id }]);
    await runUntilQuiet(stage);
    expect(await phases()).toEqual([['succeeded', undefined]]);
  });

  it('leaves hardware that nobody asked for out of what it stores', async () => {
    const hardware = { cpu_family: 6, cpu_model: 1, processor: 'x' };
    const { id } = await submit(stage.ports, specify({ build: { requests: { hardware } } }));
    const stored = await stage.ports.store.artifacts.get(specificationKey(id));
    expect(JSON.parse(Buffer.from(stored!).toString())).toMatchObject({
      build: { requests: { cpu: '500m', memory: '256Mi', hardware } },
      run: { requests: { cpu: '500m', memory: '256Mi' } },
    });
    expect(Buffer.from(stored!).toString()).not.toContain('"hardware":{}');
  });
});
