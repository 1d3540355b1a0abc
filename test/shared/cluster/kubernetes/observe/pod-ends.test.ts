import {
  DEADLINE,
  disruption,
  init,
  JOB,
  main,
  ownerObject,
  podObject,
  running,
  terminated,
  UNKNOWN_END,
  waiting,
} from '../objects.js';
import { seeRun } from './observe.js';

const OWNER = ownerObject(JOB);

describe('a run that ended by itself', () => {
  it.each([
    ['well', { phase: 'Succeeded', ...main(terminated(0, 'Completed')) }, { exitCode: 0 }],
    [
      'with an exit code',
      { phase: 'Failed', ...main(terminated(3, 'Error')) },
      { exitCode: 3, reason: 'ScriptFailed' },
    ],
    [
      'by a signal it sent itself',
      { phase: 'Failed', ...main(terminated(137, 'Error')) },
      { exitCode: 137, reason: 'ScriptFailed' },
    ],
    [
      'for want of memory',
      { phase: 'Failed', ...main(terminated(137, 'OOMKilled')) },
      { exitCode: 137, reason: 'OutOfMemory' },
    ],
    [
      'before the kubelet wrote the phase',
      { phase: 'Running', ...main(terminated(4, 'Error')) },
      { exitCode: 4, reason: 'ScriptFailed' },
    ],
    [
      'at its deadline',
      { ...DEADLINE, ...main(terminated(143, 'Error')) },
      { exitCode: 143, reason: 'DeadlineExceeded' },
    ],
    [
      'at its deadline, while it still waited for its image',
      { ...DEADLINE, ...main(waiting('ContainerCreating')) },
      { reason: 'DeadlineExceeded' },
    ],
    [
      'at its deadline, and the kubelet makes up an exit code',
      { ...DEADLINE, ...main(UNKNOWN_END) },
      { reason: 'DeadlineExceeded' },
    ],
    [
      'well, though it was asked to go',
      {
        phase: 'Succeeded',
        ...main(terminated(0, 'Completed')),
        ...disruption('PreemptionByScheduler', 'a more important pod came'),
      },
      { exitCode: 0 },
    ],
  ])('%s', (_, status, expected) => {
    const seen = seeRun(OWNER, [podObject(JOB, status)]);
    const { item, startedAt, finishedAt, ...rest } = seen;
    expect(rest).toEqual({ state: 'terminated', ...expected });
    expect(item).toBe(0);
    if ('exitCode' in expected) {
      expect([startedAt, finishedAt]).toEqual([
        '2026-01-01T11:59:40.000Z',
        '2026-01-01T11:59:55.000Z',
      ]);
    }
  });

  it('is not at its end while its container lasts, though the kubelet called it failed', () => {
    const seen = seeRun(OWNER, [podObject(JOB, { ...DEADLINE, ...main(running()) })]);
    expect(seen).toMatchObject({ state: 'running' });
    expect(seen.reason).toBeUndefined();
  });
});

describe('a run that never began', () => {
  const NO_SHELL =
    'failed to create containerd task: exec: "/bin/sh": stat /bin/sh: no such file or directory';

  it.each([
    [
      'its command is not there',
      { phase: 'Failed', ...main(terminated(128, 'StartError', { message: NO_SHELL })) },
      { reason: 'ClusterError', message: NO_SHELL },
    ],
    [
      'the init container’s command is not there',
      {
        phase: 'Failed',
        ...init(terminated(128, 'StartError', { message: NO_SHELL })),
        ...main(waiting('PodInitializing')),
      },
      { reason: 'ClusterError', message: NO_SHELL },
    ],
    [
      'the init container’s memory is too small',
      {
        phase: 'Failed',
        ...init(terminated(137, 'OOMKilled')),
        ...main(waiting('PodInitializing')),
      },
      { reason: 'OutOfMemory', exitCode: 137 },
    ],
    [
      'the init container was killed',
      {
        phase: 'Failed',
        ...init(terminated(137, 'Error')),
        ...main(waiting('PodInitializing')),
      },
      { reason: 'ClusterError', message: 'its init container ended with exit code 137' },
    ],
  ])('%s', (_, status, expected) => {
    const seen = seeRun(OWNER, [podObject(JOB, status)]);
    expect(seen).toMatchObject({ state: 'terminated', ...expected });
    expect(seen.stalled).toBeUndefined();
  });
});
