import fc from 'fast-check';
import { waitUntil } from '../../../wait-until.js';
import type { LiveInspection } from './live-inspection.js';
import { openLive, type Live } from './open-live.js';
import { readStream, textsOf, type ReadEvent } from './read-stream.js';

/** Bytes that are hard to cut: text of several bytes a character, and what is no text at all. */
const bytes = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 20 }).map((raw) => Buffer.from(raw)),
  fc.constantFrom(
    Buffer.from('\r\n\r\n'),
    Buffer.from('data: x\n\nid: y\n'),
    Buffer.from('\0\0'),
    Buffer.from('\ufeff\u2028❄'),
    Buffer.from([0xf0, 0x9f, 0x98]),
    Buffer.from([0xe2, 0x9d]),
  ),
);
const step = fc.record({
  where: fc.constantFrom('build', '0 stdout', '0 stderr', '1 stdout', '1 stderr'),
  bytes,
});
const story = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 25 }),
  cuts: fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 12 }),
  // Between these, the feed is the same one, has forgotten what it had, or is a new one.
  lingerMs: fc.constantFrom(0, 10_000),
  keptCharacters: fc.constantFrom(1, 2_000, 1_000_000),
});

describe('a follower that is cut off again and again', () => {
  let live: Live;
  let inspection: LiveInspection;

  async function open(feeds: { lingerMs: number; keptCharacters: number }): Promise<void> {
    live = await openLive(2, { shortestMs: 5, longestMs: 10, ...feeds });
    ({ inspection } = live);
  }

  /** What all events of the inspection would say, in whatever pieces. */
  function expected(): Record<string, string> {
    const logs: Record<string, Buffer> = { build: inspection.buildLog };
    inspection.runs.forEach((run, item) => {
      logs[`${item} stdout`] = run.stdout;
      logs[`${item} stderr`] = run.stderr;
    });
    const texts = Object.entries(logs).map(([name, log]) => [name, log.toString()] as const);
    return Object.fromEntries(texts.filter(([, text]) => text !== ''));
  }

  /** Follows to the end, each connection cut after so many bytes, the last ones by the end only. */
  async function followCut(cuts: readonly number[]): Promise<ReadEvent[]> {
    const { url } = live;
    const events: ReadEvent[] = [];
    for (let connection = 0; events.at(-1)?.event !== 'end'; connection += 1) {
      const read = await readStream(url, {
        lastEventId: events.at(-1)?.id,
        cutAfter: cuts[connection] ?? Infinity,
      });
      events.push(...read.events);
    }
    return events;
  }

  it('sees every byte once', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ steps, cuts, ...feeds }) => {
        await open(feeds);
        try {
          const followed = followCut(cuts);
          for (const { where, bytes: written } of steps) {
            const [item, stream] = where.split(' ');
            if (where === 'build') inspection.addToBuildLog(written);
            else inspection.write(Number(item), stream as 'stdout' | 'stderr', written);
            await new Promise((resolve) => setTimeout(resolve, 4));
          }
          inspection.end();
          const events = await followed;
          const texts = Object.entries(textsOf(events)).filter(([, text]) => text !== '');
          expect(Object.fromEntries(texts)).toEqual(expected());
          const states = events.filter(({ event }) => event === 'run').map(({ data }) => data);
          const known = states.map(({ item, state }) => `${String(item)} ${String(state)}`);
          expect(new Set(known).size).toBe(known.length);
          expect(known).toContain('0 terminated');
          const phases = events.filter(({ event }) => event === 'phase').map(({ data }) => data);
          const told = phases.map(({ phase }) => phase);
          expect(told.filter((phase, index) => phase === told[index - 1])).toEqual([]);
          expect(told.at(-1)).toBe('succeeded');
          expect(events.filter(({ event }) => event === 'end')).toHaveLength(1);
        } finally {
          await live.close();
        }
      }),
      { numRuns: 40 },
    );
  }, 240_000);

  it('catches up with what the feed has forgotten, and goes on with it', async () => {
    await open({ lingerMs: 10_000, keptCharacters: 100 });
    try {
      const url = `${live.url}?items=0`;
      const follow = () => {
        let seen = '';
        const stream = readStream(url, {
          onEvent: ({ event, data }) => {
            if (event === 'output') seen += String(data['text']);
          },
        });
        return { stream, seen: () => seen };
      };
      inspection.addToBuildLog('begun\n');
      const first = follow();
      for (let line = 0; line < 30; line += 1) {
        inspection.write(0, 'stdout', `line ${line} ${'.'.repeat(100)}\n`);
        await waitUntil(() => first.seen().includes(`line ${line} `));
      }
      const late = [follow(), follow()];
      for (const { seen } of late) await waitUntil(() => seen().includes('line 29 '));
      inspection.write(0, 'stdout', 'the last line\n');
      inspection.end();
      for (const { stream } of [first, ...late]) {
        expect(textsOf((await stream).events)).toEqual({
          build: 'begun\n',
          '0 stdout': inspection.runs[0]!.stdout.toString(),
        });
      }
    } finally {
      await live.close();
    }
  }, 60_000);
});
