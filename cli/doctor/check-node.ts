import type { Finding, Machine } from './finding.js';

const LOWEST = 20;

/** Node itself. */
export function checkNode(machine: Machine): Finding {
  const ok = Number(machine.nodeVersion.split('.')[0]) >= LOWEST;
  return {
    name: 'node',
    ok,
    needed: true,
    detail: ok ? machine.nodeVersion : `${machine.nodeVersion} is too old`,
    ...(ok ? {} : { remedy: `install Node ${LOWEST} or newer, https://nodejs.org` }),
  };
}
