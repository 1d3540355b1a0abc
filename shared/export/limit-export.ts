import { AmunError } from '../errors/amun-error.js';
import type { Exporter } from './port.js';

/** Of the time that a function may take: so long it begins to put objects, and so long it waits for them. */
const BEGIN_SHARE = 0.4;
const END_SHARE = 0.8;

/**
 * The same ports, whose exporter begins nothing new after some time from now, so that a function
 * answers before it is given up on. What is missing then is ExportPending.
 *
 * @param execTimeoutMs how long the function may take
 */
export function limitExport<T extends { readonly exporter?: Exporter | 'elsewhere' | undefined }>(
  ports: T,
  execTimeoutMs: number,
): T {
  const { exporter } = ports;
  if (exporter === undefined || exporter === 'elsewhere') return ports;
  const stopped = AbortSignal.timeout(BEGIN_SHARE * execTimeoutMs);
  const ended = AbortSignal.timeout(END_SHARE * execTimeoutMs);
  const limited: Exporter = {
    destination: exporter.destination,
    check: () => exporter.check(),
    put(object) {
      if (!stopped.aborted) return exporter.put(object, ended);
      return Promise.reject(
        new AmunError('ExportPending', 'There is no time left for the export.'),
      );
    },
  };
  return { ...ports, exporter: limited };
}
