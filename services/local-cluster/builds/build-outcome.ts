import type { Reason } from '../../../shared/inspection/reason.js';
import type { BuildObservation } from '../../../shared/inspection/observation.js';

/** What is known when the engine's build command has ended. */
export interface BuildEnd {
  /** undefined where nobody saw it end. */
  readonly exitCode: number | undefined;
  /** "sha256:…" as the engine wrote it. */
  readonly image: string | undefined;
  /** The last lines of its output. */
  readonly logTail: string;
  /** True where the kernel killed a step at its memory limit. */
  readonly isOutOfMemory: boolean;
  /** Why we ended it ourselves, if we did. */
  readonly ending: Reason | undefined;
}

/** How the build ended, or that it was disturbed from outside and is to be made again. */
export type BuildVerdict =
  Pick<BuildObservation, 'exitCode' | 'image' | 'reason' | 'message'> | 'disrupted';

/** Exit codes of a shell above this say which signal ended the command. */
const SIGNALLED = 128;
const MAX_MESSAGE = 500;

/** How the engines say that a base image cannot be had. */
const PULL_FAILURES = [
  /creating build container: .*(?:initializing source|short-name|pinging container registry)/,
  /Trying to pull .*\n[^]*^Error: (?!building at)/m,
  /manifest unknown|manifest for .* not found|repository does not exist|pull access denied/,
  /failed to resolve source metadata|failed to create LLB definition|failed to do request|error getting credentials|invalid reference format/,
  /no such image|image not known/i,
];

/** Words of the engines for a step that was killed. */
const STEP_KILLED =
  /container exited on killed|exit(?:ed with| status| code:?)* 137|signal: killed/;

/** Judges a build by its exit code, what it printed, and what the kernel said. */
export function judgeBuild(end: BuildEnd): BuildVerdict {
  const said = lastWords(end.logTail);
  if (end.ending !== undefined) {
    return { ...withCode(end.exitCode), reason: end.ending };
  }
  if (end.exitCode === undefined) return 'disrupted';
  if (end.exitCode === 0) {
    // An engine that is asked to stop ends with 0, and without an image.
    return end.image === undefined ? 'disrupted' : { exitCode: 0, image: end.image };
  }
  if (end.exitCode > SIGNALLED && !hasError(end.logTail)) return 'disrupted';
  return { exitCode: stepCode(said) ?? end.exitCode, reason: reasonOf(end), message: said };
}

function reasonOf({ logTail, isOutOfMemory }: BuildEnd): Reason {
  if (isOutOfMemory && STEP_KILLED.test(logTail)) return 'BuildOutOfMemory';
  const hasStep = /building at STEP|executor failed running|process "\/bin\/sh/.test(logTail);
  if (!hasStep && PULL_FAILURES.some((pattern) => pattern.test(logTail))) {
    return 'BaseImageNotFound';
  }
  return isOutOfMemory ? 'BuildOutOfMemory' : 'BuildFailed';
}

/** The engine's last error line, or its last line. */
function lastWords(logTail: string): string {
  const lines = logTail.trim().split('\n');
  const line = lines.findLast((text) => /^(?:Error|ERROR)/.test(text)) ?? lines.at(-1) ?? '';
  return line.replace(/^(?:Error|ERROR):\s*/, '').slice(0, MAX_MESSAGE);
}

/** docker ends with 1 whatever the step's exit code was; its last words have that. */
function stepCode(said: string): number | undefined {
  const code =
    /^executor failed running .*: exit code: (\d+)$|did not complete successfully: exit code: (\d+)$/.exec(
      said,
    );
  return code === null ? undefined : Number(code[1] ?? code[2]);
}

function hasError(logTail: string): boolean {
  return /^(?:Error|ERROR)\b/m.test(logTail.trim().split('\n').slice(-3).join('\n'));
}

function withCode(exitCode: number | undefined): { exitCode?: number } {
  return exitCode === undefined ? {} : { exitCode };
}
