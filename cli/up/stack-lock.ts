import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { asNumber, asObject, asText } from '../../shared/json/read-json.js';
import {
  identifyProcess,
  isAlive,
  type ProcessIdentity,
} from '../../shared/process/process-identity.js';
import { CliError } from '../cli-error.js';
import type { StackDirectory } from './stack-directory.js';

/** The `amun up` that a state folder belongs to at the moment. */
export interface RunningStack extends ProcessIdentity {
  readonly port: number;
}

/** Takes the folder for this process; throws a CliError that names the process that has it. */
export function takeStack(stack: StackDirectory, port: number): void {
  const own = identifyProcess(process.pid) ?? { pid: process.pid, started: '' };
  const draft = `${stack.lockFile}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ ...own, port }), { mode: 0o600 });
  try {
    // A link either is made or says that somebody was faster; a stale one is moved away before.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (link(draft, stack.lockFile)) return;
      const running = findRunningStack(stack);
      if (running !== undefined) throw inUse(stack, running);
      dropStale(stack.lockFile);
    }
    throw new CliError(`Others are starting in ${stack.root} at this moment; try again.`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Gives the folder back. */
export function releaseStack(stack: StackDirectory): void {
  if (readLock(stack.lockFile)?.pid === process.pid) rmSync(stack.lockFile, { force: true });
}

/** The living `amun up` of this folder, if any. */
export function findRunningStack(stack: StackDirectory): RunningStack | undefined {
  const found = readLock(stack.lockFile);
  return found !== undefined && isAlive(found) ? found : undefined;
}

function inUse(stack: StackDirectory, running: RunningStack): CliError {
  return new CliError(
    `${stack.root} is in use by \`amun up\` with pid ${running.pid}, on http://127.0.0.1:${running.port}; ` +
      'end that one with `amun down`, or name another folder with --dir (and another --port).',
  );
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function dropStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function readLock(file: string): RunningStack | undefined {
  try {
    const fields = asObject(JSON.parse(readFileSync(file, 'utf8')));
    const pid = asNumber(fields['pid']);
    const started = asText(fields['started']);
    if (pid === undefined || started === undefined) return undefined;
    return { pid, started, port: asNumber(fields['port']) ?? 0 };
  } catch {
    return undefined;
  }
}
