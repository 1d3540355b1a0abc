import { isAmunError } from '../../shared/errors/amun-error.js';
import type { Log } from '../../shared/log/create-log.js';

/** Whoever asks for a status is not kept waiting for longer by a cluster that does not answer. */
const PATIENCE_MS = 10_000;

/** Says, beside what is stored, that the cluster was asked in vain. */
export const OUT_OF_SIGHT =
  'The cluster does not answer at the moment; this is what was known before. Builds and runs go on.';

/** What was seen; undefined where nothing could be. */
export type Sight<T> = { readonly seen: T } | undefined;

/** Looks at the cluster for one answer. Once it does not answer, it is not asked again for that. */
export class ClusterSight {
  #isLost = false;

  /** @param patienceMs how long it is waited for */
  constructor(
    private readonly log: Log,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** The sentence for it, once something could not be seen. */
  get loss(): string | undefined {
    return this.#isLost ? OUT_OF_SIGHT : undefined;
  }

  /** Throws what is no mere passing failure. */
  async see<T>(look: () => Promise<T>): Promise<Sight<T>> {
    if (this.#isLost) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.patienceMs);
    });
    try {
      const sight = await Promise.race([this.#look(look), late]);
      if (sight === undefined) this.#isLost = true;
      return sight;
    } finally {
      clearTimeout(timer);
    }
  }

  async #look<T>(look: () => Promise<T>): Promise<Sight<T>> {
    try {
      return { seen: await look() };
    } catch (error) {
      if (!isAmunError(error) || !error.entry.retryable) throw error;
      this.log.warn({ err: error }, 'the cluster does not answer; telling what is known');
      return undefined;
    }
  }
}
