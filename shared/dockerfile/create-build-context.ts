import type { BuildContext, ContextFile } from '../inspection/build-context.js';
import type { EnvironmentVariable, Specification } from '../inspection/specification.js';
import { type BuildStep, contextFile, filesOf } from './build-step.js';
import { writeLines } from './context-lines.js';
import { DOCKERFILE } from './dockerfile-of.js';
import { renderDockerfile } from './render-dockerfile.js';
import { installedFileSteps } from './installed-files.js';
import { nativePackageSteps } from './native-packages.js';
import { emptyOperatorFiles } from './operator-files.js';
import { pythonPackageSteps } from './python-packages.js';
import { pythonStackSteps } from './python-stack.js';
import { stepScript } from './step-scripts.js';

/**
 * Everything the image of a specification is built from. Pure: the same stack gives the same
 * context, byte for byte, on every machine and for every operator. All files lie side by side, with
 * names that a ConfigMap takes. Throws InvalidSpecification for what validation refuses anyway.
 */
export function createBuildContext(spec: Specification): BuildContext {
  const environment = environmentFile(spec.environment);
  const steps = [
    homeStep(),
    ...nativePackageSteps(spec),
    ...pythonPackageSteps(spec),
    ...pythonStackSteps(spec),
    ...installedFileSteps(spec),
  ].map((step) => (step.online ? { ...step, data: [...step.data, ...environment] } : step));
  const dockerfile = renderDockerfile({
    base: spec.base,
    steps,
    hasVenv: spec.python !== undefined,
  });
  return {
    files: [
      contextFile(DOCKERFILE, dockerfile),
      ...emptyOperatorFiles(),
      ...uniqueByPath(steps.flatMap(filesOf)),
    ],
  };
}

function homeStep(): BuildStep {
  return {
    title: 'User 1042 and its home',
    script: stepScript('prepare-home.sh'),
    data: [],
    options: [],
    online: false,
  };
}

/**
 * The user's variables, for the programs that build steps run. Runs get theirs from the cluster, so
 * the image itself has none: nothing has to be quoted for anybody.
 */
function environmentFile(environment: readonly EnvironmentVariable[]): ContextFile[] {
  if (environment.length === 0) return [];
  const lines = environment.map(({ name, value }) => `${name}=${value}`);
  return [contextFile('environment', writeLines(lines))];
}

function uniqueByPath(files: readonly ContextFile[]): ContextFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
