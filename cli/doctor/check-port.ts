import { isPortFree } from '../up/free-ports.js';
import { locateStack } from '../up/stack-directory.js';
import { findRunningStack } from '../up/stack-lock.js';
import type { Finding, Machine } from './finding.js';

/** The port on which `amun up` would serve. */
export async function checkPort(machine: Machine): Promise<Finding> {
  const name = 'port';
  const running = findRunningStack(locateStack(machine.directory));
  if (running?.port === machine.port) {
    const detail = `${machine.port} is served by \`amun up\` with pid ${running.pid}`;
    return { name, ok: true, needed: true, detail };
  }
  if (await isPortFree(machine.port)) {
    return { name, ok: true, needed: true, detail: `${machine.port} is free` };
  }
  const detail = `${machine.port} is taken by another program`;
  return { name, ok: false, needed: true, detail, remedy: 'amun up --port PORT takes another one' };
}
