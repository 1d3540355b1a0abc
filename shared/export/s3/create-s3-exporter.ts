import type { ExportConfig } from '../../config/export-config.js';
import { AmunError } from '../../errors/amun-error.js';
import type { Log } from '../../log/create-log.js';
import type { ExportCheck, Exporter } from '../port.js';
import { explainS3Error, type S3Problem } from './explain-s3-error.js';
import type { S3Store } from './s3-store.js';

/** A problem that stays is told again after this time. */
const TELL_EVERY_MS = 5 * 60_000;

/** Exports to a bucket. The SDK is loaded at the first use. */
export function createS3Exporter(config: ExportConfig, log: Pick<Log, 'error' | 'info'>): Exporter {
  let opened: Promise<S3Store> | undefined;
  const open = (): Promise<S3Store> => {
    opened ??= import('./s3-store.js').then(({ openS3Store }) => openS3Store(config));
    return opened;
  };
  const told = new Map<S3Problem['kind'], number>();

  /** Once for all that it strikes, and again from time to time as long as it lasts. */
  const tell = (problem: S3Problem): void => {
    // What made it rest has been told.
    if (problem.kind === 'resting') return;
    const now = Date.now();
    if (now - (told.get(problem.kind) ?? 0) < TELL_EVERY_MS) return;
    told.set(problem.kind, now);
    log.error(`Finished inspections wait for their export. ${problem.sentence}`);
  };

  return {
    destination: `s3://${config.bucket}/${config.prefix} at ${config.endpoint ?? config.region}`,
    async put(object, signal) {
      const store = await open();
      try {
        await store.put(object, signal);
      } catch (error) {
        const problem = explainS3Error(error, config);
        tell(problem);
        throw new AmunError('ExportPending', problem.sentence, { cause: error });
      }
      if (told.size > 0) log.info('Finished inspections are exported again.');
      told.clear();
    },
    check: () => check(open, config),
  };
}

async function check(open: () => Promise<S3Store>, config: ExportConfig): Promise<ExportCheck> {
  const place = `bucket ${config.bucket} at ${config.endpoint ?? `Amazon S3 in ${config.region}`}`;
  try {
    const store = await open();
    await store.list();
    return { state: 'ready', detail: place };
  } catch (error) {
    const { kind, lasts, sentence } = explainS3Error(error, config);
    // Exports need no right to list.
    if (kind === 'forbidden') {
      return {
        state: 'unsure',
        detail: `${place} may not be listed; whether it may be written shows`,
      };
    }
    return { state: lasts ? 'wrong' : 'unsure', detail: sentence };
  }
}
