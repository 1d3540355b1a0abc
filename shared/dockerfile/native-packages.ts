import { type BuildStep, contextFile } from './build-step.js';
import type { Specification } from '../inspection/specification.js';
import { writeLines } from './context-lines.js';
import { stepScript } from './step-scripts.js';

/** The steps that update and install native packages, whichever package manager the base has. */
export function nativePackageSteps(spec: Specification): BuildStep[] {
  const steps: BuildStep[] = [];
  if (spec.update) {
    steps.push({
      title: 'Native packages up to date',
      script: stepScript('update-packages.sh'),
      data: [],
      options: [],
      online: true,
    });
  }
  if (spec.packages.length > 0) {
    steps.push({
      title: 'Native packages',
      script: stepScript('install-packages.sh'),
      data: [contextFile('packages', writeLines(spec.packages))],
      options: [],
      online: true,
    });
  }
  return steps;
}
