import {
  BUILD,
  condition,
  init,
  JOB,
  main,
  ownerObject,
  podObject,
  running,
  terminated,
  waiting,
} from '../objects.js';
import { seeBuild, seeJob, seeRun } from './observe.js';

const OWNER = ownerObject(JOB);
const LONG_AGO = { ageSeconds: 601 };
const NOT_FOUND =
  'rpc error: code = NotFound desc = failed to pull and unpack image "x": failed to resolve reference "x": x: not found';
const NO_ANSWER =
  'failed to pull image "x": failed to do request: Head "https://registry.example.com/v2/": dial tcp: i/o timeout';
const NO_NAME = 'dial tcp: lookup registry.example.com: no such host';
const pending = (state: object) => ({ phase: 'Pending', ...main({ ...state }) });
const pod = (status: object, more = {}) => podObject(JOB, { ...status }, more);

describe('a run that waits', () => {
  it.each([
    ['for a node, not looked at yet', {}],
    ['for its container', pending(waiting('ContainerCreating'))],
    [
      'for its init container',
      { ...pending(waiting('PodInitializing')), ...init({ waiting: {} }) },
    ],
  ])('%s', (_, status) => {
    expect(seeRun(OWNER, [pod({ phase: 'Pending', ...status })])).toEqual({
      item: 0,
      state: 'waiting',
    });
  });

  it('has begun once its init container has', () => {
    for (const state of [running(), terminated(0, 'Completed')]) {
      const status = { ...pending(waiting('PodInitializing')), ...init(state) };
      expect(seeRun(OWNER, [pod(status)])).toMatchObject({ state: 'running' });
    }
  });

  describe('for its image', () => {
    it('which is not there: that is the end', () => {
      for (const reason of ['ErrImagePull', 'ImagePullBackOff']) {
        const seen = seeRun(OWNER, [pod(pending(waiting(reason, NOT_FOUND)))]);
        expect(seen).toMatchObject({ state: 'terminated', reason: 'ImageNotFound' });
        expect(seen.message).toBe(`${reason}: ${NOT_FOUND}`);
      }
    });

    it('which is not there, for the init container', () => {
      const status = {
        phase: 'Pending',
        ...init(waiting('ErrImagePull', NOT_FOUND)),
        ...main(waiting('PodInitializing')),
      };
      expect(seeRun(OWNER, [pod(status)])).toMatchObject({ reason: 'ImageNotFound' });
    });

    it.each([NO_ANSWER, NO_NAME, 'pulling from host failed: 401 Unauthorized'])(
      'which may come yet: %s',
      (message) => {
        const status = pending(waiting('ErrImagePull', message));
        const seen = seeRun(OWNER, [pod(status)]);
        expect(seen).toMatchObject({ state: 'waiting', message: `ErrImagePull: ${message}` });
        expect(seen.stalled).toBeUndefined();
        // Nobody knows that it is gone.
        expect(seeRun(OWNER, [pod(status, LONG_AGO)])).toMatchObject({
          state: 'terminated',
          reason: 'ClusterError',
          message: `ErrImagePull: ${message}`,
        });
      },
    );

    it('whose name is none', () => {
      const seen = seeRun(OWNER, [pod(pending(waiting('InvalidImageName', 'invalid reference')))]);
      expect(seen).toMatchObject({ state: 'terminated', reason: 'ImageNotFound' });
    });

    it('which for a build is the builder’s: no matter of whoever asked for it', () => {
      const status = pending(waiting('ErrImagePull', NOT_FOUND));
      expect(seeBuild(ownerObject(BUILD), [podObject(BUILD, status)])).toMatchObject({
        state: 'terminated',
        reason: 'ClusterError',
        message: `ErrImagePull: ${NOT_FOUND}`,
      });
    });
  });

  it.each([
    ['CreateContainerConfigError', 'secret "pull" not found'],
    ['CreateContainerError', 'context deadline exceeded'],
    ['RunContainerError', 'failed to reserve container name'],
  ])('for a container that cannot be made: %s', (reason, message) => {
    const status = pending(waiting(reason, message));
    const words = `${reason}: ${message}`;
    expect(seeRun(OWNER, [pod(status)])).toMatchObject({ state: 'waiting', message: words });
    const later = seeRun(OWNER, [pod(status, LONG_AGO)]);
    expect(later).toMatchObject({ state: 'terminated', reason: 'ClusterError', message: words });
  });

  describe('for a node', () => {
    const words = '0/3 nodes are available: 3 Insufficient cpu.';
    const status = {
      phase: 'Pending',
      ...condition('PodScheduled', 'False', 'Unschedulable', words),
    };
    const stuck = pod(status, { node: '' });
    const why = 'No node has cpu_family 23.';

    it('that is busy now', () => {
      expect(seeRun(OWNER, [stuck])).toEqual({
        item: 0,
        state: 'waiting',
        message: `Unschedulable: ${words}`,
      });
    });

    it('that there is not', () => {
      expect(seeRun(OWNER, [stuck], { unschedulable: why })).toEqual({
        item: 0,
        state: 'terminated',
        reason: 'Unschedulable',
        message: `${why} (Unschedulable: ${words})`,
      });
    });

    it('that may be brought, for as long as the operator says', () => {
      const view = { unschedulable: why, schedulingMs: 40_000 };
      expect(seeRun(OWNER, [stuck], view)).toMatchObject({ state: 'waiting' });
      const older = pod(status, { node: '', ageSeconds: 41 });
      expect(seeRun(OWNER, [older], view)).toMatchObject({ reason: 'Unschedulable' });
    });

    it('until somebody opens the gate', () => {
      const gated = condition('PodScheduled', 'False', 'SchedulingGated', 'Scheduling is blocked');
      expect(seeRun(OWNER, [pod({ phase: 'Pending', ...gated }, { node: '' })])).toMatchObject({
        state: 'waiting',
        message: 'SchedulingGated: Scheduling is blocked',
      });
    });
  });
});

describe('a run without a pod', () => {
  it('is being made at first, and stalled then', () => {
    expect(seeRun(ownerObject(JOB, { ageSeconds: 3 }), [])).toEqual({ item: 0, state: 'waiting' });
    expect(seeRun(ownerObject(JOB, { ageSeconds: 20 }), [])).toEqual({
      item: 0,
      state: 'waiting',
      stalled: true,
    });
  });

  it('may be long in the making where there are many', () => {
    const owner = ownerObject(JOB, { items: 1000, ageSeconds: 100 });
    expect(seeJob(owner, []).stalled).toBeUndefined();
  });

  it('was deleted where it had been made: at once, and three times at most', () => {
    const after = (count: number) =>
      ownerObject(JOB, { ageSeconds: 3, annotations: { 'amun.io/attempts': `{"0":${count}}` } });
    expect(seeRun(after(2), [])).toMatchObject({ state: 'waiting', stalled: true });
    expect(seeRun(after(3), [])).toMatchObject({ state: 'terminated', reason: 'Lost' });
  });

  it('was refused', () => {
    const annotations = { 'amun.io/refused': 'ImageNotFound: x is no image of this cluster.' };
    expect(seeJob(ownerObject(JOB, { items: 2, annotations }), [])).toMatchObject({
      state: 'terminated',
      reason: 'ImageNotFound',
      message: 'x is no image of this cluster.',
      runs: [{ reason: 'ImageNotFound' }, { reason: 'ImageNotFound' }],
    });
  });
});

describe('several pods', () => {
  const done = { phase: 'Succeeded', ...main(terminated(0, 'Completed')) };
  const failed = { phase: 'Failed', ...main(terminated(3, 'Error')) };
  const other = { ownerReferences: [{ kind: 'ConfigMap', name: JOB.id, uid: 'another' }] };

  it('of one run: the latest counts', () => {
    const pods = [pod(done, { attempt: 1 }), pod(failed), pod(failed, { item: 1 })];
    const seen = seeJob(ownerObject(JOB, { items: 3 }), pods);
    expect(seen.runs).toMatchObject([{ exitCode: 0 }, { exitCode: 3 }, { state: 'waiting' }]);
    expect(seen).toMatchObject({ state: 'running', stalled: true });
  });

  it.each([
    ['of another owner', pod(failed, { metadata: other })],
    ['beyond the batch', pod(failed, { item: 1 })],
    ['of another name', pod(failed, { attempt: 2, metadata: { name: 'somebodys' } })],
  ])('%s: no word of ours', (_, stranger) => {
    expect(seeJob(OWNER, [stranger, pod(done)])).toMatchObject({ runs: [{ exitCode: 0 }] });
  });
});
