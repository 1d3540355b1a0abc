import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { orUndefined } from '../../../shared/cluster/local/atomic-file.js';
import { FolderWatch } from '../../../shared/cluster/local/folder-watch.js';
import { LOG_FILE } from '../../../shared/cluster/local/layout.js';
import { WakeUp } from '../../../shared/cluster/wake-up.js';
import { hasArgument, sessionMembers } from './process-table.js';

/** How a command ended; no exit code where nobody saw it: its shell was killed. */
export interface CommandEnd {
  readonly exitCode?: number;
  readonly finishedAt: string;
}

const POLL_MS = 500;
/** Between the shell's start and its first line. */
const START_MS = 2000;

/** $1 is the folder, the rest the command. The exit code appears whole, after all output. */
const SCRIPT = `
  folder=$1; shift
  echo $$ >"$folder/pid"
  "$@" >"$folder/${LOG_FILE}" 2>&1 </dev/null
  echo $? >"$folder/exit.new"
  mv "$folder/exit.new" "$folder/exit"`;

/**
 * Starts a command in a session of its own, so that it outlives this process, with its output in
 * `log` and, at its end, its exit code in `exit`, both in `folder`. Resolves when it has ended.
 */
export async function runDetached(folder: string, command: readonly string[]): Promise<CommandEnd> {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'amun', folder, ...command], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  await new Promise((resolve) => {
    child.on('exit', resolve);
    child.on('error', resolve);
  });
  return readEnd(folder);
}

/** Waits for the end of a command that an earlier process started; undefined: it never began. */
export async function rejoinDetached(folder: string): Promise<CommandEnd | undefined> {
  const wakeUp = new WakeUp();
  const watch = new FolderWatch(() => wakeUp.ring());
  watch.add(folder);
  try {
    const pid = await waitForPid(folder, wakeUp);
    if (pid === undefined) return undefined;
    for (;;) {
      const isRunning = await hasArgument(pid, folder);
      const end = await readEnd(folder);
      if (end.exitCode !== undefined || !isRunning) return end;
      await wakeUp.sleep(POLL_MS);
    }
  } finally {
    watch.close();
  }
}

/** The processes that the command started, its shell left out, as far as they stay in its session. */
export async function detachedMembers(folder: string): Promise<number[]> {
  const pid = await readNumber(path.join(folder, 'pid'));
  return pid === undefined ? [] : sessionMembers(pid);
}

async function waitForPid(folder: string, wakeUp: WakeUp): Promise<number | undefined> {
  const until = Date.now() + START_MS;
  for (;;) {
    const pid = await readNumber(path.join(folder, 'pid'));
    if (pid !== undefined || Date.now() > until) return pid;
    await wakeUp.sleep(POLL_MS);
  }
}

async function readEnd(folder: string): Promise<CommandEnd> {
  const file = path.join(folder, 'exit');
  const exitCode = await readNumber(file);
  const written = await orUndefined(stat(file));
  const finishedAt = (written?.mtime ?? new Date()).toISOString();
  return exitCode === undefined ? { finishedAt } : { exitCode, finishedAt };
}

async function readNumber(file: string): Promise<number | undefined> {
  const text = (await orUndefined(readFile(file, 'utf8')))?.trim();
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
