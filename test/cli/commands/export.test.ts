import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeExportContract, EXPORTED } from '../../contract/export-contract.js';
import { runCli, type CliRun } from '../run-cli.js';
import { startScriptedService, type Script } from '../scripted-service.js';

const { id: ID } = EXPORTED;

/** The service that has the inspection of the contract, and one that runs. */
const ENDED: Script = ({ path, query }) => {
  const under = `/inspect/${ID}`;
  const [, item, what] = /\/job\/(\d+)\/(\w+)$/.exec(path) ?? [];
  const run = EXPORTED.runs[Number(item)];
  if (run !== undefined && what === 'result') return { body: { result: run.report } };
  if (run !== undefined && what === 'output') return { body: slice(run, query.get('cursor')) };
  switch (path) {
    case `${under}/status`:
      return { body: { phase: 'failed', build: { finished_at: 'then' } } };
    case `${under}/job/batch-size`:
      return { body: { batch_size: 2 } };
    case `${under}/specification`:
      return { body: { specification: EXPORTED.specification } };
    case `${under}/build/log`:
      return { body: { log: EXPORTED.buildLog } };
    case '/_debug/generate-dockerfile':
      return { body: { dockerfile: 'FROM fedora:40\n' } };
    case '/inspect/inspection-0123456789abcdef/status':
      return { body: { phase: 'running' } };
    default:
      return undefined;
  }
};

/** stdout in two pieces, as a long one comes. */
function slice({ stdout, stderr }: (typeof EXPORTED.runs)[number], cursor: string | null): unknown {
  if (cursor === null) {
    return { stdout: stdout.slice(0, 5), stderr, next_cursor: '5-9', complete: false };
  }
  return { stdout: stdout.slice(5), stderr: '', next_cursor: '9-9', complete: true };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amun-export-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function run(words: readonly string[], script: Script = ENDED): Promise<CliRun> {
  const service = await startScriptedService(script);
  try {
    return await runCli(['export', ...words, '--url', service.url]);
  } finally {
    await service.kill();
  }
}

async function filesIn(place: string): Promise<Map<string, string>> {
  const found = await readdir(place, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  const texts = files.map(async (file) => {
    return [file.slice(place.length + 1), await readFile(file, 'utf8')] as const;
  });
  return new Map(await Promise.all(texts));
}

describeExportContract('`amun export`', async () => {
  const { exitCode, stderr } = await run([ID, folder]);
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  return filesIn(folder);
});

describe('amun export', () => {
  it('says where it is', async () => {
    const { exitCode, stdout } = await run([ID, folder]);
    expect([exitCode, stdout]).toEqual([0, `${join(folder, ID)}\n`]);
    expect(await readdir(folder)).toEqual([ID]);
  });

  it('leaves the same export alone', async () => {
    await run([ID, folder]);
    const { exitCode, stdout, stderr } = await run([ID, folder]);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain('is there already, the same.');
    expect(await readdir(folder)).toEqual([ID]);
  });

  it.each([
    ['another file', () => writeFile(join(folder, ID), 'mine')],
    ['another export', () => change('build/log', 'mine')],
    ['one that lacks a file', () => rm(join(folder, ID, 'build/log'))],
    ['one with a file more', () => change('notes', 'mine')],
    ['one with a link in it', () => symlink('/etc/hostname', join(folder, ID, 'link'))],
  ])('never overwrites %s', async (what, make) => {
    if (what !== 'another file') {
      await run([ID, folder]);
    }
    await make();
    const before = await filesIn(folder);
    const { exitCode, stderr } = await run([ID, folder]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('holds something else')]);
    expect(await filesIn(folder)).toEqual(before);
    expect(await readdir(folder)).toEqual([ID]);
  });

  async function change(file: string, text: string): Promise<void> {
    await writeFile(join(folder, ID, file), text);
  }

  it('refuses what has not ended, and leaves nothing behind', async () => {
    const { exitCode, stderr } = await run(['inspection-0123456789abcdef', folder]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('has not ended yet (running)')]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind where the service breaks off', async () => {
    const { exitCode } = await run([ID, folder], (asked) =>
      asked.path.endsWith('/specification') ? (response) => response.destroy() : ENDED(asked),
    );
    expect(exitCode).toBe(3);
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes every inspection that has ended', async () => {
    const items = [
      { inspection_id: 'inspection-0123456789abcdef', phase: 'running' },
      { inspection_id: ID, phase: 'failed' },
      { inspection_id: ID, phase: 'failed' },
    ];
    const script: Script = (asked) =>
      asked.path === '/inspect' ? { body: { items, total: 3 } } : ENDED(asked);
    const { exitCode, stdout } = await run(['--all-finished', folder], script);
    expect([exitCode, stdout]).toEqual([0, `${join(folder, ID)}\n`]);
  });

  it('makes the folder', async () => {
    const { exitCode } = await run([ID, join(folder, 'a/b')]);
    expect([exitCode, await readdir(join(folder, 'a/b'))]).toEqual([0, [ID]]);
  });

  it('believes no service that names a path for an inspection', async () => {
    await mkdir(join(folder, 'inner'));
    const items = [{ inspection_id: '../escaped', phase: 'failed' }];
    const script: Script = () => ({ body: { items, total: 1, phase: 'failed' } });
    const { exitCode, stderr } = await run(['--all-finished', join(folder, 'inner')], script);
    expect([exitCode, stderr]).toEqual([1, 'There is no inspection "../escaped".\n']);
    expect(await readdir(folder)).toEqual(['inner']);
  });

  it.each([[['only-one']], [['--all-finished', 'one', 'two']]])('refuses %j', async (words) => {
    expect((await run(words)).exitCode).toBe(2);
  });
});
