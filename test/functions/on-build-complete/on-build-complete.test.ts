import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { submit } from '../../../functions/submit/submit.js';
import { hasMark } from '../../../shared/cluster/local/read-cluster.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { createBuildComplete } from '../../../shared/events/create-event.js';
import { SUBJECTS, type AmunEvent } from '../../../shared/events/event.js';
import { createEventHandler } from '../../../shared/http/create-event-handler.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { callFunction, expectRefusal } from '../call-function.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { endBuild } from '../../shared/lifecycle/play-agent.js';

const FORGED = `build-${'f'.repeat(32)}-1`;

describe('on-build-complete', () => {
  let stage: Stage;
  let buildId: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify());
    ({ buildId } = await stage.newest());
  });
  afterEach(() => stage.close());

  const phases = async () => (await stage.records()).map(({ phase }) => phase);
  const isCollected = () => hasMark(stage.layout, { kind: 'build', id: buildId }, 'collected');
  const send = (body: unknown, ports: Ports = stage.ports) =>
    callFunction(
      createEventHandler(ports.log, SUBJECTS.buildComplete, async (event) => ({
        ...(await onBuildComplete(ports, event.subject)),
      })),
      { method: 'POST', body },
    );
  /** Ports on which reading the record of one inspection fails. */
  function damaging(id: string, error: Error): Ports {
    const { inspections } = stage.ports.store;
    const damaged: typeof inspections = {
      get: (key) => (key === id ? Promise.reject(error) : inspections.get(key)),
      create: (key, value) => inspections.create(key, value),
      replace: (key, value, version) => inspections.replace(key, value, version),
      remove: (key) => inspections.remove(key),
    };
    return { ...stage.ports, store: { ...stage.ports.store, inspections: damaged } };
  }

  it('takes a thousand inspections of one build further with one event', async () => {
    const record = await stage.newest();
    const { inspections, inFlight, index } = stage.ports.store;
    for (let n = 1; n < 1000; n += 1) {
      const id = `inspection-${n.toString(16).padStart(16, '0')}`;
      await inspections.create(id, { ...record, id, hasScript: false });
      await inFlight.add({ buildId, inspectionId: id });
      await index.add(id);
    }
    await endBuild(stage, buildId);
    const { body } = await send(createBuildComplete(buildId));
    expect(body).toEqual({ ended: true, inspections: 1000 });
    const ended = (await phases()).filter((phase) => phase === 'succeeded');
    expect(ended).toHaveLength(999);
    expect(await inFlight.list()).toEqual([{ buildId, inspectionId: record.id }]);
    expect(await isCollected()).toBe(true);
  });

  it('takes the others further where some cannot be, and comes again for those', async () => {
    for (let n = 0; n < 40; n += 1) await submit(stage.ports, specify());
    const records = await stage.records();
    await endBuild(stage, buildId);
    const broken = damaging(records[3]!.id, new AmunError('Internal', 'Its record is damaged.'));
    expectRefusal(await send(createBuildComplete(buildId), broken), 500, 'Internal');
    expect((await phases()).filter((phase) => phase === 'running')).toHaveLength(40);
    expect(await isCollected()).toBe(false);
    expect((await send(createBuildComplete(buildId))).status).toBe(200);
    expect(new Set(await phases())).toEqual(new Set(['running']));
    expect(await isCollected()).toBe(true);
  });

  it.each([
    ['Unavailable', 503],
    // A 4xx would make the connector give up on what passes by itself.
    ['Conflict', 503],
    ['TimedOut', 504],
  ] as const)('answers %s so that the event comes again', async (code, status) => {
    await endBuild(stage, buildId);
    const { id } = await stage.newest();
    const answered = await send(
      createBuildComplete(buildId),
      damaging(id, new AmunError(code, 'Again, please.')),
    );
    expect(answered.status).toBe(status);
  });

  it('leaves a build alone that has not ended', async () => {
    expect((await send(createBuildComplete(buildId))).body).toEqual({
      ended: false,
      inspections: 0,
    });
    expect(await phases()).toEqual(['queued']);
    expect(await isCollected()).toBe(false);
  });

  it('leaves a build alone that does not exist', async () => {
    expect((await send(createBuildComplete(FORGED))).body).toMatchObject({ ended: false });
    expect(await stage.ports.store.builds.get(FORGED)).toBeUndefined();
  });

  it('takes the same event any number of times, at once', async () => {
    await endBuild(stage, buildId);
    const event = createBuildComplete(buildId);
    const all = await Promise.all([1, 2, 3, 4].map(() => send(event)));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await phases()).toEqual(['running']);
  });

  const good = createBuildComplete(FORGED);
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no JSON', Buffer.from('{')],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00])],
    ['an array', [good]],
    ['another type', { ...good, type: 'amun.job.complete' }],
    ['an unknown type', { ...good, type: 'constructor' }],
    ['a path for a subject', { ...good, subject: '../../etc', data: { build_id: '../../etc' } }],
    ['a wildcard', { ...good, subject: 'build-*', data: { build_id: 'build-*' } }],
    ['a subject unlike its data', { ...good, data: { build_id: `build-${'e'.repeat(32)}-1` } }],
    ['2 MB', { ...good, data: { ...good.data, more: 'x'.repeat(2 * 1024 * 1024) } }],
  ])('refuses %s for good', async (_, body) => {
    expectRefusal(await send(body), 400, 'InvalidEvent');
    expect(await phases()).toEqual(['queued']);
  });

  it('refuses an event that is meant for another function', async () => {
    const id = 'inspection-0000000000000000';
    const event: AmunEvent = {
      ...good,
      type: SUBJECTS.jobComplete,
      subject: id,
      data: { inspection_id: id },
    };
    const answered = await send(event);
    expectRefusal(answered, 400, 'InvalidEvent');
    expect(answered.body['error']).toContain('takes amun.build.complete');
  });
});
