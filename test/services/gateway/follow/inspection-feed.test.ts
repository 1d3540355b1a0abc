import pLimit from 'p-limit';
import { CatchUp } from '../../../../services/gateway/follow/catch-up.js';
import { AT_THE_BEGINNING } from '../../../../services/gateway/follow/follow-position.js';
import { follow } from '../../../../services/gateway/follow/follower.js';
import { InspectionFeed } from '../../../../services/gateway/follow/inspection-feed.js';
import type { InspectionSource } from '../../../../services/gateway/follow/inspection-source.js';
import { parseOutputCursor } from '../../../../shared/run/output-cursor.js';
import { waitUntil } from '../../../wait-until.js';
import { textsOf, type ReadEvent } from './read-stream.js';

const LOGS = { build: 'built\n', runs: ['first\n', 'second\n'] };
const PACE = { shortestMs: 1, longestMs: 1, keptCharacters: 1_000_000 };
const WANTS = { buildLog: true, items: [0, 1] };

/** An inspection that has ended. */
const source: InspectionSource = {
  status: () =>
    Promise.resolve({
      inspection_id: 'inspection-ended',
      phase: 'succeeded',
      reason: null,
      message: null,
      position: null,
      created: '',
      finished: '',
      build: { id: 'build', state: 'terminated' },
      job: {
        runs: [0, 1].map((item) => ({ item, state: 'terminated', exit_code: 0, reason: null })),
      },
    }),
  batchSize: () => Promise.resolve(2),
  buildLog: (offset, until) =>
    Promise.resolve({
      text: LOGS.build.slice(offset, until),
      to: LOGS.build.length,
      complete: true,
    }),
  output: (item, cursor) => {
    const log = LOGS.runs[item]!;
    return Promise.resolve({
      stdout: { text: log.slice(parseOutputCursor(cursor)!.stdout), to: log.length },
      stderr: { text: '', to: 0 },
      cursor: `${log.length}-0`,
      complete: true,
      cut: { stdout: false, stderr: false },
    });
  },
};

describe('the feed of an inspection that has ended', () => {
  const stop = new AbortController();
  afterAll(() => stop.abort());

  it('tells all of it to who comes after one who had a part of it already', async () => {
    const runs = new Map([[0, { told: 3, stdout: LOGS.runs[0]!.length, stderr: 0 }]]);
    const from = { ...AT_THE_BEGINNING, runs };
    const feed = await InspectionFeed.open(source, PACE, stop.signal);
    // The other one is still here, and has read nothing yet.
    feed.join(WANTS, from);
    await waitUntil(
      () => feed.buildLog.complete && [0, 1].every((item) => feed.run(item)?.complete === true),
    );
    const signal = AbortSignal.timeout(3_000);
    const member = feed.join(WANTS, AT_THE_BEGINNING);
    const events: ReadEvent[] = [];
    const catchUp = new CatchUp(pLimit(1), signal);
    for await (const { id, event, json } of follow(
      feed,
      member,
      AT_THE_BEGINNING,
      catchUp,
      signal,
    )) {
      events.push({ id, event, data: JSON.parse(json) as Record<string, unknown> });
    }
    expect(textsOf(events)).toEqual({
      build: LOGS.build,
      '0 stdout': LOGS.runs[0],
      '1 stdout': LOGS.runs[1],
    });
    expect(events.at(-1)?.event).toBe('end');
  });
});
