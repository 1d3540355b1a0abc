import { createHash } from 'node:crypto';
import type { ContextFile } from '../inspection/build-context.js';
import { OPERATOR_CA_FILE, OPERATOR_ENVIRONMENT_FILE } from './operator-files.js';

/** Where a step finds its files; empty in the image. Runs have theirs there too. */
const STEP_FOLDER = '/amun';

/** One RUN of the Dockerfile: a shell script of ours and the files of the context it reads. */
export interface BuildStep {
  /** One line for people who read the Dockerfile. */
  readonly title: string;
  readonly script: ContextFile;
  /** What the script reads beside itself. */
  readonly data: readonly ContextFile[];
  /** True where there may be hundreds of data files: the whole context is mounted instead of each. */
  readonly manyFiles?: boolean;
  /** `--name` or `--name=value`; from a closed set of ours, never a user's text. */
  readonly options: readonly string[];
  /** True where it runs programs that download: those see the operator's and the user's variables. */
  readonly online: boolean;
}

/** A file of the context that steps read; builders may drop modes, so nothing relies on them. */
export function contextFile(path: string, content: string): ContextFile {
  return { path, content, mode: 0o644 };
}

/** The files of a step, its script first. */
export function filesOf(step: BuildStep): readonly ContextFile[] {
  return [step.script, ...step.data];
}

/**
 * The step as text of a Dockerfile. The exec form leaves a SHELL of the base image out of it. Each
 * file is mounted by itself, so that a change of one rebuilds only the steps that read it.
 */
export function renderStep(step: BuildStep): string {
  const command = [
    '/bin/sh',
    `${STEP_FOLDER}/${step.script.path}`,
    ...step.options,
    `--files=${hashFiles(filesOf(step))}`,
  ];
  const words = command.map((word) => JSON.stringify(word)).join(', ');
  return [`# ${step.title}`, `RUN ${[...mountsOf(step), `[${words}]`].join(' \\\n    ')}`].join(
    '\n',
  );
}

function mountsOf(step: BuildStep): string[] {
  if (step.manyFiles === true) return [`--mount=type=bind,target=${STEP_FOLDER}`];
  const operator = step.online ? [OPERATOR_CA_FILE, OPERATOR_ENVIRONMENT_FILE] : [];
  return [...filesOf(step).map((file) => file.path), ...operator].map(
    (path) => `--mount=type=bind,source=${path},target=${STEP_FOLDER}/${path}`,
  );
}

/**
 * Some builders (buildah before 1.38) find a step in their cache by its text alone, whatever has
 * changed in the files it mounts: this puts the files into the text. The operator's are left out,
 * for what they hold must not show in the result.
 */
function hashFiles(files: readonly ContextFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) {
    hash.update(`${path}\0${Buffer.byteLength(content)}\0${content}`);
  }
  return hash.digest('hex').slice(0, 16);
}
