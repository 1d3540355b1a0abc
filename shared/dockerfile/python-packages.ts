import type { Specification } from '../inspection/specification.js';
import { type BuildStep, contextFile } from './build-step.js';
import { writeLines } from './context-lines.js';
import { stepScript } from './step-scripts.js';

/** The steps that upgrade pip and install packages into the Python of the image. */
export function pythonPackageSteps(spec: Specification): BuildStep[] {
  const steps: BuildStep[] = [];
  if (spec.upgrade_pip) {
    steps.push({
      title: 'Newest pip',
      script: stepScript('upgrade-pip.sh'),
      data: [],
      options: [],
      online: true,
    });
  }
  if (spec.python_packages.length > 0) {
    steps.push({
      title: 'Python packages',
      script: stepScript('install-python-packages.sh'),
      data: [contextFile('python-packages', writeLines(spec.python_packages))],
      options: [],
      online: true,
    });
  }
  return steps;
}
