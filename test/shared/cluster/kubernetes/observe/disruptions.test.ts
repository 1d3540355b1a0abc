import {
  DEADLINE,
  disruption,
  init,
  JOB,
  main,
  ownerObject,
  podObject,
  running,
  secondsAgo,
  terminated,
  UNKNOWN_END,
  waiting,
} from '../objects.js';
import { seeRun } from './observe.js';

const OWNER = ownerObject(JOB);
const CANCELLED = ownerObject(JOB, { annotations: { 'amun.io/cancelled': 'true' } });
const EVICTED = {
  phase: 'Failed',
  reason: 'Evicted',
  message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 51Mi.',
};
/** Gone since so many seconds, if its node would say so. */
const leaving = (seconds: number) => ({
  metadata: { deletionTimestamp: secondsAgo(seconds), deletionGracePeriodSeconds: 15 },
});

describe('a run that the cluster took away', () => {
  const PREEMPTED = disruption('PreemptionByScheduler', 'default-scheduler: preempting');
  const cases: [string, object, object, RegExp][] = [
    [
      'evicted by its node',
      {
        ...EVICTED,
        ...main(terminated(137, 'Error')),
        ...disruption('TerminationByKubelet', EVICTED.message),
      },
      {},
      /TerminationByKubelet: The node was low on resource: memory/,
    ],
    [
      'evicted by its node, and it cannot say how the container ended',
      { ...EVICTED, ...main(UNKNOWN_END) },
      {},
      /low on resource/,
    ],
    [
      'preempted',
      { phase: 'Failed', ...main(terminated(143, 'Error')), ...PREEMPTED },
      leaving(0),
      /PreemptionByScheduler/,
    ],
    [
      'deleted by somebody',
      { phase: 'Failed', ...main(terminated(143, 'Error')) },
      leaving(0),
      /Error/,
    ],
    [
      'its node shut down',
      {
        phase: 'Failed',
        reason: 'Terminated',
        message: 'Pod was terminated in response to imminent node shutdown.',
        ...main(terminated(143, 'Error')),
        ...disruption('TerminationByKubelet', 'node shutdown'),
      },
      {},
      /imminent node shutdown/,
    ],
    [
      'turned away while its node shuts down',
      {
        phase: 'Failed',
        reason: 'NodeShutdown',
        message: 'Pod was rejected as the node is shutting down.',
      },
      {},
      /NodeShutdown: Pod was rejected/,
    ],
    [
      'turned away by a node that is full',
      {
        phase: 'Failed',
        reason: 'OutOfcpu',
        message: 'Pod was rejected: Node didn’t have enough resource: cpu, requested: 1000',
      },
      {},
      /OutOfcpu: Pod was rejected/,
    ],
    [
      'removed by the collector of pods without a node',
      {
        phase: 'Failed',
        ...main(running()),
        ...disruption('DeletionByPodGC', 'PodGC: node no longer exists'),
      },
      leaving(0),
      /PodGC: node no longer exists/,
    ],
    [
      'its node lost, and gone for good by now',
      {
        phase: 'Running',
        ...main(running()),
        ...disruption(
          'DeletionByTaintManager',
          'Taint manager: deleting due to NoExecute taint: node.kubernetes.io/unreachable',
        ),
      },
      leaving(60),
      /unreachable/,
    ],
    [
      'its node lost all trace of it',
      { phase: 'Failed', ...main(UNKNOWN_END) },
      {},
      /could not be/,
    ],
  ];

  it.each(cases)('%s: it is tried again', (_, status, fields, words) => {
    const seen = seeRun(OWNER, [podObject(JOB, { ...status }, fields)]);
    expect(seen).toMatchObject({ state: 'waiting', stalled: true });
    expect(seen.message).toMatch(words);
    expect(seen.reason).toBeUndefined();
  });

  it.each(cases)('%s: three times at most', (_, status, fields, words) => {
    const seen = seeRun(OWNER, [podObject(JOB, { ...status }, { ...fields, attempt: 2 })]);
    expect(seen).toMatchObject({ state: 'terminated', reason: 'Evicted' });
    expect(seen.message).toMatch(words);
  });

  it.each(cases)('%s: not where it was cancelled', (_, status, fields) => {
    const seen = seeRun(CANCELLED, [podObject(JOB, { ...status }, fields)]);
    expect(seen).toMatchObject({ state: 'terminated', reason: 'Cancelled' });
  });

  it('goes on while its node may still report', () => {
    const status = {
      phase: 'Running',
      ...main(running()),
      ...disruption('DeletionByTaintManager', 'unreachable'),
    };
    expect(seeRun(OWNER, [podObject(JOB, status, leaving(10))])).toMatchObject({
      state: 'running',
    });
  });
});

describe('a run that was cancelled', () => {
  it.each([
    ['ended by the deadline set for that', { ...DEADLINE, ...main(terminated(143, 'Error')) }],
    ['ended before its container began', { ...DEADLINE, ...main(UNKNOWN_END) }],
    [
      'ended during init',
      { ...DEADLINE, ...init(UNKNOWN_END), ...main(waiting('PodInitializing')) },
    ],
  ])('%s', (_, status) => {
    expect(seeRun(CANCELLED, [podObject(JOB, status)])).toMatchObject({
      state: 'terminated',
      reason: 'Cancelled',
    });
  });

  it('keeps an end of its own', () => {
    const pod = podObject(JOB, { phase: 'Failed', ...main(terminated(3, 'Error')) });
    expect(seeRun(CANCELLED, [pod])).toMatchObject({ exitCode: 3, reason: 'ScriptFailed' });
  });

  it('is over where nothing of it is left, and where it has no node', () => {
    expect(seeRun(CANCELLED, [])).toMatchObject({ state: 'terminated', reason: 'Cancelled' });
    const pending = podObject(JOB, { phase: 'Pending' }, { node: '' });
    expect(seeRun(CANCELLED, [pending])).toMatchObject({ reason: 'Cancelled' });
  });

  it('runs until it has stopped', () => {
    const pod = podObject(JOB, { phase: 'Running', ...main(running()) });
    expect(seeRun(CANCELLED, [pod])).toMatchObject({ state: 'running' });
  });
});
