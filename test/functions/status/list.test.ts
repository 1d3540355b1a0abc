import { submit } from '../../../functions/submit/submit.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';

describe('the list of inspections', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  it('is empty at first', async () => {
    expect((await ask(stage, '/inspect')).body).toEqual({
      inspections: [],
      total: 0,
      parameters: { page: 1, limit: 100 },
    });
  });

  it('comes page by page, the newest first, each inspection once', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await submit(stage.ports, specify())).id);
    const pages = [];
    for (let page = 1; page <= 4; page += 1) {
      const { body } = await ask(stage, `/inspect?page=${page}&limit=2`);
      expect(body).toMatchObject({ total: 5, parameters: { page, limit: 2 } });
      pages.push(body['inspections']);
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4), []]);
    const far = await ask(stage, `/inspect?page=${Number.MAX_SAFE_INTEGER}`);
    expect(far).toMatchObject({ status: 200, body: { inspections: [] } });
  });

  it('tells with details where each of them stands', async () => {
    await submit(stage.ports, specify({ run: { requests: { hardware: { cpu_family: 1 } } } }));
    await submit(stage.ports, specify());
    await runUntilQuiet(stage);
    await submit(stage.ports, specify({ base: 'debian:12' }));
    // Somebody whose submission was cut off before it had a record.
    await stage.ports.store.index.add('inspection-0000000000000000');
    const { body } = await ask(stage, '/inspect?details=true');
    expect(body['items']).toMatchObject([
      { phase: 'queued', reason: null, finished: null },
      { phase: 'succeeded', reason: null, finished: '2026-01-01T12:00:00.000Z' },
      { phase: 'failed', reason: 'Unschedulable', created: '2026-01-01T12:00:00.000Z' },
    ]);
  });
});
