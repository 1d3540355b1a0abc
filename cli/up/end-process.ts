import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../../shared/process/process-identity.js';

const POLL_MS = 50;

/**
 * Ends a process that is not a child of ours: SIGTERM, and SIGKILL where it still lives after
 * `graceMs`. Resolves once it is gone, to whether it had to be killed.
 */
export async function endProcess(
  identity: ProcessIdentity,
  graceMs: number,
): Promise<{ readonly killed: boolean }> {
  send(identity, 'SIGTERM');
  if (await isGone(identity, graceMs)) return { killed: false };
  send(identity, 'SIGKILL');
  await isGone(identity, graceMs);
  return { killed: true };
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    // Gone between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function isGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (isAlive(identity)) {
    if (Date.now() > end) return false;
    await sleep(POLL_MS);
  }
  return true;
}
