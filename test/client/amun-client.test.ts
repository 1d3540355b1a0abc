import { createAmunClient, type AmunClient } from '../../client/amun-client.js';
import { ApiError, UnreachableError } from '../../client/api-error.js';
import type { InspectionEvent } from '../../client/follow-events.js';
import { sendScriptedEvents } from '../cli/scripted-events.js';
import { HELLO, ID, scriptInspection } from '../cli/scripted-inspection.js';
import {
  startScriptedService,
  type Script,
  type ScriptedService,
} from '../cli/scripted-service.js';

const BODY = { base: 'debian:12-slim', packages: ['curl'] };

let service: ScriptedService;

async function connect(script: Script): Promise<AmunClient> {
  service = await startScriptedService(script);
  return createAmunClient(`${service.url}/`);
}

afterEach(() => service.kill().catch(() => undefined));

describe('createAmunClient', () => {
  it('walks through all inspections that fit, a page at a time', async () => {
    const pages = new Map([
      ['start', { items: [{ inspection_id: 'a' }, { inspection_id: 'b' }], next_cursor: 'x' }],
      ['x', { items: [], next_cursor: 'y' }],
      ['y', { items: [{ inspection_id: 'c' }], next_cursor: null }],
    ]);
    const amun = await connect(({ query }) => ({ body: pages.get(query.get('cursor')!) }));
    const ids: string[] = [];
    const filter = { label: ['team=qa', 'nightly'], phase: ['failed'], limit: 2 } as const;
    for await (const { inspection_id: id } of amun.inspections(filter)) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    for (const { path, query } of service.asked) {
      expect(path).toBe('/inspect');
      expect(query.get('label')).toBe('team=qa,nightly');
      expect(query.get('phase')).toBe('failed');
      expect(query.get('limit')).toBe('2');
    }
  });

  it('asks for no page that nobody wants', async () => {
    const amun = await connect(() => ({
      body: { items: [{ inspection_id: 'a' }], next_cursor: 'x' },
    }));
    expect(await amun.inspections().next()).toMatchObject({ value: { inspection_id: 'a' } });
    expect(service.asked).toHaveLength(1);
  });

  it('waits until an inspection has ended', async () => {
    const amun = await connect(scriptInspection(HELLO));
    expect((await amun.waitForEnd(ID)).phase).toBe('succeeded');
    expect(service.asked.map(({ query }) => query.get('wait'))).toEqual(['50', '50', '50', '50']);
  });

  it('calls operations by their names', async () => {
    const amun = await connect(({ method, path }) => ({ body: { method, path } }));
    await amun.delete('inspection-a/b');
    await amun.call('getRunResult', { path: { id: ID, item: 3 } });
    const header = { 'Idempotency-Key': 'once' };
    await amun.call('submitInspection', { query: { force: true }, header, body: BODY });
    const [deleted, read, submitted] = service.asked;
    expect(deleted).toMatchObject({ method: 'DELETE', path: '/inspect/inspection-a%2Fb' });
    expect(read).toMatchObject({ method: 'GET', path: `/inspect/${ID}/job/3/result` });
    expect(submitted).toMatchObject({ method: 'POST', path: '/inspect', body: BODY });
    expect(submitted?.query.get('force')).toBe('true');
    expect(submitted?.headers['idempotency-key']).toBe('once');
  });

  it('follows across lost connections, each event once', async () => {
    const script = scriptInspection(HELLO);
    const breaks = [2, 0, 3];
    const amun = await connect((asked) => {
      if (asked.path.endsWith('/batch-size')) return { body: { batch_size: 1 } };
      const most = asked.path.endsWith('/events') ? breaks.shift() : undefined;
      if (most === undefined) return script(asked);
      return (response) => {
        sendScriptedEvents(HELLO, asked, response, most);
        response.end();
      };
    });
    const events: InspectionEvent[] = [];
    let lost = 0;
    for await (const event of amun.follow(ID, { onTrouble: () => (lost += 1) })) {
      events.push(event);
    }
    expect(lost).toBe(3);
    const phases = events.flatMap((event) => (event.event === 'phase' ? [event.phase] : []));
    expect(phases).toEqual(HELLO.stages.map(({ phase }) => phase));
    const log = events.map((event) => (event.event === 'build_log' ? event.text : '')).join('');
    expect(log).toBe(HELLO.buildLog);
    expect(events.at(-1)).toEqual({ event: 'end', cut: [] });
    const last = service.asked.map(({ headers }) => headers['last-event-id']);
    expect(last).toEqual([undefined, undefined, '2', '2', '5']);
  });

  it('throws what the service says, and that nothing answers', async () => {
    const details = [{ pointer: '/base', message: 'is missing' }];
    const amun = await connect(() => ({
      status: 400,
      body: { error: 'Write a base.', code: 'InvalidSpecification', parameters: {}, details },
    }));
    const refused: unknown = await amun.report(ID).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({
      status: 400,
      code: 'InvalidSpecification',
      message: 'Write a base.',
      details,
    });
    await service.kill();
    await expect(amun.specification(ID)).rejects.toBeInstanceOf(UnreachableError);
  });
});
