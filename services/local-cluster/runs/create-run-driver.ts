import type { AgentContext } from '../agent-context.js';
import { DockerRuns } from './docker-runs.js';
import { PodmanRuns } from './podman-runs.js';
import type { RunDriver } from './run-plan.js';

/** How the engine that was found carries out runs. */
export function createRunDriver({ engine, layout, operator }: AgentContext): RunDriver {
  return engine.name === 'podman'
    ? new PodmanRuns(engine, layout, operator)
    : new DockerRuns(engine, layout, operator);
}
