import type { IncomingMessage } from 'node:http';
import { AmunError } from '../../../errors/amun-error.js';

/**
 * An answer's body piece by piece, as fast as it is taken. Throws Unavailable where nothing comes
 * for `idleMs` although somebody waits for it, and what Node throws where it breaks off.
 */
export async function* readStream(
  answer: IncomingMessage,
  idleMs?: number,
): AsyncGenerator<Uint8Array> {
  const pieces = (answer as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const giveUp = () => {
    const seconds = (idleMs ?? 0) / 1000;
    answer.destroy(new AmunError('Unavailable', `Nothing came for ${seconds} s.`));
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      if (idleMs !== undefined) timer = setTimeout(giveUp, idleMs);
      const next = await pieces.next();
      clearTimeout(timer);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
    answer.destroy();
  }
}
