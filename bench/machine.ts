import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures were measured on, in one line. */
export function describeMachine(): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 1024 ** 3);
  return (
    `${availableParallelism()} cores of ${processor}, ${memory} GiB, Linux ${release()}, ` +
    `Node ${process.versions.node}`
  );
}

/** Of the last minute: above the number of cores, processes waited for one another. */
export function readLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
