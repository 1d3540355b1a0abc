import { judgeRun } from '../../../../services/local-cluster/runs/judge-run.js';
import { judgeStart } from '../../../../services/local-cluster/runs/judge-start.js';
import type { RunEnd } from '../../../../services/local-cluster/runs/run-plan.js';

const finishedAt = '2024-05-01T12:00:00.000Z';

function ended(exitCode: number, oom?: 'limit' | 'machine'): RunEnd {
  return { kind: 'ended', exitCode, finishedAt, oom };
}

describe('the judgement of a run', () => {
  it('has no reason where it ended well', () => {
    expect(judgeRun(ended(0), undefined)).toEqual({ exitCode: 0, finishedAt });
  });

  it.each([
    ['a script that failed', ended(3), 'ScriptFailed'],
    ['a script that ended with 137', ended(137), 'ScriptFailed'],
    ['a run that reached its memory limit', ended(137, 'limit'), 'OutOfMemory'],
    ['a run of which a child reached it', ended(1, 'limit'), 'OutOfMemory'],
  ])('tells %s', (_, end, reason) => {
    expect(judgeRun(end, undefined)).toMatchObject({ reason, finishedAt });
  });

  it('tries again where the whole machine had no memory left, or nobody saw the end', () => {
    expect(judgeRun(ended(137, 'machine'), undefined)).toBe('disrupted');
    expect(judgeRun({ kind: 'disrupted', message: 'gone' }, undefined)).toBe('disrupted');
  });

  it('keeps the reason for which we ended it', () => {
    expect(judgeRun(ended(143), 'DeadlineExceeded')).toEqual({
      exitCode: 143,
      finishedAt,
      reason: 'DeadlineExceeded',
    });
    expect(judgeRun({ kind: 'disrupted', message: 'gone' }, 'Cancelled')).toEqual({
      reason: 'Cancelled',
    });
  });
});

describe('the judgement of a start', () => {
  const startedAt = finishedAt;

  it('needs the engine’s word and a first process', () => {
    expect(judgeStart({ code: 0, startedAt, errors: '' })).toEqual({ kind: 'started', startedAt });
    expect(judgeStart({ code: 0, startedAt: undefined, errors: '' }).kind).toBe('disrupted');
  });

  it('may go better another time where the engine was killed or failed', () => {
    expect(judgeStart({ code: undefined, startedAt, errors: '' }).kind).toBe('disrupted');
    expect(judgeStart({ code: 125, startedAt: undefined, errors: 'Error: locked' })).toEqual({
      kind: 'disrupted',
      message: 'Error: locked',
    });
  });

  it('never goes better where the image is gone or has no shell', () => {
    const gone = 'Error: sha256:0: image not known';
    expect(judgeStart({ code: 125, startedAt: undefined, errors: gone })).toEqual({
      kind: 'refused',
      reason: 'ImageNotFound',
      message: gone,
    });
    const noShell = 'Error: runc: exec: "/bin/sh": stat /bin/sh: no such file or directory';
    expect(judgeStart({ code: 127, startedAt: undefined, errors: noShell })).toMatchObject({
      kind: 'refused',
      reason: 'ClusterError',
    });
  });
});
