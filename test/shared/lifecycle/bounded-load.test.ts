import { submit } from '../../../functions/submit/submit.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { countUnderWay, type CountedStage } from './count-under-way.js';
import { openStage, specify } from './open-stage.js';
import { runUntilQuiet } from './run-until-quiet.js';

const COUNT = 50;
const BOUND = 3;

describe('fifty inspections with bounds of three', () => {
  let stage: CountedStage;
  beforeEach(async () => {
    stage = countUnderWay(await openStage({ maxBuilds: BOUND, maxRuns: BOUND }));
  });
  afterEach(() => stage.close());

  const expectEmpty = async () => {
    const { builds, runs } = stage.ports.store.queues;
    expect([await builds.list(), await runs.list()]).toEqual([[], []]);
  };
  const phases = async () =>
    (await stage.records()).reduce<Record<string, number>>(
      (counts, { phase }) => ({ ...counts, [phase]: (counts[phase] ?? 0) + 1 }),
      {},
    );

  it('all end, never more than three builds or runs at once', async () => {
    // Forty builds, of which some are shared; batches of one to four runs.
    await Promise.all(
      Array.from({ length: COUNT }, (_, n) =>
        submit(
          stage.ports,
          specify({ base: `fedora:${n % 40}`, batch_size: (n % 4) + 1, force: n % 10 === 0 }),
        ),
      ),
    );
    await runUntilQuiet(stage, {}, 10 * COUNT);
    expect(await phases()).toEqual({ succeeded: COUNT });
    // One batch of four is larger than the bound, and runs alone.
    expect(stage.most).toEqual({ builds: BOUND, runs: BOUND + 1 });
    await expectEmpty();
  }, 120_000);

  it('all end though many are cancelled while they wait', async () => {
    for (let n = 0; n < COUNT; n += 1) {
      await submit(stage.ports, specify({ base: `fedora:${n}` }));
    }
    const all = await stage.records();
    await Promise.all(all.filter((_, n) => n % 3 !== 1).map(({ id }) => cancel(stage.ports, id)));
    await runUntilQuiet(stage, {}, 10 * COUNT);
    expect(await phases()).toEqual({ succeeded: 17, cancelled: 33 });
    expect(stage.most.builds).toBe(BOUND);
    expect(stage.most.runs).toBeLessThanOrEqual(BOUND);
    await expectEmpty();
  }, 120_000);
});
