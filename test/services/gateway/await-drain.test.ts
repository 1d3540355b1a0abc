import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { awaitDrain } from '../../../services/gateway/await-drain.js';
import { heldBy } from './held-by.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('waiting for a client to read', () => {
  const never = new AbortController();
  let raw: PassThrough;
  beforeEach(() => {
    raw = new PassThrough({ highWaterMark: 1 });
    raw.write('more than it takes');
  });
  afterEach(() => raw.destroy());

  it('ends when it did', async () => {
    const drained = awaitDrain(raw, never.signal);
    raw.resume();
    await expect(drained).resolves.toBeUndefined();
  });

  it('ends at the signal', async () => {
    const stop = new AbortController();
    const drained = awaitDrain(raw, stop.signal);
    stop.abort();
    await expect(drained).rejects.toThrow('aborted');
  });

  it('gives a client up that reads nothing, whatever is collected meanwhile', async () => {
    const drained = awaitDrain(raw, never.signal, 300);
    const ended = expect(drained).rejects.toThrow('aborted');
    await setTimeout(50);
    collectGarbage();
    await ended;
  });

  it('leaves nothing at the signal, however it ends', async () => {
    const stalled = awaitDrain(raw, never.signal, 20);
    await expect(stalled).rejects.toThrow('aborted');
    const drained = awaitDrain(raw, never.signal);
    raw.resume();
    await drained;
    expect(heldBy(never.signal)).toBe(0);
  });
});
