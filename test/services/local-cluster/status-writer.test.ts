import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StatusWriter } from '../../../services/local-cluster/status-writer.js';
import { folderOf, layoutOf, type Layout } from '../../../shared/cluster/local/layout.js';

describe('the status writer', () => {
  let directory: string;
  let layout: Layout;
  const ref = { kind: 'job', id: 'job-1' } as const;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'amun-status-'));
    layout = layoutOf(directory);
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('ends with the newest of many, without writing each', async () => {
    await mkdir(folderOf(layout, ref), { recursive: true });
    const writer = new StatusWriter(layout);
    let taken = 0;
    const status = (value: number) => (): object => {
      taken += 1;
      return { value };
    };
    for (let value = 0; value < 100; value += 1) void writer.write(ref, status(value));
    await writer.settle();
    const text = await readFile(path.join(folderOf(layout, ref), 'status.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({ value: 99 });
    expect(taken).toBeLessThan(100);
  });

  it('leaves alone what was taken away meanwhile', async () => {
    await expect(new StatusWriter(layout).write(ref, () => ({}))).resolves.toBeUndefined();
  });
});
