import { buildKey } from '../inspection/identity.js';
import type { Specification } from '../inspection/specification.js';
import { createBuildContext } from './create-build-context.js';

/**
 * The identity of the stack that a specification builds. The advice asked for it is part of that;
 * asking anew is not: it makes a new build of the same stack.
 */
export function identifyBuild(specification: Specification): string {
  const { advise } = specification;
  const asked =
    advise?.force === true
      ? { ...specification, advise: { ...advise, force: false } }
      : specification;
  return buildKey(createBuildContext(asked), specification.build.requests);
}
