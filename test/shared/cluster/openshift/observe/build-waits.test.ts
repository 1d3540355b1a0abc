import { condition, secondsAgo, waiting } from '../../kubernetes/objects.js';
import { builder, buildObject, buildPodObject, see } from './recorded.js';

const TEN_MINUTES = 601;

describe('a build that OpenShift does not begin', () => {
  it.each([
    ['GenericBuildFailed', 'These resources do not exist: ConfigMaps [absent]'],
    ['InvalidOutputReference', 'Output image could not be resolved.'],
    ['CannotCreateBuildPod', 'Failed creating build pod: exceeded quota'],
  ])('waits in New with a reason, and ends by our own patience: %s', (reason, message) => {
    const status = { phase: 'New', reason, message };
    expect(see([buildObject(status)])).toEqual({
      state: 'waiting',
      message: `${reason}: ${message}`,
    });
    expect(see([buildObject(status, 1, TEN_MINUTES)])).toEqual({
      state: 'terminated',
      reason: 'ClusterError',
      message: `${reason}: ${message}`,
    });
  });

  it.each(['New', 'Pending', 'Strange'])('ends without a reason too: %s', (phase) => {
    const seen = see([buildObject({ phase }, 1, TEN_MINUTES)]);
    expect(seen).toMatchObject({ state: 'terminated', reason: 'ClusterError' });
    expect(seen.message).toContain('10 minutes');
  });

  it('says why its pod waits, of which the Build says nothing', () => {
    const unscheduled = condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes');
    const pod = buildPodObject({ phase: 'Pending', ...unscheduled });
    const build = buildObject({ phase: 'Pending' });
    expect(see([build], [pod])).toEqual({ state: 'waiting', message: 'Unschedulable: 0/3 nodes' });
    const never = see([build], [pod], {}, { unschedulable: 'No node has that.' });
    expect(never).toMatchObject({ state: 'terminated', reason: 'Unschedulable' });
  });

  it("ends where OpenShift's own builder cannot be had, which is not the base", () => {
    const container = builder(waiting('ImagePullBackOff', 'Back-off pulling image'));
    const build = buildObject({ phase: 'Pending' }, 1, TEN_MINUTES);
    const young = buildPodObject({ phase: 'Pending', ...container });
    expect(see([build], [young]).state).toBe('waiting');
    const old = buildPodObject({ phase: 'Pending', ...container }, 1, TEN_MINUTES);
    expect(see([build], [old])).toMatchObject({ state: 'terminated', reason: 'ClusterError' });
  });

  it('runs once its pod does, though its Build still says Pending', () => {
    const pod = buildPodObject({
      phase: 'Pending',
      initContainerStatuses: [{ name: 'manage-dockerfile', state: { running: {} } }],
    });
    expect(see([buildObject({ phase: 'Pending' })], [pod])).toEqual({ state: 'running' });
  });
});

describe('a build that never ends', () => {
  it('is over some minutes after its deadline, whatever OpenShift does', () => {
    const status = (seconds: number) => ({
      phase: 'Running',
      startTimestamp: secondsAgo(seconds),
    });
    expect(see([buildObject(status(3700))]).state).toBe('running');
    expect(see([buildObject(status(4300))])).toMatchObject({
      state: 'terminated',
      reason: 'BuildTimedOut',
    });
  });
});
