import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { asNumber, asObject, asText } from '../../shared/json/read-json.js';
import { identifyProcess, isAlive } from '../../shared/process/process-identity.js';
import { endProcess } from './end-process.js';
import type { StackDirectory } from './stack-directory.js';

const GRACE_MS = 10_000;

/** Notes which nats-server was started: it is the one process that outlives a killed supervisor. */
export function rememberNats(stack: StackDirectory, pid: number): void {
  writeFileSync(stack.natsProcess, JSON.stringify(identifyProcess(pid) ?? {}), { mode: 0o600 });
}

/** Ends the nats-server that a killed `amun up` left behind here; resolves to its pid, if any. */
export async function endLeftoverNats(stack: StackDirectory): Promise<number | undefined> {
  const leftover = readRemembered(stack);
  if (leftover === undefined || !isAlive(leftover)) return undefined;
  await endProcess(leftover, GRACE_MS);
  return leftover.pid;
}

/** Called once it has ended in order. */
export function forgetNats(stack: StackDirectory): void {
  rmSync(stack.natsProcess, { force: true });
}

function readRemembered(stack: StackDirectory): { pid: number; started: string } | undefined {
  try {
    const fields = asObject(JSON.parse(readFileSync(stack.natsProcess, 'utf8')));
    const pid = asNumber(fields['pid']);
    const started = asText(fields['started']);
    return pid === undefined || started === undefined ? undefined : { pid, started };
  } catch {
    return undefined;
  }
}
