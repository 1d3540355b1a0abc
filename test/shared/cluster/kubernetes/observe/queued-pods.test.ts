import {
  BUILD,
  condition,
  disruption,
  JOB,
  main,
  ownerObject,
  podObject,
  running,
  secondsAgo,
  terminated,
  waiting,
} from '../objects.js';
import { seeBuild, seeJob, seeRun } from './observe.js';

const QUEUED = { 'amun.io/queue': 'team-a' };
const OWNER = ownerObject(JOB, { annotations: QUEUED });
const UNSCHEDULABLE = { unschedulable: 'No node has cpu 64.' };
const GATED = condition('PodScheduled', 'False', 'SchedulingGated', 'non-empty scheduling gates');

interface Fields {
  readonly gates?: readonly string[];
  readonly isManaged?: boolean;
  readonly metadata?: object;
  readonly ageSeconds?: number;
  readonly attempt?: number;
}

/** A pod in a queue, as it is from when it is made until it is let out. */
function gatedPod(fields: Fields = {}, ref = JOB): Record<string, unknown> {
  const { gates = ['kueue.x-k8s.io/admission'], isManaged = true, metadata, ...more } = fields;
  const pod = podObject(ref, { phase: 'Pending', ...GATED }, { node: '', ...more });
  const { metadata: own, ...rest } = pod as {
    metadata: { labels: object };
    [name: string]: unknown;
  };
  const managed = isManaged ? { 'kueue.x-k8s.io/managed': 'true' } : {};
  const labels = { ...own.labels, 'kueue.x-k8s.io/queue-name': 'team-a', ...managed };
  return {
    ...rest,
    metadata: { ...own, uid: 'pod-uid', labels, ...metadata },
    spec: { schedulingGates: gates.map((name) => ({ name })) },
  };
}

/** The same once Kueue has let it out. */
function releasedPod(status: object, releasedSeconds: number, more: object = {}) {
  const managedFields = [
    { manager: 'amun', operation: 'Update', time: secondsAgo(7200) },
    { manager: 'kueue', operation: 'Update', time: secondsAgo(releasedSeconds) },
    { manager: 'kubelet', operation: 'Update', subresource: 'status', time: secondsAgo(1) },
  ];
  const pod = gatedPod({ ageSeconds: 7200, metadata: { managedFields, ...more } });
  return { ...pod, spec: { nodeName: 'node-1' }, status: { phase: 'Pending', ...status } };
}

describe('a pod in a queue of Kueue', () => {
  it('waits with a sentence that names the queue', () => {
    expect(seeRun(OWNER, [gatedPod()])).toEqual({
      item: 0,
      state: 'waiting',
      queue: 'team-a',
      message: 'waits for Kueue to admit it to queue team-a',
    });
  });

  it('says what Kueue says of it, where it was asked', () => {
    const view = { queueSays: 'insufficient unused quota for cpu, 1 more needed' };
    expect(seeJob(OWNER, [gatedPod()], view)).toMatchObject({
      state: 'waiting',
      queue: 'team-a',
      message:
        'waits for Kueue to admit it to queue team-a: insufficient unused quota for cpu, 1 more needed',
    });
    expect(seeBuild(ownerObject(BUILD), [gatedPod({}, BUILD)], view)).toMatchObject({
      state: 'waiting',
      queue: 'team-a',
    });
  });

  it('says that Kueue does not look after it', () => {
    const seen = seeRun(OWNER, [gatedPod({ isManaged: false })], { queueSays: undefined });
    expect(seen.message).toMatch(/has taken no notice of it; its pod integration has to be on/);
  });

  it('does not end for want of a node, however long it takes', () => {
    const view = { ...UNSCHEDULABLE, schedulingMs: 1000 };
    expect(seeRun(OWNER, [gatedPod({ ageSeconds: 86_400 })], view).state).toBe('waiting');
  });

  it('has its time for a node, and for an image, from when it was let out', () => {
    const unscheduled = condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes');
    const view = { ...UNSCHEDULABLE, schedulingMs: 60_000 };
    expect(seeRun(OWNER, [releasedPod(unscheduled, 59)], view).state).toBe('waiting');
    expect(seeRun(OWNER, [releasedPod(unscheduled, 61)], view).reason).toBe('Unschedulable');
    const pulling = main(waiting('ErrImagePull', 'no answer'));
    expect(seeRun(OWNER, [releasedPod(pulling, 599)]).state).toBe('waiting');
    expect(seeRun(OWNER, [releasedPod(pulling, 601)]).reason).toBe('ClusterError');
  });

  it.each([[undefined], [null], [[]], [[null, 'x', { time: 'soon' }, { time: 5 }]]])(
    'has it from when it was made where nobody says more: %j',
    (managedFields) => {
      const pulling = main(waiting('ErrImagePull', 'no answer'));
      const pod = releasedPod(pulling, 0, { managedFields });
      expect(seeRun(OWNER, [pod]).reason).toBe('ClusterError');
    },
  );

  it('is one run of many: the job waits in the queue as long as all that wait do', () => {
    const owner = ownerObject(JOB, { items: 2, annotations: QUEUED });
    const other = podObject(JOB, { phase: 'Pending' }, { item: 1 });
    expect(seeJob(owner, [gatedPod(), other]).queue).toBeUndefined();
    const begun = podObject(JOB, { phase: 'Running', ...main(running()) }, { item: 1 });
    expect(seeJob(owner, [gatedPod(), begun])).toMatchObject({ state: 'running', queue: 'team-a' });
  });

  it('is over once it is cancelled, or on its way out', () => {
    const cancelled = ownerObject(JOB, { annotations: { ...QUEUED, 'amun.io/cancelled': 'true' } });
    expect(seeRun(cancelled, [gatedPod()]).reason).toBe('Cancelled');
    const leaving = { deletionTimestamp: secondsAgo(0), deletionGracePeriodSeconds: 0 };
    expect(seeRun(cancelled, [gatedPod({ metadata: leaving })]).reason).toBe('Cancelled');
    expect(seeRun(OWNER, [gatedPod({ metadata: leaving })])).toMatchObject({ stalled: true });
  });
});

describe('a pod with other gates', () => {
  it('waits, and names them', () => {
    const seen = seeRun(OWNER, [gatedPod({ gates: ['example.com/a', 'example.com/b'] })]);
    expect(seen).toEqual({
      item: 0,
      state: 'waiting',
      message: 'its scheduling gates (example.com/a, example.com/b) are not removed yet',
    });
  });

  it.each([[[null, 5, {}, { name: 5 }]], ['gates'], [{ name: 'x' }]])(
    'counts none that are none: %j',
    (schedulingGates) => {
      const pod = { ...gatedPod(), spec: { schedulingGates } };
      const seen = seeRun(OWNER, [pod], { ...UNSCHEDULABLE });
      expect(seen.reason).toBe('Unschedulable');
    },
  );
});

describe('a pod that Kueue takes away', () => {
  const words = 'Preempted to accommodate a workload due to prioritization';
  const PREEMPTED = {
    phase: 'Failed',
    ...main(terminated(143, 'Error')),
    ...condition('TerminationTarget', 'True', 'WorkloadEvictedDueToPreempted', words),
  };
  const LEAVING = { deletionTimestamp: secondsAgo(0), deletionGracePeriodSeconds: 15 };
  const notes = (attempts: number, preemptions: number) =>
    ownerObject(JOB, {
      annotations: {
        ...QUEUED,
        'amun.io/attempts': JSON.stringify({ 0: attempts }),
        'amun.io/preemptions': JSON.stringify({ 0: preemptions }),
      },
    });
  const last = (attempts: number, status: object) =>
    podObject(JOB, { ...status }, { attempt: attempts - 1, metadata: LEAVING });

  it('is tried again as often as that happens', () => {
    for (const attempts of [3, 30]) {
      const seen = seeRun(notes(attempts, attempts - 1), [last(attempts, PREEMPTED)]);
      expect(seen).toMatchObject({ state: 'waiting', stalled: true });
      expect(seen.message).toMatch(/^WorkloadEvictedDueToPreempted: Preempted to accommodate/);
      // It vanishes as soon as it has stopped, and what it said with it.
      expect(seeRun(notes(attempts, attempts - 1), [])).toMatchObject({ stalled: true });
    }
  });

  it('ends at last, so that no mistake makes pods for ever', () => {
    expect(seeRun(notes(100, 99), [last(100, PREEMPTED)])).toMatchObject({ reason: 'Evicted' });
    expect(seeRun(notes(100, 99), [])).toMatchObject({ reason: 'Lost' });
  });

  it('is told from one that its node takes away, which counts', () => {
    const evicted = {
      phase: 'Failed',
      ...main(terminated(137, 'Error')),
      ...disruption('EvictionByEvictionAPI', 'drained'),
    };
    expect(seeRun(notes(10, 8), [last(10, evicted)])).toMatchObject({ stalled: true });
    expect(seeRun(notes(10, 7), [last(10, evicted)])).toMatchObject({ reason: 'Evicted' });
  });

  it('counts where nothing was in a queue', () => {
    const owner = ownerObject(JOB, { annotations: { 'amun.io/attempts': '{"0":3}' } });
    expect(seeRun(owner, [])).toMatchObject({ reason: 'Lost' });
  });

  it('keeps a good end', () => {
    const status = { ...PREEMPTED, phase: 'Succeeded', ...main(terminated(0, 'Completed')) };
    expect(seeRun(OWNER, [last(1, status)])).toMatchObject({ state: 'terminated', exitCode: 0 });
  });
});
