import { waitForEnd } from '../../../functions/status/wait-for-end.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { submit } from '../../../functions/submit/submit.js';
import { openStage, specify } from '../../shared/lifecycle/open-stage.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';

const LONG = 3_600;
const LIMITS = { maxBodyBytes: 0, execTimeoutMs: LONG * 2_000 };
const RUNNING: InspectionRecord = {
  id: 'inspection-0123456789abcdef',
  created: '2026-01-01T12:00:00.000Z',
  phase: 'running',
  buildId: `build-${'0'.repeat(32)}-1`,
  buildReused: false,
  batchSize: 1,
  hasScript: true,
  sendMessages: false,
  forceSync: false,
};
const ENDED: InspectionRecord = { ...RUNNING, phase: 'succeeded' };

describe('waiting for the end', () => {
  async function begin() {
    const store = createMemoryStore();
    const { version } = await store.inspections.create(RUNNING.id, RUNNING);
    return { store, version };
  }

  it('is over as soon as the inspection has ended', async () => {
    const { store, version } = await begin();
    const waited = waitForEnd(store, RUNNING, LONG, LIMITS);
    await store.inspections.replace(RUNNING.id, ENDED, version);
    expect(await waited).toEqual(ENDED);
  });

  it('does not begin where it has', async () => {
    expect(await waitForEnd(createMemoryStore(), ENDED, LONG, LIMITS)).toEqual(ENDED);
  });

  it.each([
    ['after that time', 0.2, LIMITS],
    ['before a function’s time is over', LONG, { ...LIMITS, execTimeoutMs: 300 }],
  ])('ends %s with what there is', async (_when, seconds, limits) => {
    const { store } = await begin();
    expect(await waitForEnd(store, RUNNING, seconds, limits)).toEqual(RUNNING);
  });

  it('asks seldom however long it takes', async () => {
    const { store } = await begin();
    let asked = 0;
    const inspections = {
      ...store.inspections,
      get: (key: string) => {
        asked += 1;
        return store.inspections.get(key);
      },
    };
    await waitForEnd({ inspections }, RUNNING, 1, LIMITS);
    expect(asked).toBeLessThan(12);
  });

  it('ends where the inspection was removed', async () => {
    const { store } = await begin();
    await store.inspections.remove(RUNNING.id);
    await expect(waitForEnd(store, RUNNING, LONG, LIMITS)).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('is what the status does for whoever asks for it', async () => {
    const stage = await openStage();
    await submit(stage.ports, specify());
    const { id } = await stage.newest();
    const answered = ask(stage, `/inspect/${id}/status?wait=40`);
    await runUntilQuiet(stage);
    expect((await answered).body).toMatchObject({ phase: 'succeeded' });
    expect((await ask(stage, `/inspect/${id}/status?wait=51`)).status).toBe(400);
    await stage.close();
  });
});
