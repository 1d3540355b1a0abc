import { submit } from '../../../functions/submit/submit.js';
import { SERVICE_VERSION } from '../../../shared/inspection/version.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { expectRefusal } from '../call-function.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { ask } from './ask.js';

const UNKNOWN = 'inspection-0123456789abcdef';
const STRANGE_IDS = [
  UNKNOWN,
  'constructor',
  '__proto__',
  'toString',
  '$(reboot)',
  '`id`',
  '*',
  '>',
  '..',
  '%2e%2e%2f',
  'inspection-*-0123456789abcdef',
  'inspection-0123456789abcdef.x',
  'x'.repeat(3000),
];

describe('status at its edge', () => {
  let stage: Stage;
  let id: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify({ batch_size: 2 }));
    id = (await stage.newest()).id;
  });
  afterEach(() => stage.close());

  it.each(STRANGE_IDS)('knows no inspection %j', async (strange) => {
    const answered = await ask(stage, `/inspect/${strange}/status`);
    expectRefusal(answered, 404, 'NotFound');
    expect(answered.body['parameters']).toEqual({ inspection_id: strange });
  });

  it.each(STRANGE_IDS)('knows no inspection %j from the query either', async (strange) => {
    const query = { inspection_id: strange };
    expectRefusal(await ask(stage, '/', { query }), 404, 'NotFound');
  });

  it.each([
    ['/inspct', '/inspect'],
    ['/inspect/ID/staus', '/inspect/{id}/status'],
    ['/inspect/ID/build/logs', '/inspect/{id}/build/log'],
    ['/inspect/ID/job/0/reslt', '/inspect/{id}/job/{item}/result'],
    ['/inspect/ID/job/{item}/log', '/inspect/{id}/job/{item}/log'],
    ['/inspect/ID/job/-1/log', '/inspect/{id}/job/'],
    ['/inspect/ID/job/0x1/log', '/inspect/{id}/job/'],
    ['/inspect/ID/constructor', '/inspect/{id}/'],
    ['/inspect/ID/job/0/constructor', '/inspect/{id}/'],
    ['/vrsion', '/version'],
    [`/${'/x'.repeat(5000)}`, '/'],
  ])('knows nothing at %s, and says what is near', async (path, hint) => {
    const answered = await ask(stage, path.replace('ID', id));
    expectRefusal(answered, 404, 'NotFound');
    expect(answered.body['error']).toContain(`did you mean ${hint}`);
    expect(answered.text.length).toBeLessThan(1000);
  });

  it.each([2, 3, 1000, 999_999_999])('knows no run %d of two', async (item) => {
    const answered = await ask(stage, `/inspect/${id}/job/${item}/result`);
    expectRefusal(answered, 404, 'NotFound');
    expect(answered.body['error']).toContain('has 2 runs, numbered from 0');
    expect(answered.body['parameters']).toEqual({ inspection_id: id, item });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'get'.repeat(1000)])('refuses %s', async (method) => {
    const answered = await ask(stage, `/inspect/${id}/status`, { method });
    expectRefusal(answered, 405, 'MethodNotAllowed');
    expect(answered.headers['allow']).toBe('GET, HEAD, OPTIONS');
    expect(answered.text.length).toBeLessThan(1000);
  });

  it('answers HEAD as GET', async () => {
    const target = `/inspect/${id}/status`;
    const answered = await ask(stage, target, { method: 'HEAD' });
    expect(answered).toEqual(await ask(stage, target));
  });

  it('answers OPTIONS with what is allowed', async () => {
    const { status, headers, text } = await ask(stage, '/inspect', { method: 'OPTIONS' });
    expect([status, text, headers['allow']]).toEqual([204, '', 'GET, HEAD, OPTIONS']);
  });

  it('ignores query parameters that it does not know', async () => {
    expect((await ask(stage, '/inspect?_=17&utm_source=x')).status).toBe(200);
  });

  it.each([
    'page=0',
    'page=-1',
    'page=1.5',
    'page=x',
    'page=',
    'page=1e3',
    `page=${'9'.repeat(400)}`,
    'limit=0',
    'limit=101',
    'limit=NaN',
    'limit=0x10',
  ])('refuses ?%s', async (query) => {
    const answered = await ask(stage, `/inspect?${query}`);
    expectRefusal(answered, 400, 'InvalidRequest');
    expect(answered.text.length).toBeLessThan(1000);
  });

  it.each([
    'build/log?offset=-1',
    'build/log?offset=x',
    'build/log?offset=',
    'build/log?offset=1e9',
  ])('refuses %s', async (what) => {
    expectRefusal(await ask(stage, `/inspect/${id}/${what}`), 400, 'InvalidRequest');
  });

  it.each(['x', '1', '1-', '-1-1', '0-9999999999999', '../..'])(
    'refuses the cursor %j',
    async (cursor) => {
      const answered = await ask(stage, `/inspect/${id}/job/0/output`, { query: { cursor } });
      expectRefusal(answered, 400, 'InvalidRequest');
    },
  );

  it('takes the first of parameters that come twice, and nothing of other types', async () => {
    const query = { page: ['1', 'x'], limit: { $gt: 1 }, constructor: 'x' };
    expect(await ask(stage, '/inspect', { query })).toMatchObject({
      status: 200,
      body: { parameters: { page: 1, limit: 100 } },
    });
  });

  it('answers by path and by query alike', async () => {
    const byPath = await ask(stage, `/inspect/${id}/job/batch-size`);
    const byQuery = await ask(stage, `/?inspection_id=${id}&what=job/batch-size`);
    expect(byPath.body).toEqual({ batch_size: 2, parameters: { inspection_id: id } });
    expect(byQuery).toEqual(byPath);
    expect((await ask(stage, `/?inspection_id=${id}`)).body).toMatchObject({ phase: 'queued' });
    expect((await ask(stage, '/')).body).toMatchObject({ inspections: [id] });
    const posted = await ask(stage, `/?inspection_id=${id}&what=job/batch-size`, {
      method: 'POST',
    });
    expect(posted).toMatchObject({ status: 200, body: byPath.body });
  });

  it('tells its version without asking anybody', async () => {
    const ports = { ...stage.ports };
    const { body } = await ask({ ...stage, ports }, '/version');
    expect(body).toEqual({ version: SERVICE_VERSION, service_version: SERVICE_VERSION });
  });

  it('gives the specification back with its defaults', async () => {
    const { body } = await ask(stage, `/inspect/${id}/specification`);
    expect(body).toMatchObject({
      specification: { base: 'fedora:40', batch_size: 2, package_manager: 'micropipenv' },
      created: '2026-01-01T12:00:00.000Z',
      parameters: { inspection_id: id },
    });
  });

  it.each([
    [new AmunError('Unavailable', 'The store does not answer.'), 503, 'Unavailable'],
    [new TypeError('secret detail'), 500, 'Internal'],
  ])('turns %s into an answer', async (error, status, code) => {
    const get = () => Promise.reject(error);
    const inspections = { get } as unknown as Stage['ports']['store']['inspections'];
    const ports = { ...stage.ports, store: { ...stage.ports.store, inspections } };
    const answered = await ask({ ...stage, ports }, `/inspect/${id}/status`);
    expectRefusal(answered, status, code);
    expect(answered.text).not.toContain('secret detail');
    expect(answered.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
  });
});
