import { AmunError } from '../../shared/errors/amun-error.js';
import type { ExportObject } from '../../shared/export/inspection-objects.js';
import type { Exporter } from '../../shared/export/port.js';

/** An exporter whose place is this process. */
export interface MemoryExporter extends Exporter {
  /** What lies there, by key. */
  readonly objects: Map<string, string>;
  /** Every key that was put, in order, again and again. */
  readonly puts: string[];
  /** Whether a put fails, by its number from 1: before it has its effect, or after. */
  fails: (put: number, key: string) => 'before' | 'after' | undefined;
}

export function createMemoryExporter(destination = 'memory'): MemoryExporter {
  const exporter: MemoryExporter = {
    destination,
    objects: new Map(),
    puts: [],
    fails: () => undefined,
    put({ key, body }: ExportObject, signal) {
      exporter.puts.push(key);
      const fault = exporter.fails(exporter.puts.length, key);
      if (fault !== 'before' && signal?.aborted !== true) exporter.objects.set(key, body);
      if (fault === undefined) return Promise.resolve();
      return Promise.reject(new AmunError('ExportPending', `${key} fails for the test.`));
    },
    check: () => Promise.resolve({ state: 'ready', detail: destination }),
  };
  return exporter;
}
