import { readdir, readFile } from 'node:fs/promises';
import { orUndefined } from '../../../shared/cluster/local/atomic-file.js';

/** True where the process runs and the text is one of its arguments. */
export async function hasArgument(pid: number, argument: string): Promise<boolean> {
  const line = await readProc(pid, 'cmdline');
  return line?.split('\0').includes(argument) ?? false;
}

/** The processes of a session, its leader left out. */
export async function sessionMembers(leader: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== leader);
  const sessions = await Promise.all(pids.map(readSession));
  return pids.filter((_, index) => sessions[index] === leader);
}

/** Sends a signal to each that is still there. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

async function readSession(pid: number): Promise<number | undefined> {
  const text = await readProc(pid, 'stat');
  // The name in parentheses may hold anything, spaces and parentheses too.
  const session = text?.slice(text.lastIndexOf(')') + 2).split(' ')[3];
  return session === undefined ? undefined : Number(session);
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  try {
    return await orUndefined(readFile(`/proc/${pid}/${file}`, 'utf8'));
  } catch {
    // ESRCH: it ended while it was read.
    return undefined;
  }
}
