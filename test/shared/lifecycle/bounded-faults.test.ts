import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { describeFaults, type FaultCase } from './describe-faults.js';
import { specify, type Stage } from './open-stage.js';
import { endBuild, endJob, playAgent } from './play-agent.js';

/** Room for one build, and for the runs of one inspection. */
const settings = { maxBuilds: 1, maxRuns: 2 };
const FIRST = specify({ batch_size: 2 });
const OTHER = specify({ base: 'debian:12', batch_size: 2 });

/** Two inspections, with room for one of them. */
const submitTwo = async (stage: Stage): Promise<void> => {
  await submit(stage.ports, FIRST);
  await submit(stage.ports, OTHER);
};
/** Both are built; the runs of the first have ended, those of the second wait for their turn. */
const secondWaits = async (stage: Stage): Promise<void> => {
  await submitTwo(stage);
  for (const { buildId } of await stage.records()) {
    // The second build is hinted at by the first one's end, and by nobody else.
    await onBuildComplete(stage.ports, buildId);
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
  }
  await endJob(stage, (await firstOf(stage)).id);
};
const firstOf = async (stage: Stage): Promise<InspectionRecord> => (await stage.records())[0]!;
const CASES: readonly FaultCase[] = [
  {
    name: 'on-build-complete while another build waits for its turn',
    settings,
    before: async (stage) => {
      await submitTwo(stage);
      await playAgent(stage);
    },
    act: async (ports, stage) => onBuildComplete(ports, (await firstOf(stage)).buildId),
    builds: 2,
  },
  {
    name: 'on-build-complete for a build whose turn has come',
    settings,
    before: async (stage) => {
      await submitTwo(stage);
      await playAgent(stage);
      await onBuildComplete(stage.ports, (await firstOf(stage)).buildId);
    },
    act: async (ports, stage) => onBuildComplete(ports, (await stage.newest()).buildId),
    builds: 2,
  },
  {
    name: 'on-job-complete while another job waits for its turn, and for that one',
    settings,
    before: secondWaits,
    act: async (ports, stage) => {
      await onJobComplete(ports, (await firstOf(stage)).id);
      await onJobComplete(ports, (await stage.newest()).id);
    },
    builds: 2,
  },
  {
    name: 'cancel while its build waits for its turn',
    settings,
    before: submitTwo,
    act: async (ports, stage) => cancel(ports, (await stage.newest()).id),
    phase: 'cancelled',
  },
  {
    name: 'cancel while its runs wait for their turn',
    settings,
    before: secondWaits,
    act: async (ports, stage) => cancel(ports, (await stage.newest()).id),
    phase: 'cancelled',
    builds: 2,
  },
];

describeFaults(CASES);
