import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBusyboxBase } from '../base-image.js';
import { requireTools } from '../require-tools.js';
import { waitUntil } from '../wait-until.js';
import { listProcesses, type ProcessInfo } from './child-processes.js';
import { resultOf, statusOf, submit, succeeded, until, type Status } from './inspect.js';
import { readEvents } from './stack-events.js';
import { startStack, type Stack } from './start-stack.js';

const LINES = 300;

/** Each kind of process of a stack, by a part of its command line. */
const PROCESSES = [
  'functions/submit/',
  'functions/status/',
  'functions/on-build-complete/',
  'functions/on-job-complete/',
  'services/connector.js',
  'services/watcher.js',
  'services/gateway.js',
  'services/local-cluster.js',
  'nats-server',
];

/** A stack of its own for each, so that every one of them is built anew. */
const specification = (base: string, name: string): object => ({
  base,
  identifier: name,
  files: [{ path: '/opt/name', content: name }],
  script: `#!/bin/sh\ni=0\nwhile [ $i -lt ${LINES} ]; do\n  echo "line $i"\n  echo "error $i" >&2\n  i=$((i+1))\n  [ $((i % 100)) -eq 0 ] && sleep 3\ndone\ntrue\n`,
});

const lines = (word: string): string =>
  Array.from({ length: LINES }, (_, i) => `${word} ${i}\n`).join('');

requireTools(['podman', 'nats-server', 'busybox'])('kill -9', () => {
  let stack: Stack;
  let base: string;
  const ids: string[] = [];

  beforeAll(async () => {
    base = await ensureBusyboxBase();
    stack = await startStack();
  }, 300_000);

  afterAll(() => stack.stop(), 240_000);

  const expectWhole = async (id: string): Promise<void> => {
    ids.push(id);
    expect(await succeeded(stack, id)).toMatchObject({ reason: null });
    const report = await resultOf(stack, id);
    expect(report).toMatchObject({ exit_code: 0, stdout: lines('line'), stderr: lines('error') });
  };

  /** Waits for it where it is just being started again. */
  const killPart = (part: string): Promise<void> =>
    waitUntil(() => {
      try {
        return hasKilled(stack.find(part).pid);
      } catch {
        return false;
      }
    });

  /** Inspects stacks of their own until a process of one was caught and killed; all must be whole. */
  const killProcessOf = async (
    name: string,
    partsOf: (id: string) => Promise<string[]>,
  ): Promise<void> => {
    for (let n = 1; ; n += 1) {
      const id = await submit(stack, specification(base, `${name}-${n}`));
      const parts = await partsOf(id);
      let isKilled = false;
      while (!isKilled && !isEnd(await statusOf(stack, id))) {
        await sleep(10);
        isKilled = listProcesses().some((one) => isEngine(one, parts) && hasKilled(one.pid));
      }
      await expectWhole(id);
      if (isKilled) return;
    }
  };

  it.each(PROCESSES)(
    'of %s, while it builds and while it runs, changes nothing',
    async (part) => {
      const id = await submit(stack, specification(base, part.replaceAll(/[^a-z]/g, '')));
      await killPart(part);
      await until(stack, id, (status) => status.phase === 'running' || isEnd(status));
      await sleep(Math.random() * 1500);
      await killPart(part);
      await expectWhole(id);
    },
    400_000,
  );

  it("of the engine's build is made up for", async () => {
    await killProcessOf('engine-build', async (id) => {
      const { build } = await statusOf(stack, id);
      return ['podman', 'build', String(build['id'])];
    });
  }, 400_000);

  it("of the container's monitor is made up for", async () => {
    await killProcessOf('monitor', async (id) => {
      await until(stack, id, (status) => isEnd(status) || hasRunning(status));
      return ['conmon', id];
    });
  }, 400_000);

  it('told of each end once', async () => {
    expect(ids.length).toBeGreaterThanOrEqual(PROCESSES.length + 2);
    const told = async (): Promise<string[]> =>
      (await readEvents(stack))
        .filter(({ type }) => type === 'amun.inspection.complete')
        .map(({ subject }) => subject);
    // An end is in the record a moment before it is told of.
    await waitUntil(async () => (await told()).length >= ids.length);
    expect((await told()).sort()).toEqual([...ids].sort());
    const dead = (await readEvents(stack)).filter(({ type }) => type === 'amun.dead-letter');
    expect(dead).toEqual([]);
    for (const id of ids) expect(await statusOf(stack, id)).toMatchObject({ phase: 'succeeded' });
  });
});

function isEnd({ phase }: Status): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(phase);
}

function hasRunning({ job }: Status): boolean {
  return job.runs.some((run) => run['state'] === 'running');
}

/** Whether its command line has every part; the engine's are nobody's children. */
function isEngine({ command }: ProcessInfo, parts: readonly string[]): boolean {
  return !command.startsWith(process.execPath) && parts.every((part) => command.includes(part));
}

/** False where it had ended by itself. */
function hasKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
