import type fc from 'fast-check';
import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { listIds } from '../../../shared/cluster/local/read-cluster.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { advance } from '../../../shared/lifecycle/advance.js';
import { buildLogKey, runLogKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { inRandomOrders } from './in-random-orders.js';
import { NOON, openStage, specify, type Stage } from './open-stage.js';
import { BUILD_LOG, endBuild, playAgent, runLog } from './play-agent.js';
import { runUntilQuiet } from './run-until-quiet.js';
import { wrapPorts } from './wrap-ports.js';

const SPECIFICATION = specify({ batch_size: 2 });
const RUNS = 25;
/** What comes with one idempotency key. */
const SAME = { id: 'inspection-0123456789abcdef', created: new Date(NOON).toISOString() };

/** Somebody who acts at the same time as the others; may come too late. */
type Actor = (ports: Ports, first: InspectionRecord) => Promise<unknown>;

const ACTORS = {
  'on-build-complete': (ports, { buildId }) => onBuildComplete(ports, buildId),
  'on-job-complete': (ports, { id }) => onJobComplete(ports, id),
  advance: (ports, { id }) => advance(ports, id),
  submit: (ports) => submit(ports, SPECIFICATION),
  'same submit': (ports) => submit(ports, SPECIFICATION, SAME),
  cancel: (ports, { id }) =>
    cancel(ports, id).catch((error: unknown) => {
      if (!isAmunError(error, 'AlreadyFinished')) throw error;
    }),
} satisfies Record<string, Actor>;

type ActorName = keyof typeof ACTORS | 'agent';

/** A moment in the life of the first inspection, and who acts then. */
interface Scene {
  readonly name: string;
  readonly before: (stage: Stage) => Promise<void>;
  readonly actors: readonly ActorName[];
}

const submitted = async (stage: Stage): Promise<void> => {
  await submit(stage.ports, SPECIFICATION);
};
const built = async (stage: Stage): Promise<void> => {
  await submitted(stage);
  await endBuild(stage, (await stage.newest()).buildId);
};
const running = async (stage: Stage): Promise<void> => {
  await built(stage);
  await onBuildComplete(stage.ports, (await stage.newest()).buildId);
};
const ended = async (stage: Stage): Promise<void> => {
  await running(stage);
  await playAgent(stage);
};
const finished = async (stage: Stage): Promise<void> => {
  await submitted(stage);
  await runUntilQuiet(stage);
};

const SCENES: readonly Scene[] = [
  { name: 'a cancel while others join', before: submitted, actors: ['cancel', 'submit', 'agent'] },
  {
    name: 'a build that ends while it is joined and cancelled',
    before: built,
    actors: ['on-build-complete', 'submit', 'cancel'],
  },
  {
    name: 'one event twice, and a cancel',
    before: built,
    actors: ['on-build-complete', 'on-build-complete', 'cancel'],
  },
  {
    name: 'one build recorded three times while its log goes',
    before: built,
    actors: ['on-build-complete', 'on-build-complete', 'agent', 'on-build-complete', 'agent'],
  },
  {
    name: 'a job that starts, ends, and is cancelled',
    before: built,
    actors: ['on-build-complete', 'agent', 'on-job-complete', 'cancel'],
  },
  {
    name: 'a late start while the job ends',
    before: built,
    actors: ['advance', 'on-build-complete', 'agent', 'on-job-complete', 'agent'],
  },
  {
    name: 'one job collected three times',
    before: ended,
    actors: ['on-job-complete', 'on-job-complete', 'agent', 'on-job-complete', 'agent'],
  },
  {
    name: 'an end and a cancel',
    before: ended,
    actors: ['on-job-complete', 'cancel', 'agent'],
  },
  { name: 'submissions at once', before: finished, actors: ['submit', 'submit', 'submit'] },
  {
    name: 'one submission three times',
    before: submitted,
    actors: ['same submit', 'same submit', 'agent', 'same submit', 'on-build-complete'],
  },
];

describe('use cases at the same time', () => {
  it.each(SCENES)(
    '$name: every order of their steps ends well',
    async ({ before, actors }) => {
      const close = (stage: Stage): Promise<void> => stage.close();
      await inRandomOrders(RUNS, openStage, close, async (stage, scheduler) => {
        await before(stage);
        const first = await stage.newest();
        await scheduler.waitFor(playAll(stage, scheduler, actors, first));
        await runUntilQuiet(stage);
        await expectGoodEnd(stage, actors);
      });
    },
    120_000,
  );
});

/** Each call of a port, and each round of the agent, waits for its turn and then runs alone. */
async function playAll(
  stage: Stage,
  scheduler: fc.Scheduler,
  actors: readonly ActorName[],
  first: InspectionRecord,
): Promise<void> {
  const ports = wrapPorts(stage.ports, (name, call) =>
    scheduler
      .scheduleFunction(call)()
      .catch((error: unknown) => {
        // Kept apart from the scheduler's own failures: a refusal is an answer.
        throw error instanceof Error ? error : new Error(`${name} failed`);
      }),
  );
  const agent = scheduler.scheduleFunction(() => playAgent(stage));
  await Promise.all(
    actors.map((actor) => (actor === 'agent' ? agent() : ACTORS[actor](ports, first))),
  );
}

async function expectGoodEnd(stage: Stage, actors: readonly ActorName[]): Promise<void> {
  const { artifacts } = stage.ports.store;
  const text = async (key: string) => Buffer.from((await artifacts.get(key)) ?? '').toString();
  const records = await stage.records();
  const mayCancel = actors.includes('cancel');
  for (const [index, record] of records.entries()) {
    const allowed = mayCancel && index === 0 ? ['succeeded', 'cancelled'] : ['succeeded'];
    expect(allowed).toContain(record.phase);
    const announced = stage.bus.events.filter(
      ({ type, subject }) => type === 'amun.inspection.complete' && subject === record.id,
    );
    expect(announced.map(({ data }) => data['phase'])).toEqual([record.phase]);
    if (record.build !== undefined) {
      expect(await text(buildLogKey(record.buildId))).toBe(BUILD_LOG);
    }
    for (const { item } of record.job?.runs ?? []) {
      expect(await text(runLogKey(record.id, item))).toBe(runLog(item));
    }
    if (record.phase === 'succeeded') expect(record.job?.runs).toHaveLength(2);
  }
  const builds = await listIds(stage.layout, 'build');
  // A build that was cancelled under somebody who joined it is made again.
  expect(builds.length).toBeLessThanOrEqual(mayCancel ? 2 : 1);
}
