import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireRealkube, startRealkube, type Realkube } from '../realkube.js';
import { requireTools } from '../require-tools.js';
import { OF_INSPECTIONS } from '../of-inspections.js';
import { waitUntil } from '../wait-until.js';
import { ended, submit } from './inspect.js';
import { endOfAll, inspectMany } from './inspect-many.js';
import { runningProcess } from './running-process.js';
import { countInFlight, readEvents } from './stack-events.js';
import { startStack, type Stack } from './start-stack.js';

const TEST_MS = 600_000;
/** Half a minute of it is that of the scheduler, which looks for the API server again so seldom. */
const WORK_MS = 400_000;
/** Until nothing is under way, or left in the cluster. */
const LEAVE_MS = 180_000;
const API_SERVER = 'API server';
const API_SERVER_DOWN_MS = 10_000;

/** By parts of their command lines. */
const PROCESSES = [
  'functions/submit/',
  'functions/status/',
  'functions/on-build-complete/',
  'functions/on-job-complete/',
  'services/connector.js',
  'services/watcher.js',
  'services/gateway.js',
  'nats-server',
];

/** Pods without containers: they take a while, and a build says that it made an image. */
const SIMULATED = {
  AMUN_CLUSTER: 'kubernetes',
  AMUN_REGISTRY: 'registry.invalid/amun',
  AMUN_BUILD_ANNOTATIONS: `realkube/run-ms=500-3000,realkube/termination-message=sha256:${'0'.repeat(64)}`,
  AMUN_RUN_ANNOTATIONS: 'realkube/run-ms=500-3000',
};

const describeKill = requireTools(['nats-server'], requireRealkube());

describeKill('a stack on a Kubernetes', () => {
  let kube: Realkube;
  let stack: Stack;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    kube = await startRealkube({ fakeNodes: 5 });
    stops.unshift(() => kube.stop());
    stack = await startStack({ ...SIMULATED, KUBECONFIG: kube.kubeconfig });
    stops.unshift(() => stack.stop());
  }, 300_000);
  afterAll(async () => {
    for (const stop of stops) await stop();
  }, 300_000);

  it(
    'loses, doubles and forgets nothing where anything is killed at any time',
    async () => {
      const seed = Number(process.env['AMUN_TEST_SEED'] ?? Date.now() % 1_000_000);
      process.stderr.write(`AMUN_TEST_SEED=${seed}\n`);
      const order = shuffle([...PROCESSES, API_SERVER], seed);
      let submitted = 0;
      let revived: Promise<void> | undefined;
      const kill = async (victim: string): Promise<void> => {
        if (victim !== API_SERVER) {
          process.kill((await runningProcess(stack, victim)).pid, 'SIGKILL');
          return;
        }
        await kube.kill('apiserver');
        // The others are killed meanwhile.
        revived = sleep(API_SERVER_DOWN_MS).then(() => kube.restart('apiserver'));
        revived.catch(() => undefined);
      };
      const killAll = async (): Promise<void> => {
        for (const [index, victim] of order.entries()) {
          const enough = Math.round(((index + 1) * 100) / (order.length + 1));
          await waitUntil(() => submitted >= enough, WORK_MS);
          await kill(victim);
        }
        await revived;
      };
      await Promise.all([
        killAll(),
        inspectMany(
          stack,
          { ...load('kill', 100), onSubmitted: (count) => (submitted = count) },
          WORK_MS,
        ),
      ]);
      await expectAllWell(100);
    },
    TEST_MS,
  );

  it(
    'with two watchers and two connectors does what it does with one',
    async () => {
      const names = ['watcher', 'connector'];
      const seconds = await Promise.all(names.map((name) => startSecond(stack, name)));
      try {
        // Both have to be at work, and not only started.
        await sleep(2_000);
        await inspectMany(stack, load('two', 40), WORK_MS);
        expect(seconds.map(({ exitCode }) => exitCode)).toEqual([null, null]);
        await expectAllWell(140);
      } finally {
        for (const second of seconds) {
          second.kill('SIGTERM');
          if (second.exitCode === null) await once(second, 'exit');
        }
      }
    },
    TEST_MS,
  );

  it(
    'collects what somebody makes who was held up until all was over',
    async () => {
      const ofKind = ['get', 'configmaps', '-l', OF_INSPECTIONS, '-o', 'json'];
      let found: { items: { metadata: Record<string, unknown> }[] } = { items: [] };
      // Nothing ends, and is collected, before it was looked at.
      await kube.kill('scheduler');
      const id = await submit(stack, load('late', 1).specification(1));
      await waitUntil(async () => {
        found = JSON.parse(await kube.kubectl(ofKind)) as typeof found;
        return found.items.length > 0;
      });
      await kube.restart('scheduler');
      await ended(stack, id);
      await waitUntil(async () => (await leftovers()) === '', LEAVE_MS);
      const [{ metadata, ...object } = { metadata: {} }] = found.items;
      const { name, labels, annotations } = metadata;
      const again = { ...object, metadata: { name, labels, annotations } };
      await kube.kubectl(['create', '-f', '-'], JSON.stringify(again));
      // It has no pod, and never ends by itself.
      await waitUntil(async () => (await leftovers()) === '', LEAVE_MS);
    },
    TEST_MS,
  );

  /** Every inspection so far succeeded, was told of once, and has left nothing behind. */
  async function expectAllWell(atLeast: number): Promise<void> {
    const ends = await endOfAll(stack, LEAVE_MS);
    // A POST whose gateway died is sent again, and may have done its work the first time.
    expect(ends.size).toBeGreaterThanOrEqual(atLeast);
    const others = [...ends.values()].filter(({ phase }) => phase !== 'succeeded');
    expect(others).toEqual([]);
    await waitUntil(async () => (await countInFlight(stack)) === 0, LEAVE_MS);
    const events = await readEvents(stack);
    expect(events.filter(({ type }) => type === 'amun.dead-letter')).toEqual([]);
    const told = events.filter(({ type }) => type === 'amun.inspection.complete');
    expect(told.map(({ subject }) => subject).sort()).toEqual([...ends.keys()].sort());
    await waitUntil(async () => (await leftovers()) === '', LEAVE_MS).catch(() => undefined);
    expect(await leftovers()).toBe('');
  }

  async function leftovers(): Promise<string> {
    const ours = ['-l', OF_INSPECTIONS, '-o', 'name'];
    return (await kube.kubectl(['get', 'pods,configmaps', ...ours])).trim();
  }
});

/** Inspections with a build of their own each. */
function load(name: string, count: number) {
  return {
    count,
    atOnce: 25,
    specification: (n: number): object => ({
      base: 'registry.invalid/base:1',
      files: [{ path: '/opt/name', content: `${name} ${n}` }],
      script: 'true',
    }),
  };
}

/** Another process of a service of the stack, in the environment of the first. */
async function startSecond(stack: Stack, name: string): Promise<ChildProcess> {
  const { pid } = await runningProcess(stack, `services/${name}.js`);
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  const environment: Record<string, string> = {};
  for (const pair of variables) {
    const [key = '', value = ''] = pair.split(/=(.*)/s);
    environment[key] = value;
  }
  // That of the first is of no use to another.
  delete environment['NODE_CHANNEL_FD'];
  const program = join(process.cwd(), `dist/services/${name}.js`);
  return spawn(process.execPath, [program], {
    env: { ...environment, AMUN_LISTEN_PORT: '0' },
    stdio: 'ignore',
  });
}

/** The same order for the same seed. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return items
    .map((item) => ({ item, place: random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item);
}
