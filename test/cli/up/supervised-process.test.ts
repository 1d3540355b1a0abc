import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from '../../../cli/up/stack.js';
import { SupervisedProcess } from '../../../cli/up/supervised-process.js';
import { identifyProcess } from '../../../shared/process/process-identity.js';
import { waitUntil } from '../../wait-until.js';
import { fixturePlan, journalOf, type Mode } from './fixture-process.js';

const never = new AbortController().signal;
const backoff = { firstMs: 20, longestMs: 80, resetMs: 60_000 };

let folder: string;
let lines: string[];
const started: { kill(): void }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amun-up-'));
  lines = [];
});

afterEach(async () => {
  for (const process of started.splice(0)) process.kill();
  await rm(folder, { recursive: true, force: true });
});

function supervise(name: string, mode?: Mode): SupervisedProcess {
  const onRestart = (line: string): void => void lines.push(line);
  const process = new SupervisedProcess(fixturePlan(folder, name, mode), {
    cwd: folder,
    onRestart,
    backoff,
  });
  started.push(process);
  process.start();
  return process;
}

const begun = (): number => journalOf(folder).filter((line) => line.startsWith('begin')).length;

describe('SupervisedProcess', () => {
  it('starts a process again that was killed, and says so', async () => {
    const process_ = supervise('worker');
    await process_.whenReady(10_000, never);
    for (const count of [2, 3]) {
      process.kill(process_.pid!, 'SIGKILL');
      await waitUntil(() => begun() === count);
    }
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('worker ended (SIGKILL); it starts again in 20 ms');
    expect(lines[1]).toContain('in 40 ms');
    expect(await readFile(join(folder, 'worker.log'), 'utf8')).toBe(
      'log line of worker\n'.repeat(3),
    );
  });

  it('leaves a process that was stopped alone', async () => {
    const process_ = supervise('worker');
    await process_.whenReady(10_000, never);
    const pid = process_.pid!;
    await process_.stop(10_000);
    expect(identifyProcess(pid)).toBeUndefined();
    expect(journalOf(folder).map((line) => line.split(' ')[0])).toEqual(['begin', 'end']);
    expect(lines).toEqual([]);
  });

  it('kills a process that does not stop', async () => {
    const process_ = supervise('worker', 'stubborn');
    await process_.whenReady(10_000, never);
    const pid = process_.pid!;
    await process_.stop(100);
    expect(identifyProcess(pid)).toBeUndefined();
  });

  it('gives up on one that never was ready, with the end of its log', async () => {
    const process_ = supervise('worker', 'broken');
    await expect(process_.whenReady(20_000, never)).rejects.toThrow(
      /worker ended 4 times\. Its log .*worker\.log ends with:\n {2}no way to start/,
    );
    await process_.stop(100);
  });

  it('says what a program that is not there lacks', async () => {
    const plan = { ...fixturePlan(folder, 'worker'), command: join(folder, 'no-such-program') };
    const process_ = new SupervisedProcess(plan, {
      cwd: folder,
      onRestart: () => undefined,
      backoff,
    });
    started.push(process_);
    process_.start();
    await expect(process_.whenReady(20_000, never)).rejects.toThrow('worker ended 4 times');
  });

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    const process_ = supervise('worker', 'broken');
    const waiting = process_.whenReady(20_000, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });
});

describe('Stack', () => {
  it('begins with nats-server and ends with it, the others in order', async () => {
    const names = ['gateway', 'connector', 'submit', 'local-cluster'];
    const plan = {
      nats: fixturePlan(folder, 'nats-server'),
      others: names.map((name) => fixturePlan(folder, name)),
      endOrder: [['gateway', 'connector'], ['submit'], ['local-cluster']],
    };
    const stack = new Stack(plan, { cwd: folder, onRestart: (line) => void lines.push(line) });
    started.push(stack);
    await stack.start(never);
    await stack.stop();
    const done = journalOf(folder).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(done[0]).toBe('begin nats-server');
    expect(done.slice(5, 7).sort()).toEqual(['end connector', 'end gateway']);
    expect(done.slice(7)).toEqual(['end submit', 'end local-cluster', 'end nats-server']);
    expect(lines).toEqual([]);
  });

  it('ends everything at once where it is told to while it stops', async () => {
    const plan = {
      nats: fixturePlan(folder, 'nats-server', 'stubborn'),
      others: [fixturePlan(folder, 'gateway', 'stubborn')],
      endOrder: [['gateway']],
    };
    const stack = new Stack(plan, { cwd: folder, onRestart: () => undefined });
    started.push(stack);
    await stack.start(never);
    const stopped = stack.stop();
    stack.kill();
    await stopped;
    const pids = journalOf(folder).map((line) => Number(line.split(' ')[2]));
    expect(pids.map((pid) => identifyProcess(pid))).toEqual([undefined, undefined]);
  });
});
