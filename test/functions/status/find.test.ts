import { submit } from '../../../functions/submit/submit.js';
import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { expectRefusal } from '../call-function.js';
import { NOON, openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { endBuild, startBuildInCluster } from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';

const MINUTE = 60_000;
const timeOf = (minutes: number): string => new Date(NOON + minutes * MINUTE).toISOString();

describe('finding inspections', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  /** Submits one a minute later than the one before. */
  async function add(fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { id } = await submit(stage.ports, specify(fields));
    stage.time += MINUTE;
    return id;
  }
  async function find(search: string) {
    const { status, body } = await ask(stage, `/inspect?${search}`);
    expect(status).toBe(200);
    return body;
  }
  const idsOf = async (search: string) => (await find(search))['inspections'];

  it('by identifier, labels and time, all of which must fit', async () => {
    const plain = await add();
    const mine = await add({ identifier: 'mine', labels: { team: 'qa', 'example.org/run': '7' } });
    const other = await add({ identifier: 'mine', labels: { team: 'dev' } });
    expect(await idsOf('identifier=mine')).toEqual([other, mine]);
    expect(await idsOf('label=team')).toEqual([other, mine]);
    expect(await idsOf('label=team=qa')).toEqual([mine]);
    expect(await idsOf('label=team%3Dqa,example.org/run')).toEqual([mine]);
    expect(await idsOf('label=team=dev,example.org/run')).toEqual([]);
    expect(await idsOf(`created_after=${timeOf(0)}`)).toEqual([other, mine]);
    expect(await idsOf(`created_before=${timeOf(2)}&identifier=mine`)).toEqual([mine]);
    expect(await idsOf(`created_before=${timeOf(1)}`)).toEqual([plain]);
    // The same moment elsewhere, and a leap second.
    expect(await idsOf('created_before=2026-01-01T13:01:00%2B01:00')).toEqual([plain]);
    expect(await idsOf('created_after=2016-12-31t23:59:60z&limit=1')).toEqual([other]);
  });

  it('tells what was asked, how many there are, and the labels', async () => {
    await add();
    const id = await add({ labels: { team: 'qa' } });
    expect(await find('label=team=qa&phase=queued,building,running&details=true')).toEqual({
      inspections: [id],
      total: 1,
      next_cursor: null,
      items: [
        {
          inspection_id: id,
          phase: 'queued',
          reason: null,
          created: timeOf(1),
          finished: null,
          labels: { team: 'qa' },
        },
      ],
      parameters: {
        page: 1,
        limit: 100,
        label: ['team=qa'],
        phase: ['queued', 'building', 'running'],
      },
    });
    const status = await ask(stage, `/inspect/${id}/status`);
    expect(status.body['labels']).toEqual({ team: 'qa' });
  });

  it('walks from the start to the end by cursors, while others come', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift(await add());
    const pages: unknown[] = [];
    let cursor: string | null = 'start';
    while (cursor !== null) {
      const body = await find(`limit=2&cursor=${cursor}`);
      pages.push(body['inspections']);
      cursor = body['next_cursor'] as string | null;
      await add();
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    const [first] = (await find('limit=1&page=3&cursor=start'))['inspections'] as string[];
    const [later] = (await find(`limit=1&page=2&cursor=${NOON}-0000000000000000`))[
      'inspections'
    ] as string[];
    expect([first, later]).toEqual([(await stage.records()).at(-3)?.id, undefined]);
  });

  describe('by phase', () => {
    let succeeded: string;
    let running: string;
    let building: string;
    let queued: string;
    beforeEach(async () => {
      succeeded = await add();
      await runUntilQuiet(stage);
      running = await add({ base: 'debian:12' });
      const { buildId } = await stage.newest();
      await endBuild(stage, buildId);
      await onBuildComplete(stage.ports, buildId);
      building = await add({ base: 'debian:11' });
      await startBuildInCluster(stage, (await stage.newest()).buildId);
      queued = await add({ base: 'debian:10' });
    });

    it.each([
      ['queued', () => [queued]],
      ['building', () => [building]],
      ['running', () => [running]],
      ['succeeded', () => [succeeded]],
      ['failed', () => []],
      ['queued,succeeded', () => [queued, succeeded]],
      ['running&phase=building', () => [building, running]],
      ['queued,building,running', () => [queued, building, running]],
      ['succeeded,failed,cancelled', () => [succeeded]],
    ])('%s, as it stands at the moment', async (phases, expected) => {
      expect(await idsOf(`phase=${phases}`)).toEqual(expected());
    });

    it('page by page, where the cluster has to say which it is', async () => {
      const ids: string[] = [building];
      for (let n = 0; n < 5; n += 1) {
        await add({ base: 'debian:10' });
        ids.unshift(await add({ base: 'debian:11' }));
      }
      const walked: string[] = [];
      let cursor: string | null = 'start';
      while (cursor !== null) {
        const body = await find(`phase=building&limit=2&cursor=${cursor}`);
        expect(body['total']).toBeNull();
        walked.push(...(body['inspections'] as string[]));
        cursor = body['next_cursor'] as string | null;
      }
      expect(walked).toEqual(ids);
      expect(await idsOf('phase=building&limit=2&page=2')).toEqual(ids.slice(2, 4));
      expect(await idsOf('phase=building&limit=2&page=9')).toEqual([]);
    });
  });

  it.each([
    'phase=done',
    'phase=queued,',
    'label=',
    'label=a b',
    'label=-a',
    'label=a=b=c',
    'created_after=yesterday',
    'created_before=2026-13-01T00:00:00Z',
    'cursor=',
    'cursor=1',
    'cursor=1-inspection_0123456789abcdef',
    'cursor=-1-0123456789abcdef',
    'limit=0&phase=queued',
  ])('refuses ?%s, and says what to write', async (search) => {
    const answered = await ask(stage, `/inspect?${search}`);
    expectRefusal(answered, 400, 'InvalidRequest');
    expect(answered.body['error']).toMatch(/ is ".*; write /);
  });
});
