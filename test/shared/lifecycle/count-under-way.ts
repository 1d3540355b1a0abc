import {
  hasMark,
  listIds,
  readBuild,
  readJob,
} from '../../../shared/cluster/local/read-cluster.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import type { Stage } from './open-stage.js';

/** A stage whose cluster counts what it carries. */
export interface CountedStage extends Stage {
  /** The most builds, and runs, that it had to carry at once; ids of all it was asked for, in order. */
  readonly most: { builds: number; runs: number };
  readonly started: string[];
}

/** Counts what is under way whenever something more is asked for. */
export function countUnderWay(stage: Stage): CountedStage {
  const { cluster } = stage.ports;
  const most = { builds: 0, runs: 0 };
  const started: string[] = [];
  const note = (id: string): void => {
    if (!started.includes(id)) started.push(id);
  };
  const counting: Ports['cluster'] = {
    ...cluster,
    ensureBuild: async (request) => {
      await cluster.ensureBuild(request);
      note(request.id);
      most.builds = Math.max(most.builds, await countBuilds(stage));
    },
    ensureJob: async (request) => {
      await cluster.ensureJob(request);
      note(request.id);
      most.runs = Math.max(most.runs, await countRuns(stage));
    },
  };
  return { ...stage, ports: { ...stage.ports, cluster: counting }, most, started };
}

async function countBuilds({ layout }: Stage): Promise<number> {
  let count = 0;
  for (const id of await listIds(layout, 'build')) {
    const seen = await readBuild(layout, id);
    if (seen !== undefined && seen.state !== 'terminated') count += 1;
  }
  return count;
}

/** A job that is collected ends what still runs. */
async function countRuns({ layout }: Stage): Promise<number> {
  let count = 0;
  for (const id of await listIds(layout, 'job')) {
    const seen = await readJob(layout, id);
    const isOver =
      seen?.state === 'terminated' || (await hasMark(layout, { kind: 'job', id }, 'collected'));
    if (seen !== undefined && !isOver) count += seen.runs.length;
  }
  return count;
}
