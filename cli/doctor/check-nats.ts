import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../find-program.js';
import type { Finding, Machine } from './finding.js';
import { remedyFor } from './packages.js';

const run = promisify(execFile);
const TIMEOUT_MS = 5_000;

/** From here on JetStream does everything that Amun asks of it. */
const LOWEST = [2, 9] as const;

/** nats-server, which keeps all state of a stack. */
export async function checkNats(machine: Machine): Promise<Finding> {
  const name = 'nats-server';
  const found = findProgram(name, machine.path, machine.systemFolders);
  const missing = async (detail: string): Promise<Finding> => {
    return { name, ok: false, needed: true, detail, ...(await remedyFor(name, machine)) };
  };
  if (found === undefined) return await missing('not installed');
  let said: string;
  try {
    said = (await run(found, ['--version'], { timeout: TIMEOUT_MS })).stdout;
  } catch (error) {
    return await missing(`${found} does not run: ${(error as Error).message.split('\n')[0] ?? ''}`);
  }
  const version = /v?(\d+)\.(\d+)\.\d+\S*/.exec(said);
  const [text = '', major = '0', minor = '0'] = version ?? [];
  if (Number(major) < LOWEST[0] || (Number(major) === LOWEST[0] && Number(minor) < LOWEST[1])) {
    return await missing(`${text || 'unknown version'} is older than ${LOWEST.join('.')}`);
  }
  return { name, ok: true, needed: true, detail: `${text.replace(/^v/, '')} (${found})` };
}
