import path from 'node:path';
import type { Engine } from '../../../shared/cluster/local/engine/engine.js';
import { parseQuantity } from '../../../shared/inspection/quantity.js';
import type { Requests } from '../../../shared/inspection/specification.js';

/** What one attempt at a build is made with. */
export interface BuildPlan {
  readonly context: string;
  readonly tag: string;
  /** Where the engine writes the image's id. */
  readonly idFile: string;
  readonly requests: Requests;
  /** The parent cgroup, where there can be one. */
  readonly cgroup: string;
  readonly operatorEnvironment: Readonly<Record<string, string>>;
}

const SHARES_PER_CORE = 1024;
const LEAST_SHARES = 2;
/** The engine refuses less. */
const LEAST_MEMORY_BYTES = 16 * 1024 ** 2;

/**
 * The engine's arguments for a build. Memory is a limit; cores only weigh where several builds want
 * them. There is no layer cache: whoever asks for a build wants it made, and sharing is done by
 * identity before it comes here; so an image is one piece, removed whole.
 */
export function buildArguments(engine: Engine, plan: BuildPlan): string[] {
  return [
    'build',
    ...(engine.name === 'podman' ? podmanOptions(engine, plan) : ['--no-cache']),
    ...(engine.hasLimits ? limits(plan.requests) : []),
    ...engine.buildArguments,
    // Predefined build arguments: they reach every step and stay out of the image.
    ...Object.entries(plan.operatorEnvironment)
      .filter(([name]) => name.toUpperCase().endsWith('_PROXY'))
      .flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...['--iidfile', plan.idFile, '--tag', plan.tag],
    ...['--file', path.join(plan.context, 'Dockerfile'), plan.context],
  ];
}

function podmanOptions(engine: Engine, plan: BuildPlan): string[] {
  const parent = engine.hasCgroupParents ? ['--cgroup-parent', `/${plan.cgroup}`] : [];
  return ['--layers=false', ...parent];
}

function limits(requests: Requests): string[] {
  const memory = Math.max(Math.floor(parseQuantity(requests.memory)), LEAST_MEMORY_BYTES);
  const shares = Math.max(Math.round(parseQuantity(requests.cpu) * SHARES_PER_CORE), LEAST_SHARES);
  return [
    ...['--memory', String(memory), '--memory-swap', String(memory)],
    ...['--cpu-shares', String(shares)],
  ];
}
