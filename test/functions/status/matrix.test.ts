import { AmunError } from '../../../shared/errors/amun-error.js';
import { memberId } from '../../../shared/inspection/matrix-identity.js';
import { parseMatrix } from '../../../shared/inspection/parse-matrix.js';
import { submitMatrix } from '../../../functions/submit/submit-matrix.js';
import { expectRefusal } from '../call-function.js';
import { openStage, type Stage } from '../../shared/lifecycle/open-stage.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';
import { letPrint } from './let-print.js';

const ID = 'matrix-speed-0123456789abcdef';
const CREATED = '2026-01-01T12:00:00.000Z';
const MATRIX = parseMatrix({
  specification: { base: 'fedora:40', script: '#!/bin/sh\necho 1\n', batch_size: 4 },
  variations: [
    { name: 'plain', set: {} },
    { name: 'slow', set: { environment: [{ name: 'SLOW', value: '1' }] } },
  ],
});

interface Row {
  readonly inspection_id: string;
  readonly [field: string]: unknown;
}

describe('GET /matrix/{matrix_id}', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  const submitIt = () => submitMatrix(stage.ports, MATRIX, { id: ID, created: CREATED });
  async function read() {
    const { status, body } = await ask(stage, `/matrix/${ID}`);
    expect(status).toBe(200);
    const { table, ...rest } = body;
    return { ...(table as { columns: string[]; rows: Row[] }), rest };
  }

  it('tells where each variation stands', async () => {
    await submitIt();
    const { columns, rows, rest } = await read();
    expect(rest).toEqual({
      matrix_id: ID,
      created: CREATED,
      phases: { queued: 2 },
      finished: false,
      parameters: { matrix_id: ID },
    });
    expect(columns).toEqual([]);
    expect(rows).toEqual(
      ['plain', 'slow'].map((name, index) => ({
        name,
        inspection_id: memberId(ID, index, undefined),
        phase: 'queued',
        reason: null,
        build_reused: false,
        outcomes: null,
        values: {},
        ratio: {},
        difference: {},
      })),
    );
  });

  it('compares what they printed, once they have ended', async () => {
    const { members } = await submitIt();
    await runUntilQuiet(stage);
    const [plain, slow] = members.map(({ inspectionId }) => inspectionId);
    await letPrint(stage, plain!, [{ s: 1 }, { s: 1.1 }, { s: 0.9 }, { s: 1, only: 1 }]);
    await letPrint(stage, slow!, [{ s: 2 }, { s: 2.1 }, { s: 1.9 }, { s: 2 }]);
    const { columns, rows, rest } = await read();
    expect(rest).toMatchObject({ phases: { succeeded: 2 }, finished: true });
    expect(columns).toEqual(['/s', '/only']);
    expect(rows).toMatchObject([
      { outcomes: { succeeded: 4 }, values: { '/s': { count: 4, mean: 1 } }, ratio: {} },
      { values: { '/s': { count: 4, max: 2.1 } }, difference: { '/s': { verdict: 'higher' } } },
    ]);
    expect((rows[1]?.['ratio'] as Record<string, number>)['/s']).toBeCloseTo(2, 12);
  });

  it('is the same through a query, for clients that have no paths', async () => {
    await submitIt();
    const { body } = await ask(stage, `/?matrix_id=${ID}`);
    expect(body).toMatchObject({ matrix_id: ID, phases: { queued: 2 } });
  });

  it('tells what is not submitted yet, and what is gone', async () => {
    const { members } = await submitIt();
    const [, second] = members;
    await stage.ports.store.inspections.remove(second!.inspectionId);
    const gone = await read();
    expect(gone.rest).toMatchObject({ phases: { queued: 1, gone: 1 }, finished: false });
    expect(gone.rows[1]).toMatchObject({ phase: 'gone', build_reused: null, outcomes: null });

    const { matrices } = stage.ports.store;
    await matrices.remove(ID);
    await matrices.create(ID, { id: ID, created: CREATED, members });
    await runUntilQuiet(stage);
    const cut = await read();
    expect(cut.rest).toMatchObject({ phases: { succeeded: 1, 'not submitted': 1 } });
    expect(cut.rest).toMatchObject({ finished: false });
    await submitIt();
    await runUntilQuiet(stage);
    expect((await read()).rest).toMatchObject({ phases: { succeeded: 2 }, finished: true });
  });

  it('asks a cluster that does not answer once for all of them', async () => {
    const variations = Array.from({ length: 30 }, (_, n) => ({ name: `v${n}`, set: {} }));
    const specification = { base: 'fedora:40', script: '#!/bin/sh\necho 1\n' };
    const matrix = parseMatrix({ specification, variations });
    await submitMatrix(stage.ports, matrix, { id: ID, created: CREATED });
    let asked = 0;
    const observeJob = () => {
      asked += 1;
      return Promise.reject(new AmunError('Unavailable', 'It cannot be reached.'));
    };
    const cluster = { ...stage.ports.cluster, observeJob };
    const { status } = await ask({ ...stage, ports: { ...stage.ports, cluster } }, `/matrix/${ID}`);
    expect(status).toBe(200);
    // As many as are looked at together.
    expect(asked).toBeLessThanOrEqual(10);
  });

  it('knows no other', async () => {
    for (const id of ['matrix-0000000000000000', 'x', 'inspection-0123456789abcdef']) {
      expectRefusal(await ask(stage, `/matrix/${id}`), 404, 'NotFound');
    }
  });
});
