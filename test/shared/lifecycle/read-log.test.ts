import { AmunError } from '../../../shared/errors/amun-error.js';
import type { Cluster } from '../../../shared/cluster/port.js';
import { readLog } from '../../../shared/lifecycle/read-log.js';

const TARGET = { build: 'build-1' };

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

async function read(limit: number, ...texts: string[]): Promise<string | undefined> {
  const cluster = { logs: () => pieces(...texts) } as unknown as Cluster;
  const bytes = await readLog(cluster, TARGET, limit);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

describe('readLog', () => {
  it.each([
    [['abc', 'def'], 'abcdef'],
    [[], ''],
    [['0123456789'], '0123456789'],
  ])('reads %j whole where it fits', async (texts, whole) => {
    expect(await read(10, ...texts)).toBe(whole);
  });

  it.each([
    ['one piece', ['0123456789abcdef']],
    ['many', Array.from('0123456789abcdef')],
    ['some', ['0123', '456789abc', 'def']],
  ])('keeps beginning and end of what is larger, in %s', async (_, texts) => {
    expect(await read(10, ...texts)).toBe('01234\n[amun: 6 bytes are left out here]\nbcdef');
  });

  it('holds no more of a large log than twice its limit', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    const read20 = await read(1024, ...Array.from({ length: 20 }, () => mebibyte), 'the end');
    expect(read20).toHaveLength(1024 + '\n[amun: 20970503 bytes are left out here]\n'.length);
    expect(read20?.endsWith('the end')).toBe(true);
  });

  it('is undefined where the cluster has no such log', async () => {
    const failing = {
      logs: async function* () {
        yield* pieces('a');
        throw new AmunError('NotFound', 'Gone.');
      },
    } as unknown as Cluster;
    expect(await readLog(failing, TARGET, 10)).toBeUndefined();
  });

  it('passes on that the cluster does not answer', async () => {
    const failing = {
      logs: async function* () {
        yield* pieces('a');
        throw new AmunError('Unavailable', 'Not now.');
      },
    } as unknown as Cluster;
    await expect(readLog(failing, TARGET, 10)).rejects.toMatchObject({ code: 'Unavailable' });
  });
});
