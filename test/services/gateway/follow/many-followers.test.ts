import { createJobComplete } from '../../../../shared/events/create-event.js';
import { waitUntil } from '../../../wait-until.js';
import { ID } from './live-inspection.js';
import { openLive, type Live } from './open-live.js';
import { readStream, textsOf } from './read-stream.js';

const FOLLOWERS = 200;
const STEPS = 8;
const NEVER = 2 ** 30;

describe('two hundred followers of one inspection', () => {
  let live: Live;

  beforeEach(async () => {
    // Only what the bus tells makes the feed look, so that looks can be counted.
    live = await openLive(2, { shortestMs: NEVER, longestMs: NEVER, lingerMs: 0 });
  });
  afterEach(() => live.close());

  it('cost as many calls of the function as one, and see the same', async () => {
    const { inspection, gateway, url } = live;
    const read = Array.from({ length: FOLLOWERS }, () => readStream(url));
    await waitUntil(() => gateway.feeds.counts.followers === FOLLOWERS);
    for (let step = 0; step < STEPS; step += 1) {
      if (step < 2) inspection.addToBuildLog(`step ${step} ❄\n`);
      else inspection.write(step % 2, step % 3 === 0 ? 'stderr' : 'stdout', `line ${step}\r\n`);
      await hint(step);
    }
    inspection.end();
    await hint(STEPS);
    const streams = await Promise.all(read);

    const [first] = streams;
    expect(textsOf(first!.events)).toEqual({
      build: inspection.buildLog.toString(),
      '0 stdout': inspection.runs[0]!.stdout.toString(),
      '0 stderr': inspection.runs[0]!.stderr.toString(),
      '1 stdout': inspection.runs[1]!.stdout.toString(),
      '1 stderr': inspection.runs[1]!.stderr.toString(),
    });
    const firstLogs = textsOf(first!.events);
    for (const { events } of streams) {
      expect(textsOf(events)).toEqual(firstLogs);
      expect(events.at(-1)!.event).toBe('end');
    }
    // The first look, one for the first follower's wants, one for each hint, and one to spare.
    const looks = STEPS + 4;
    expect(inspection.count('job/batch-size')).toBe(1);
    for (const what of ['status', 'build/log', 'job/0/output', 'job/1/output']) {
      expect([what, inspection.count(what) <= looks]).toEqual([what, true]);
    }
    await waitUntil(() => gateway.feeds.counts.feeds === 0);
    expect(gateway.feeds.counts).toEqual({ followers: 0, feeds: 0 });
  }, 60_000);

  /** Tells the bus, and waits until the feed has looked. */
  async function hint(number: number): Promise<void> {
    const { inspection, gateway } = live;
    const looks = inspection.count('status');
    await gateway.bus.publish(createJobComplete(ID, { hint: String(number) }));
    await waitUntil(() => inspection.count('status') > looks);
  }
});
