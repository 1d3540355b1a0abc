import { AmunError } from '../../../shared/errors/amun-error.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { wrapPorts } from './wrap-ports.js';

/** Where a fault strikes: at the n-th port call (from 1), before it has its effect or after. */
export interface Fault {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Ports of which one call fails as an outage makes it fail. */
export interface FailingPorts {
  readonly ports: Ports;
  /** The name of the call that failed; undefined while none has. */
  readonly failed: () => string | undefined;
}

export function failAt(ports: Ports, fault: Fault): FailingPorts {
  let calls = 0;
  let failed: string | undefined;
  const failing = wrapPorts(ports, async (name, call) => {
    calls += 1;
    if (calls !== fault.at) return call();
    failed = name;
    if (fault.when === 'after') await call().catch(() => undefined);
    throw new AmunError('Unavailable', `${name} fails for the test.`);
  });
  return { ports: failing, failed: () => failed };
}
