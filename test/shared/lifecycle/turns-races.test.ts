import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import type { CountedStage } from './count-under-way.js';
import { playAgent } from './play-agent.js';
import { BASES, Turns } from './play-turns.js';
import { runUntilQuiet } from './run-until-quiet.js';
import { wrapPorts } from './wrap-ports.js';

/** With room for one: the first has just ended, the second's turn has come, the third waits. */
interface Kind {
  readonly name: 'builds' | 'runs';
  readonly ensure: string;
  readonly idOf: (record: InspectionRecord) => string;
  readonly endFirst: (turns: Turns, first: InspectionRecord) => Promise<unknown>;
  /** What the hint brings about. */
  readonly start: (ports: Ports, second: InspectionRecord) => Promise<unknown>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'builds',
    ensure: 'cluster.ensureBuild',
    idOf: ({ buildId }) => buildId,
    endFirst: (turns, { buildId }) => turns.build(buildId),
    start: (ports, { buildId }) => onBuildComplete(ports, buildId),
  },
  {
    name: 'runs',
    ensure: 'cluster.ensureJob',
    idOf: ({ id }) => id,
    endFirst: (turns, { id }) => turns.run(id),
    start: (ports, { id }) => onJobComplete(ports, id),
  },
];

describe.each(KINDS)('a cancel while one of the $name is started', (kind) => {
  let turns: Turns;
  let stage: CountedStage;
  let second: InspectionRecord;
  let third: InspectionRecord;
  beforeEach(async () => {
    turns = await Turns.open(kind.name === 'builds' ? 1 : 100, 1);
    ({ stage } = turns);
    const all = await turns.submitAll(BASES.slice(0, 3));
    [, second, third] = all as [InspectionRecord, InspectionRecord, InspectionRecord];
    if (kind.name === 'runs') {
      for (const { buildId } of all) await turns.build(buildId);
    }
    await kind.endFirst(turns, all[0]!);
    expect(turns.hints()).toEqual([kind.idOf(second)]);
  });
  afterEach(() => stage.close());

  /** Starts the second one; just before or after a call of a port the second one is cancelled. */
  async function startAndCancel(call: string, when: 'before' | 'after'): Promise<void> {
    let isDone = false;
    const crossing = async (): Promise<void> => {
      if (isDone) return;
      isDone = true;
      await cancel(stage.ports, second.id);
      // Whoever is told now that it is its turn starts at once.
      for (const id of turns.hints()) {
        if (id === kind.idOf(third)) await kind.start(stage.ports, third);
      }
    };
    const ports = wrapPorts(stage.ports, async (name, work) => {
      if (name === call && when === 'before') await crossing();
      const outcome = await work();
      if (name === call && when === 'after') await crossing();
      return outcome;
    });
    await kind.start(ports, second);
    expect(isDone).toBe(true);
  }
  async function expectGoodEnd(): Promise<void> {
    await runUntilQuiet(stage);
    await turns.reconcile();
    expect((await turns.record(second.id)).phase).toBe('cancelled');
    expect((await turns.record(third.id)).phase).toBe('succeeded');
    expect(kind.name === 'builds' ? stage.most.builds : stage.most.runs).toBe(1);
    expect(await turns.queued(kind.name)).toEqual([]);
  }

  it('stops what is not asked for yet, and nobody takes its place too early', async () => {
    await startAndCancel(`store.queues.${kind.name}.begin`, 'after');
    expect(stage.started).not.toContain(kind.idOf(second));
    await expectGoodEnd();
  });

  it('leaves the place where it is being asked for', async () => {
    await startAndCancel(kind.ensure, 'before');
    expect(stage.started).toContain(kind.idOf(second));
    expect(stage.started).not.toContain(kind.idOf(third));
    await expectGoodEnd();
  });

  it('leaves the place where it was asked for and not noted', async () => {
    await startAndCancel(kind.ensure, 'after');
    expect(stage.started).not.toContain(kind.idOf(third));
    await expectGoodEnd();
  });

  it('gives the place to the next one where nobody has begun', async () => {
    await startAndCancel(`store.queues.${kind.name}.admitted`, 'before');
    expect(stage.started).not.toContain(kind.idOf(second));
    expect(stage.started).toContain(kind.idOf(third));
    await expectGoodEnd();
  });
});

describe('an end that is told late', () => {
  it('gives up no place of what somebody starts at this moment', async () => {
    const turns = await Turns.open(1, 100);
    const { stage } = turns;
    try {
      const [first, second, third] = await turns.submitAll(BASES.slice(0, 3));
      await turns.build(first!.buildId);
      const ports = wrapPorts(stage.ports, async (name, work) => {
        if (name === 'cluster.ensureBuild') {
          await cancel(stage.ports, second!.id);
          await onBuildComplete(stage.ports, second!.buildId);
          await onBuildComplete(stage.ports, third!.buildId);
        }
        return work();
      });
      await onBuildComplete(ports, second!.buildId);
      expect(stage.most.builds).toBe(1);
      await playAgent(stage);
      await runUntilQuiet(stage);
      expect((await turns.record(third!.id)).phase).toBe('succeeded');
      expect(stage.most.builds).toBe(1);
    } finally {
      await stage.close();
    }
  });
});
