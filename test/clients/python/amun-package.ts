import { execa } from 'execa';
import { ensurePython } from '../../python-environment.js';

const DRIVER = 'test/clients/python/call_client.py';

/** The generations of the package "amun" that speak to Amun, each as it was published. */
export const GENERATIONS = ['0.3.8', '0.4.3', '0.5.0'] as const;
export type Generation = (typeof GENERATIONS)[number];

/** One of the client's functions, or "<API class>.<method>", and what it is given. */
export interface ClientCall {
  readonly function: string;
  readonly arguments?: readonly unknown[];
  readonly keywords?: Readonly<Record<string, unknown>>;
}

/** What the function returned, or the exception that it raised. */
export interface Returned {
  readonly value?: unknown;
  /** Its class. */
  readonly raised?: string;
  readonly message?: string;
}

/** One generation of the package, unmodified, in a virtual environment of its own. */
export interface Client {
  readonly generation: Generation;
  /** Calls functions in order; whatever they raise is told. @param url the API's, with /api/v1 */
  call(url: string, calls: readonly ClientCall[]): Promise<Returned[]>;
}

/** Every generation; or why there is none. */
export function installClients(): { clients: Client[]; missing?: string } {
  const clients: Client[] = [];
  for (const generation of GENERATIONS) {
    const { python, missing } = ensurePython(`amun-python-${generation}`, [`amun==${generation}`]);
    if (missing !== undefined) return { clients: [], missing };
    clients.push({ generation, call: (url, calls) => run(python, url, calls) });
  }
  return { clients };
}

async function run(python: string, url: string, calls: readonly ClientCall[]): Promise<Returned[]> {
  const { stdout } = await execa(python, [DRIVER, url], { input: JSON.stringify(calls) });
  return JSON.parse(stdout) as Returned[];
}
