import { ensureBusyboxBase } from '../base-image.js';
import { requireTools } from '../require-tools.js';
import { readStream, textsOf, type ReadEvent } from '../services/gateway/follow/read-stream.js';
import { waitUntil } from '../wait-until.js';
import { ask, resultOf, submit } from './inspect.js';
import { startStack, type Stack } from './start-stack.js';

const LINES = 12;
/** As long as a status is waited for at most. */
const WAIT_SECONDS = 45;
/** Characters of several bytes each, cut by the writes; stderr in between. */
const SLOW = `#!/bin/sh
for line in $(seq 1 ${LINES}); do
  printf 'line %s \\342' "$line"; sleep 1; printf '\\235\\204\\n'
  echo "trouble $line" >&2
done
`;

requireTools(['podman', 'nats-server', 'busybox'])('following an inspection', () => {
  let stack: Stack;
  let base: string;

  beforeAll(async () => {
    base = await ensureBusyboxBase();
    stack = await startStack();
  }, 300_000);

  afterAll(() => stack.stop(), 240_000);

  const eventsOf = (id: string) => `${stack.url}/api/v1/inspect/${id}/events`;

  /** Follows to the end; the first connections are cut after so many bytes each. */
  async function followCut(id: string, cuts: readonly number[]): Promise<ReadEvent[]> {
    const events: ReadEvent[] = [];
    for (let connection = 0; events.at(-1)?.event !== 'end'; connection += 1) {
      const read = await readStream(eventsOf(id), {
        lastEventId: events.at(-1)?.id,
        cutAfter: cuts[connection] ?? Infinity,
      });
      events.push(...read.events);
    }
    return events;
  }

  it('shows a slow script as it goes, each byte once however often it is cut off', async () => {
    const id = await submit(stack, { base, script: SLOW });
    let live = '';
    const [whole, cut] = await Promise.all([
      readStream(eventsOf(id), {
        onEvent: ({ event, data }) => {
          if (event === 'output') live += `${String(data['text'])}|`;
        },
      }),
      followCut(id, [700, 900, 500, 1_100, 800, 1_300]),
    ]);
    const numbers = Array.from({ length: LINES }, (_, index) => index + 1);
    const log = await ask(stack, `/inspect/${id}/build/log`);
    const expected = {
      build: log.body['log'],
      '0 stdout': numbers.map((number) => `line ${number} ❄\n`).join(''),
      '0 stderr': numbers.map((number) => `trouble ${number}\n`).join(''),
    };
    expect(textsOf(whole.events)).toEqual(expected);
    expect(textsOf(cut)).toEqual(expected);
    // It came while the script ran, not at its end.
    expect(live.split('|').length).toBeGreaterThan(3);
    const phases = whole.events.filter(({ event }) => event === 'phase');
    expect(phases.at(-1)!.data).toMatchObject({ inspection_id: id, phase: 'succeeded' });
    expect(await resultOf(stack, id)).toMatchObject({ stdout: expected['0 stdout'] });
  }, 400_000);

  it('shows a build before it has ended', async () => {
    const files = [{ path: '/opt/only-here', content: 'a build of its own' }];
    const id = await submit(stack, { base, files, script: '#!/bin/sh\necho done\n' });
    const seen: ReadEvent[] = [];
    const stream = readStream(eventsOf(id), { onEvent: (event) => seen.push(event) });
    await waitUntil(() => seen.some(({ event }) => event === 'build_log'), 120_000);
    const { events } = await stream;
    const kinds = events.map(({ event }) => event);
    expect(kinds.indexOf('build_log')).toBeLessThan(kinds.indexOf('output'));
    expect(textsOf(events)['0 stdout']).toBe('done\n');
  }, 400_000);

  it('tells the runs of a batch apart, and of those only that are asked for', async () => {
    const script = '#!/bin/sh\nread -r n </proc/sys/kernel/random/uuid\necho "$n"\nexit 3\n';
    const id = await submit(stack, { base, script, batch_size: 5 });
    const [all, some] = await Promise.all([
      readStream(eventsOf(id)),
      readStream(`${eventsOf(id)}?items=4,1&build_log=false`),
    ]);
    const items = [0, 1, 2, 3, 4];
    const reports = await Promise.all(items.map((item) => resultOf(stack, id, item)));
    const outputs = reports.map((report, item) => [`${item} stdout`, report['stdout']] as const);
    expect(textsOf(all.events)).toMatchObject(Object.fromEntries(outputs));
    expect(textsOf(some.events)).toEqual(Object.fromEntries([outputs[1]!, outputs[4]!]));
    const ends = all.events.filter(({ data }) => data['state'] === 'terminated');
    expect(ends.map(({ data }) => data['item']).sort()).toEqual(items);
    expect(ends.every(({ data }) => data['exit_code'] === 3)).toBe(true);
    expect(all.events.at(-1)!.data).toMatchObject({ phase: 'failed', reason: 'ScriptFailed' });
  }, 400_000);

  it('is waited for by a status that answers at its end', async () => {
    const id = await submit(stack, { base, script: '#!/bin/sh\nsleep 1\n' });
    let phase: unknown;
    let waited: number;
    do {
      const asked = Date.now();
      ({ phase } = (await ask(stack, `/inspect/${id}/status?wait=${WAIT_SECONDS}`)).body);
      waited = Date.now() - asked;
      // Where it waited as long as it may, it is asked again; sooner it answers only at the end.
    } while (phase !== 'succeeded' && waited > WAIT_SECONDS * 900);
    expect(phase).toBe('succeeded');
  }, 400_000);
});
