import type { ContextFile } from '../inspection/build-context.js';
import { contextFile } from './build-step.js';
import askAdvice from './steps/ask-advice.sh';
import begin from './steps/begin.sh';
import installFiles from './steps/install-files.sh';
import installPackages from './steps/install-packages.sh';
import installPythonPackages from './steps/install-python-packages.sh';
import installPythonStack from './steps/install-python-stack.sh';
import makeStackVenv from './steps/make-stack-venv.sh';
import packageManager from './steps/package-manager.sh';
import prepareHome from './steps/prepare-home.sh';
import python from './steps/python.sh';
import updatePackages from './steps/update-packages.sh';
import upgradePip from './steps/upgrade-pip.sh';

/** Each step's script, whole: one file to mount, and nothing to find at build time. */
const SCRIPTS = {
  'prepare-home.sh': script(begin, prepareHome),
  'update-packages.sh': script(begin, packageManager, updatePackages),
  'install-packages.sh': script(begin, packageManager, installPackages),
  'upgrade-pip.sh': script(begin, packageManager, python, upgradePip),
  'install-python-packages.sh': script(begin, packageManager, python, installPythonPackages),
  'install-python-stack.sh': script(
    begin,
    packageManager,
    python,
    makeStackVenv,
    installPythonStack,
  ),
  'install-advised-stack.sh': script(
    begin,
    packageManager,
    python,
    makeStackVenv,
    askAdvice,
    installPythonStack,
  ),
  'install-files.sh': script(begin, installFiles),
};

export type StepScript = keyof typeof SCRIPTS;

export const STEP_SCRIPTS = Object.keys(SCRIPTS) as StepScript[];

/** A step's script as a file of the context. */
export function stepScript(name: StepScript): ContextFile {
  return { ...contextFile(name, SCRIPTS[name]), isCommon: true };
}

function script(...parts: readonly string[]): string {
  return ['#!/bin/sh\n', ...parts].join('\n');
}
