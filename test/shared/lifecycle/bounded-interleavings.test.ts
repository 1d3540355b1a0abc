import type fc from 'fast-check';
import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { Reconciler } from '../../../services/watcher/reconcile.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { inRandomOrders } from './in-random-orders.js';
import type { CountedStage } from './count-under-way.js';
import { endBuild, endJob, playAgent } from './play-agent.js';
import { BASES, Turns } from './play-turns.js';
import { runUntilQuiet } from './run-until-quiet.js';
import { wrapPorts } from './wrap-ports.js';

const RUNS = 40;

/** What one does about the inspection of the given number. */
const DEEDS = {
  'on-build-complete': (ports, { buildId }) => onBuildComplete(ports, buildId),
  'on-job-complete': (ports, { id }) => onJobComplete(ports, id),
  cancel: (ports, { id }) =>
    cancel(ports, id).catch((error: unknown) => {
      if (!isAmunError(error, 'AlreadyFinished')) throw error;
    }),
} satisfies Record<string, (ports: Ports, record: InspectionRecord) => Promise<unknown>>;

type Actor = 'agent' | readonly [deed: keyof typeof DEEDS, inspection: number];

/** With room for one build and two runs at once, and a build and two runs for each inspection. */
interface Scene {
  readonly name: string;
  readonly before: (turns: Turns) => Promise<InspectionRecord[]>;
  readonly actors: readonly Actor[];
}

const submitted = (turns: Turns) => turns.submitAll(BASES.slice(0, 3), { batch_size: 2 });
const oneBuilt = async (turns: Turns): Promise<InspectionRecord[]> => {
  const all = await submitted(turns);
  await endBuild(turns.stage, all[0]!.buildId);
  return all;
};
const allBuilt = async (turns: Turns): Promise<InspectionRecord[]> => {
  const all = await submitted(turns);
  for (const { buildId } of all) {
    await turns.build(buildId);
    await turns.deliverHints();
  }
  return all;
};
const oneRun = async (turns: Turns): Promise<InspectionRecord[]> => {
  const all = await allBuilt(turns);
  await endJob(turns.stage, all[0]!.id);
  return all;
};

const SCENES: readonly Scene[] = [
  {
    name: 'the next build is started twice and cancelled as the first one ends',
    before: oneBuilt,
    actors: [
      ['on-build-complete', 0],
      ['on-build-complete', 1],
      ['on-build-complete', 1],
      ['cancel', 1],
      ['on-build-complete', 2],
    ],
  },
  {
    name: 'the first build is cancelled while the next ones are asked for',
    before: submitted,
    actors: [['cancel', 0], 'agent', ['on-build-complete', 0], ['on-build-complete', 1], 'agent'],
  },
  {
    name: 'the next job is started twice and cancelled as the first one ends',
    before: oneRun,
    actors: [
      ['on-job-complete', 0],
      ['on-job-complete', 1],
      ['on-job-complete', 1],
      ['cancel', 1],
      ['on-job-complete', 2],
    ],
  },
  {
    name: 'a job that runs is cancelled, and one that waits',
    before: allBuilt,
    actors: [['cancel', 0], 'agent', ['on-job-complete', 0], ['cancel', 1], ['on-job-complete', 2]],
  },
  {
    name: 'one end is told three times',
    before: oneRun,
    actors: [
      ['on-job-complete', 0],
      ['on-job-complete', 0],
      ['on-job-complete', 1],
      'agent',
      ['on-job-complete', 0],
    ],
  },
];

describe('use cases at the same time, with bounds', () => {
  it.each(SCENES)(
    '$name: in every order of their steps nobody is one too many, and all end',
    async ({ before, actors }) => {
      const open = (): Promise<Turns> => Turns.open(1, 2);
      const close = ({ stage }: Turns): Promise<void> => stage.close();
      await inRandomOrders(RUNS, open, close, async (turns, scheduler) => {
        const { stage } = turns;
        const all = await before(turns);
        await scheduler.waitFor(playAll(stage, scheduler, actors, all));
        await runUntilQuiet(stage);
        await expectGoodEnd(stage, actors);
      });
    },
    120_000,
  );
});

/** Each call of a port, and each round of the agent, waits for its turn and then runs alone. */
async function playAll(
  stage: CountedStage,
  scheduler: fc.Scheduler,
  actors: readonly Actor[],
  all: readonly InspectionRecord[],
): Promise<void> {
  const ports = wrapPorts(stage.ports, (_name, call) => scheduler.scheduleFunction(call)());
  const agent = scheduler.scheduleFunction(() => playAgent(stage));
  await Promise.all(
    actors.map((actor) => (actor === 'agent' ? agent() : DEEDS[actor[0]](ports, all[actor[1]]!))),
  );
}

async function expectGoodEnd(stage: CountedStage, actors: readonly Actor[]): Promise<void> {
  expect(stage.most.builds).toBeLessThanOrEqual(1);
  expect(stage.most.runs).toBeLessThanOrEqual(2);
  for (const [index, record] of (await stage.records()).entries()) {
    const mayBeCancelled = actors.some(([deed, which]) => deed === 'cancel' && which === index);
    const allowed = mayBeCancelled ? ['succeeded', 'cancelled'] : ['succeeded'];
    expect(allowed).toContain(record.phase);
    const announced = stage.bus.events.filter(
      ({ type, subject }) => type === 'amun.inspection.complete' && subject === record.id,
    );
    expect(announced).toHaveLength(1);
  }
  // Who was cancelled while somebody was about to start it is cleared away within two passes.
  const reconciler = new Reconciler(stage.ports, stage.ports.now());
  await reconciler.reconcile();
  await reconciler.reconcile();
  const { builds, runs } = stage.ports.store.queues;
  expect([await builds.list(), await runs.list()]).toEqual([[], []]);
}
