import {
  judgeBuild,
  type BuildEnd,
} from '../../../../services/local-cluster/builds/build-outcome.js';

const STEP = 'STEP 2/2: RUN make\n';

function end(more: Partial<BuildEnd>): BuildEnd {
  return {
    exitCode: 1,
    image: undefined,
    logTail: '',
    isOutOfMemory: false,
    ending: undefined,
    ...more,
  };
}

describe('the judgement of a build', () => {
  it('takes the image of one that ended well', () => {
    const image = `sha256:${'a'.repeat(64)}`;
    expect(judgeBuild(end({ exitCode: 0, image }))).toEqual({ exitCode: 0, image });
  });

  it('takes an end without an image for a disruption: so podman ends when it is asked to', () => {
    expect(judgeBuild(end({ exitCode: 0 }))).toBe('disrupted');
  });

  it.each([
    ['an end that nobody saw', undefined, STEP],
    ['SIGKILL', 137, STEP],
    ['SIGTERM', 143, STEP],
  ])('takes %s for a disruption', (_, exitCode, logTail) => {
    expect(judgeBuild(end({ exitCode, logTail }))).toBe('disrupted');
  });

  it('takes a step that ended with 137 for the step’s failure', () => {
    const logTail = `${STEP}Error: building at STEP "RUN make": while running runtime: exit status 137\n`;
    expect(judgeBuild(end({ exitCode: 137, logTail }))).toEqual({
      exitCode: 137,
      reason: 'BuildFailed',
      message: 'building at STEP "RUN make": while running runtime: exit status 137',
    });
  });

  it.each([
    'Error: creating build container: initializing source docker://none:1: reading manifest 1 in docker.io/library/none: requested access to the resource is denied',
    'Error: creating build container: short-name "none:1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
    'Trying to pull registry.invalid/none:1...\nError: creating build container: initializing source docker://registry.invalid/none:1: pinging container registry registry.invalid: Get "https://registry.invalid/v2/": dial tcp: no such host',
    'ERROR: failed to solve: none:1: failed to resolve source metadata for docker.io/library/none:1: pull access denied, repository does not exist or may require authorization',
  ])('knows a base image that cannot be had: %s', (logTail) => {
    expect(judgeBuild(end({ exitCode: 125, logTail }))).toMatchObject({
      reason: 'BaseImageNotFound',
    });
  });

  it('does not take what a step prints for the engine’s words', () => {
    const logTail = `manifest unknown\nError: building at STEP "RUN make": exit status 1\n`;
    expect(judgeBuild(end({ logTail }))).toMatchObject({ reason: 'BuildFailed' });
  });

  it('finds the step’s exit code in docker’s words', () => {
    const logTail = 'executor failed running [/bin/sh -c exit 7]: exit code: 7\n';
    expect(judgeBuild(end({ logTail }))).toMatchObject({ exitCode: 7, reason: 'BuildFailed' });
  });

  it('tells want of memory', () => {
    const logTail = `${STEP}container exited on killed\nError: building at STEP "RUN make": while running runtime: exit status 1\n`;
    expect(judgeBuild(end({ logTail, isOutOfMemory: true }))).toMatchObject({
      exitCode: 1,
      reason: 'BuildOutOfMemory',
    });
  });

  it('keeps the reason for which we ended it', () => {
    const seen = judgeBuild(end({ exitCode: 143, ending: 'BuildTimedOut', logTail: STEP }));
    expect(seen).toEqual({ exitCode: 143, reason: 'BuildTimedOut' });
    expect(judgeBuild(end({ exitCode: undefined, ending: 'Cancelled' }))).toEqual({
      reason: 'Cancelled',
    });
  });
});
