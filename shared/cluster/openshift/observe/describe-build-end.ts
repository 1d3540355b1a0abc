import type { BuildObservation } from '../../../inspection/observation.js';
import type { Reason } from '../../../inspection/reason.js';
import { MOST_ATTEMPTS } from '../../kubernetes/observe/attempts.js';
import { judgePod } from '../../kubernetes/observe/judge-pod.js';
import type { PodState } from '../../kubernetes/observe/parse-pod.js';
import { parseImage } from '../image-reference.js';
import type { BuildSeen } from './parse-build.js';

type End = Pick<BuildObservation, 'exitCode' | 'reason' | 'message' | 'image'>;

/** A Build that did not come to its end by itself. */
export interface Disruption {
  readonly message: string;
  /** How often a build is tried where this happens. */
  readonly attempts: number;
  /** How it counts after that. */
  readonly reason: Reason;
}

/** Its pod was deleted or evicted, or another one had its name. */
const DISRUPTED = new Set([
  'BuildPodDeleted',
  'BuildPodEvicted',
  'BuildPodExists',
  'NoBuildContainerStatus',
]);
/** The first Build of a new namespace may push before there are credentials for it. */
const NOT_PUSHED = 'PushImageToRegistryFailed';
const PUSH_ATTEMPTS = 2;

const FAILED_BY_ITSELF = new Set([
  'DockerBuildFailed',
  'GenericBuildFailed',
  'ManageDockerfileFailed',
]);
/** buildah's words for a step that failed; the last one counts. */
const STEP_FAILED = /\bexit (?:status|code:?) (\d{1,3})\b/g;
const NO_BASE =
  /failed to pull image|Pull image still failed|initializing source docker:\/\/|creating build container/;

/** How a good Build ended. */
export function describeSuccess({ digest, output }: BuildSeen): End {
  const image = parseImage(`${output?.replace(/:[^/:]*$/, '') ?? ''}@${digest ?? ''}`);
  if (image !== undefined) return { exitCode: 0, image: image.reference };
  return {
    exitCode: 0,
    reason: 'ClusterError',
    message: 'The build succeeded and did not say the digest of its image; build it again.',
  };
}

/** What took a failed Build from its machine; undefined where it failed by itself. */
export function findDisruption(
  build: BuildSeen,
  pod: PodState | undefined,
): Disruption | undefined {
  const { reason = '' } = build;
  const message = lastWords(build, pod) ?? saidOf(build);
  if (reason === NOT_PUSHED) {
    return { message, attempts: PUSH_ATTEMPTS, reason: 'ClusterError' };
  }
  const verdict = pod === undefined ? undefined : judgePod(pod, Date.now());
  const isDisrupted = DISRUPTED.has(reason) || verdict?.kind === 'disrupted';
  if (!isDisrupted || isOutOfMemory(build, pod) || isOverdue(build, pod)) return undefined;
  return { message: saidOf(build), attempts: MOST_ATTEMPTS, reason: 'Evicted' };
}

/**
 * How a Build failed, by its pod before its own word: only the pod tells a deadline, or want of
 * memory that the builder took for a step's failure.
 */
export function describeFailure(build: BuildSeen, pod: PodState | undefined): End {
  const words = lastWords(build, pod);
  const code = exitCode(build, pod);
  const message = words === undefined ? {} : { message: words };
  if (isOutOfMemory(build, pod)) return { ...code, reason: 'BuildOutOfMemory', ...message };
  if (isOverdue(build, pod)) return { ...code, reason: 'BuildTimedOut' };
  const end = { ...code, message: words ?? saidOf(build) };
  const { reason = '' } = build;
  if (reason === 'PullBuilderImageFailed') return { ...end, reason: 'BaseImageNotFound' };
  if (!FAILED_BY_ITSELF.has(reason)) {
    return { ...code, reason: 'ClusterError', message: [saidOf(build), words].join(' ').trim() };
  }
  return { ...end, reason: NO_BASE.test(words ?? '') ? 'BaseImageNotFound' : 'BuildFailed' };
}

/** The Build's own reason and message. */
export function saidOf({ reason, message }: BuildSeen): string {
  const words = [reason, message].filter((text) => text !== undefined);
  return words.join(': ') || 'OpenShift does not say why.';
}

function isOutOfMemory({ reason }: BuildSeen, pod: PodState | undefined): boolean {
  if (reason === 'OutOfMemoryKilled') return true;
  return [pod?.main, pod?.init].some((container) => container?.reason === 'OOMKilled');
}

/** Where the pod is gone, the Build's own times tell. */
function isOverdue(build: BuildSeen, pod: PodState | undefined): boolean {
  if (pod !== undefined) return pod.reason === 'DeadlineExceeded';
  const { startedAt, finishedAt, deadlineSeconds, reason = '' } = build;
  if (startedAt === undefined || finishedAt === undefined || deadlineSeconds === undefined) {
    return false;
  }
  const tookMs = Date.parse(finishedAt) - Date.parse(startedAt);
  return FAILED_BY_ITSELF.has(reason) && tookMs >= deadlineSeconds * 1000;
}

/** The last lines of its output: whole ones from the pod, cut ones from the Build. */
function outputOf({ snippet }: BuildSeen, pod: PodState | undefined): string {
  const bad = [pod?.main, pod?.init].find(
    (container) => container?.state === 'terminated' && container.exitCode !== 0,
  );
  return bad?.message ?? snippet ?? '';
}

/** The last line that says something. */
function lastWords(build: BuildSeen, pod: PodState | undefined): string | undefined {
  return outputOf(build, pod)
    .split('\n')
    .map((text) => text.trim())
    .findLast((text) => text !== '');
}

function exitCode(build: BuildSeen, pod: PodState | undefined): { exitCode?: number } {
  const step = [...outputOf(build, pod).matchAll(STEP_FAILED)].at(-1)?.[1];
  const code = step === undefined ? (pod?.main?.exitCode ?? pod?.init?.exitCode) : Number(step);
  return code === undefined || code === 0 ? {} : { exitCode: code };
}
