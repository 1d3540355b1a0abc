import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';
import type { Specification } from '../../../shared/inspection/specification.js';

const GOLDEN = fileURLToPath(new URL('../../golden/', import.meta.url));

const STEPS = fileURLToPath(new URL('../../../shared/dockerfile/steps/', import.meta.url));

/** What each step's script is put together from, in this order. */
export const SCRIPT_PARTS: Readonly<Record<string, readonly string[]>> = {
  'prepare-home.sh': ['begin', 'prepare-home'],
  'update-packages.sh': ['begin', 'package-manager', 'update-packages'],
  'install-packages.sh': ['begin', 'package-manager', 'install-packages'],
  'upgrade-pip.sh': ['begin', 'package-manager', 'python', 'upgrade-pip'],
  'install-python-packages.sh': ['begin', 'package-manager', 'python', 'install-python-packages'],
  'install-python-stack.sh': [
    ...['begin', 'package-manager', 'python', 'make-stack-venv', 'install-python-stack'],
  ],
  'install-advised-stack.sh': [
    ...['begin', 'package-manager', 'python', 'make-stack-venv'],
    ...['ask-advice', 'install-python-stack'],
  ],
  'install-files.sh': ['begin', 'install-files'],
};

/** Names of the cases: a folder each, with specification.json and the files expected of it. */
export function listCases(): string[] {
  return readdirSync(GOLDEN);
}

/** A case's specification, as validation hands it on. */
export function readCase(name: string): Specification {
  const file = path.join(GOLDEN, name, 'specification.json');
  return parseSpecification(JSON.parse(readFileSync(file, 'utf8')));
}

/** What is expected of a case: file name to content, scripts left out. */
export function readExpected(name: string): Record<string, string> {
  return readFolder(path.join(GOLDEN, name, 'context'));
}

/** The script that these parts make, as they lie on disk. */
export function readScript(parts: readonly string[]): string {
  const contents = parts.map((part) => readFileSync(path.join(STEPS, `${part}.sh`), 'utf8'));
  return ['#!/bin/sh\n', ...contents].join('\n');
}

/** Names of all parts there are. */
export function listParts(): string[] {
  return readdirSync(STEPS)
    .filter((name) => name.endsWith('.sh'))
    .map((name) => path.basename(name, '.sh'));
}

/** Takes what there is for what is expected, where UPDATE_GOLDEN=1 asks for it. */
export function updateExpected(name: string, files: Record<string, string>): void {
  if (process.env['UPDATE_GOLDEN'] !== '1') return;
  const folder = path.join(GOLDEN, name, 'context');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, file), content);
  }
}

function readFolder(folder: string): Record<string, string> {
  const names = readdirSync(folder);
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
}
