import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { ensureBusyboxBase } from '../base-image.js';
import { requireTools } from '../require-tools.js';
import { waitUntil } from '../wait-until.js';
import { descendantsOf, listProcesses, type ProcessInfo } from './child-processes.js';
import { ask, ended, submit, until } from './inspect.js';
import { startStack, type Stack } from './start-stack.js';

const CLI = join(process.cwd(), 'dist/cli/amun.js');

requireTools(['podman', 'nats-server', 'busybox'])('two stacks side by side', () => {
  let stacks: Stack[];
  let base: string;
  let folder: string;

  beforeAll(async () => {
    base = await ensureBusyboxBase();
    folder = await mkdtemp(join(tmpdir(), 'amun-specifications-'));
    stacks = await Promise.all([startStack(), startStack()]);
  }, 300_000);

  afterAll(async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
    await rm(folder, { recursive: true, force: true });
  }, 240_000);

  const inspect = async (stack: Stack, name: string, specification: object) => {
    const file = join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify(specification));
    const { stdout, exitCode } = await execa(
      process.execPath,
      [CLI, 'inspect', file, '--json', '--url', stack.url],
      { reject: false },
    );
    return { exitCode, result: JSON.parse(stdout) as Record<string, unknown> };
  };

  it('answer for their own inspections, on one line of JSON and by exit code', async () => {
    const [left, right] = await Promise.all([
      inspect(stacks[0]!, 'left', { base, script: 'echo left', batch_size: 2 }),
      inspect(stacks[1]!, 'right', { base, script: 'exit 5' }),
    ]);
    expect(left).toMatchObject({
      exitCode: 0,
      result: {
        phase: 'succeeded',
        reason: null,
        runs: [
          { item: 0, exit_code: 0 },
          { item: 1, exit_code: 0 },
        ],
      },
    });
    expect(right).toMatchObject({
      exitCode: 1,
      result: { phase: 'failed', reason: 'ScriptFailed', runs: [{ item: 0, exit_code: 5 }] },
    });
    expect((await ask(stacks[0]!, '/inspect')).body['total']).toBe(1);
    expect((await ask(stacks[1]!, '/inspect')).body['total']).toBe(1);
  }, 400_000);

  it('cancel what runs, and keep what it has printed', async () => {
    const stack = stacks[0]!;
    const id = await submit(stack, { base, script: '#!/bin/sh\necho begun\nsleep 600\n' });
    await until(stack, id, ({ job }) => job.runs[0]?.['state'] === 'running');
    for (;;) {
      const { body } = await ask(stack, `/inspect/${id}/job/0/output`);
      if (body['stdout'] === 'begun\n') break;
    }
    expect((await ask(stack, `/inspect/${id}/cancel`, {})).status).toBe(202);
    expect(await ended(stack, id)).toMatchObject({ phase: 'cancelled', reason: 'Cancelled' });
    const { body } = await ask(stack, `/inspect/${id}/job/0/output`);
    expect(body).toMatchObject({ stdout: 'begun\n', complete: true });
    expect((await ask(stack, `/inspect/${id}/cancel`, {})).status).toBe(409);
  }, 400_000);

  it('end everything they started on SIGTERM', async () => {
    const stack = stacks[1]!;
    const id = await submit(stack, { base, script: '#!/bin/sh\nsleep 600\n' });
    await until(stack, id, ({ job }) => job.runs[0]?.['state'] === 'running');
    const started = descendantsOf(stack.pid).map(({ pid }) => pid);
    expect(started.length).toBeGreaterThanOrEqual(9);
    await stack.stop();
    let left: ProcessInfo[] = [];
    // What was killed takes a moment to be gone.
    await waitUntil(() => {
      left = listProcesses().filter(
        // Without a command line it has ended, and its parent has not asked how.
        ({ pid, command }) => command !== '' && (started.includes(pid) || command.includes(id)),
      );
      return left.length === 0;
    }).catch(() => undefined);
    expect(left).toEqual([]);
  }, 400_000);
});
