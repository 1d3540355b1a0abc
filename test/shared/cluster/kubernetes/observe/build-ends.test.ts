import { BUILD, DEADLINE, DIGEST, main, ownerObject, podObject, terminated } from '../objects.js';
import { seeBuild } from './observe.js';

const OWNER = ownerObject(BUILD);
const NO_BASE =
  'error: failed to solve: registry.example.com/no:1: failed to resolve source metadata for registry.example.com/no:1: not found';
const STEP_FAILED =
  'error: failed to solve: process "/bin/sh -c exit 7" did not complete successfully: exit code: 7';

function seeEnd(exitCode: number, reason: string, message: string, status: object = {}) {
  const state = main(terminated(exitCode, reason, { message }));
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
  return seeBuild(OWNER, [podObject(BUILD, { phase, ...state, ...status })]);
}

describe('how a build ended', () => {
  it('well, with the digest of its image', () => {
    expect(seeEnd(0, 'Completed', `${DIGEST}\n`)).toMatchObject({
      state: 'terminated',
      exitCode: 0,
      image: `registry.example.com/amun@${DIGEST}`,
    });
  });

  it.each(['', 'sha256:abc', `${DIGEST} ${DIGEST}`, `prefix ${DIGEST}`])(
    'well, and nobody knows the image: %j',
    (message) => {
      const seen = seeEnd(0, 'Completed', message);
      expect(seen).toMatchObject({ reason: 'ClusterError' });
      expect(seen.image).toBeUndefined();
    },
  );

  it('with the exit code of the step that failed, and the last words', () => {
    expect(seeEnd(1, 'Error', `#5 ERROR\n${STEP_FAILED}\n\n`)).toMatchObject({
      exitCode: 7,
      reason: 'BuildFailed',
      message: STEP_FAILED,
    });
    expect(seeEnd(1, 'Error', 'could not connect')).toMatchObject({
      exitCode: 1,
      reason: 'BuildFailed',
      message: 'could not connect',
    });
  });

  it('without its base', () => {
    expect(seeEnd(1, 'Error', NO_BASE)).toMatchObject({ reason: 'BaseImageNotFound' });
  });

  it('in a step whose output reads as if the base were not there', () => {
    const said = `#6 0.1 pull access denied\n#6 0.2 ${NO_BASE}\n${STEP_FAILED}`;
    expect(seeEnd(1, 'Error', said)).toMatchObject({ reason: 'BuildFailed', exitCode: 7 });
  });

  it('in a step whose output reads as if it had pushed an image', () => {
    expect(seeEnd(1, 'Error', `${DIGEST}\n`).image).toBeUndefined();
  });

  it('for want of memory, or at its deadline', () => {
    expect(seeEnd(137, 'OOMKilled', 'Killed')).toMatchObject({ reason: 'BuildOutOfMemory' });
    expect(seeEnd(143, 'Error', 'cancelled', DEADLINE)).toMatchObject({
      reason: 'BuildTimedOut',
    });
  });

  it('before it began', () => {
    expect(seeEnd(128, 'StartError', 'no such file')).toMatchObject({
      reason: 'ClusterError',
      message: 'no such file',
    });
  });
});
