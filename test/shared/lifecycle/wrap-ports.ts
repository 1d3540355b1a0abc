import type { Ports } from '../../../shared/lifecycle/ports.js';

/** Called instead of a port's method; `call` is the method itself. */
export type Around = (name: string, call: () => Promise<unknown>) => Promise<unknown>;

/** Ports of which every call goes through `around`: "cluster.ensureJob", "store.builds.get", … */
export function wrapPorts(ports: Ports, around: Around): Ports {
  const { store } = ports;
  return {
    ...ports,
    cluster: {
      ...wrap('cluster', ports.cluster, around),
      // The first step of reading a log is a call; what follows is the stream itself.
      logs: async function* (target, options) {
        const found = around('cluster.logs', () =>
          Promise.resolve(ports.cluster.logs(target, options)),
        );
        yield* (await found) as AsyncIterable<Uint8Array>;
      },
      watch: (signal) => ports.cluster.watch(signal),
    },
    bus: wrap('bus', ports.bus, around),
    store: {
      inspections: wrap('store.inspections', store.inspections, around),
      builds: wrap('store.builds', store.builds, around),
      matrices: wrap('store.matrices', store.matrices, around),
      index: wrap('store.index', store.index, around),
      catalogue: wrap('store.catalogue', store.catalogue, around),
      inFlight: wrap('store.inFlight', store.inFlight, around),
      queues: {
        builds: wrap('store.queues.builds', store.queues.builds, around),
        runs: wrap('store.queues.runs', store.queues.runs, around),
      },
      artifacts: wrap('store.artifacts', store.artifacts, around),
      idempotency: wrap('store.idempotency', store.idempotency, around),
    },
  };
}

function wrap<T extends object>(name: string, port: T, around: Around): T {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        around(
          `${name}.${String(key)}`,
          () => Reflect.apply(value, target, args) as Promise<unknown>,
        );
    },
  });
}
