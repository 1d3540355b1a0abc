import { join } from 'node:path';
import { findProgram } from '../../cli/find-program.js';

/** The built programs; scripts/bench.js starts this process in the checkout. */
export const PROGRAMS = join(process.cwd(), 'dist');

export const CLI = join(PROGRAMS, 'cli/amun.js');
export const FUNCTION_HOST = join(PROGRAMS, 'services/function-host.js');

/** The bundle that a function is. */
export const handlerOf = (name: string): string => join(PROGRAMS, 'functions', name, 'handler.js');

/** The path of nats-server; throws where there is none. */
export function natsServer(): string {
  const found = findProgram('nats-server', process.env.PATH ?? '');
  if (found === undefined) throw new Error('nats-server is missing; `amun doctor` says more.');
  return found;
}
