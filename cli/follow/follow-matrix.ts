import type { Client } from '../../client/create-client.js';
import type { MatrixStatus } from '../../client/matrix-answers.js';
import { formatDuration } from '../output/format-time.js';
import type { ProgressLine } from '../output/progress-line.js';
import { pause } from '../../client/pause.js';
import { persist } from '../../client/persist.js';

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 3_000;

/** Shows how far a matrix is until all of it has ended; resolves to how it stands then. */
export async function followMatrix(
  id: string,
  options: {
    readonly client: Client;
    readonly signal: AbortSignal;
    readonly progress: ProgressLine;
  },
): Promise<MatrixStatus> {
  const { client, signal, progress } = options;
  const begun = Date.now();
  const waiting = (): void => progress.show('waiting for the service to answer');
  for (let delay = FIRST_PAUSE_MS; ; delay = Math.min(delay * 1.5, LONGEST_PAUSE_MS)) {
    const matrix = await persist(() => client.matrix(id), signal, waiting);
    if (matrix.finished) {
      progress.clear();
      return matrix;
    }
    const phases = Object.entries(matrix.phases).map(([phase, count]) => `${count} ${phase}`);
    progress.show(`${phases.join(', ')} (${formatDuration(Date.now() - begun)})`);
    await pause(delay, signal);
  }
}
