import type { BuildObservation } from '../../../inspection/observation.js';
import type { PodVerdict } from './judge-pod.js';

type PodEnd = Extract<PodVerdict, { kind: 'ended' }>;
type BuildEnd = Pick<BuildObservation, 'exitCode' | 'reason' | 'message' | 'image'>;

const DIGEST = /^\s*(sha256:[0-9a-f]{64})\s*$/;
/** BuildKit's words for a step that failed; the last one counts. */
const STEP_FAILED = /did not complete successfully: exit code: (\d{1,3})/g;
const NO_BASE =
  /failed to resolve source metadata for|failed to load metadata for|pull access denied/;

/**
 * How a build ended, by its pod's last message: the digest of what was pushed, or the end of
 * BuildKit's output, whose last lines say what failed.
 *
 * @param imageOf the reference by which runs get the image of that digest
 */
export function describeBuildEnd(end: PodEnd, imageOf: (digest: string) => string): BuildEnd {
  const said = end.message ?? '';
  const stepCode = stepExitCode(said);
  const code = stepCode ?? end.exitCode;
  const exitCode = code === undefined ? {} : { exitCode: code };
  const message = lastWords(said);
  switch (end.cause) {
    case 'deadline':
      return { ...exitCode, reason: 'BuildTimedOut' };
    case 'memory':
      return { ...exitCode, reason: 'BuildOutOfMemory', ...message };
    case 'not-started':
      return { reason: 'ClusterError', ...message };
    case 'exit':
      break;
  }
  if (end.exitCode === 0) return describeSuccess(said, imageOf);
  // Before any step; a step may say anything.
  if (stepCode === undefined && NO_BASE.test(said))
    return { ...exitCode, reason: 'BaseImageNotFound', ...message };
  return { ...exitCode, reason: 'BuildFailed', ...message };
}

function describeSuccess(said: string, imageOf: (digest: string) => string): BuildEnd {
  const digest = DIGEST.exec(said)?.[1];
  if (digest !== undefined) return { exitCode: 0, image: imageOf(digest) };
  return {
    exitCode: 0,
    reason: 'ClusterError',
    message: 'The build succeeded and did not say the digest of its image; build it again.',
  };
}

function stepExitCode(said: string): number | undefined {
  const code = [...said.matchAll(STEP_FAILED)].at(-1)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** The last line that says something. */
function lastWords(said: string): { message?: string } {
  const line = said
    .split('\n')
    .map((text) => text.trim())
    .findLast((text) => text !== '');
  return line === undefined ? {} : { message: line };
}
