import { disruption, secondsAgo, terminated } from '../../kubernetes/objects.js';
import { builder, buildObject, buildPodObject, see } from './recorded.js';

const TIMES = { startTimestamp: secondsAgo(30), completionTimestamp: secondsAgo(1) };
const STEP_WORDS = [
  'time="2026-01-01T11:59:40Z" level=info msg="Not using native diff"',
  'step says no',
  'error: build error: building at STEP "RUN echo step says no; exit 7": while running runtime: exit status 7',
].join('\n');

function failed(reason: string, more: object = TIMES, phase = 'Failed') {
  return buildObject({ phase, reason, message: `What OpenShift says of ${reason}.`, ...more });
}

function failedPod(message: string, more: object = {}) {
  const container = builder(terminated(1, 'Error', { message }));
  return buildPodObject({ phase: 'Failed', ...container, ...more });
}

describe('a failure that comes in pieces', () => {
  it('is told once all of it is there, whatever the first event said', () => {
    const start = { startTimestamp: secondsAgo(30) };
    const end = { completionTimestamp: secondsAgo(1) };
    const runningPod = buildPodObject({ phase: 'Running', ...builder({ running: {} }) });
    const pod = failedPod(STEP_WORDS);
    const pieces: [object, object[]][] = [
      [{}, [runningPod]],
      [start, [runningPod]],
      [{ ...start, ...end }, [runningPod]],
      [start, [pod]],
    ];
    for (const [more, pods] of pieces) {
      expect(see([failed('DockerBuildFailed', more)], pods as never).state).toBe('running');
    }
    expect(see([failed('DockerBuildFailed', { ...start, ...end })], [pod])).toEqual({
      state: 'terminated',
      reason: 'BuildFailed',
      exitCode: 7,
      message: STEP_WORDS.split('\n')[2],
      startedAt: '2026-01-01T11:59:30.000Z',
      finishedAt: '2026-01-01T11:59:59.000Z',
    });
  });

  it('is told in the end where the rest does not come', () => {
    const silent = { startTimestamp: secondsAgo(90) };
    const pod = buildPodObject({
      phase: 'Failed',
      ...builder(terminated(1, 'Error', { message: STEP_WORDS, finishedAt: secondsAgo(60) })),
    });
    expect(see([failed('DockerBuildFailed', silent)], [pod]).reason).toBe('BuildFailed');
    expect(see([failed('DockerBuildFailed', {})], []).state).toBe('terminated');
    const hanging = buildPodObject({ phase: 'Running', ...builder({ running: {} }) });
    const long = { ...silent, completionTimestamp: secondsAgo(60) };
    expect(see([failed('DockerBuildFailed', long)], [hanging]).reason).toBe('BuildFailed');
  });

  it('uses the last lines that the Build has where the pod is gone', () => {
    const logSnippet = 'step says no\nerror: build error: building ...: exit status 7';
    expect(see([failed('DockerBuildFailed', { ...TIMES, logSnippet })])).toMatchObject({
      reason: 'BuildFailed',
      exitCode: 7,
      message: 'error: build error: building ...: exit status 7',
    });
  });

  it('uses reason and message where nobody knows more', () => {
    expect(see([failed('DockerBuildFailed')])).toMatchObject({
      reason: 'BuildFailed',
      message: 'DockerBuildFailed: What OpenShift says of DockerBuildFailed.',
    });
  });
});

describe('why a build failed', () => {
  it('finds no base image where OpenShift could not pull one, and says which', () => {
    const words =
      'error: failed to pull image: After retrying 2 times, Pull image still failed due to error: initializing source docker://registry.invalid/none:1: no such host';
    const seen = see([failed('PullBuilderImageFailed')], [failedPod(words)]);
    expect(seen).toMatchObject({ reason: 'BaseImageNotFound', message: words });
  });

  it('finds no base image where the build itself was to pull it', () => {
    const words =
      'error: build error: creating build container: initializing source docker://none:1: manifest unknown';
    const seen = see([failed('DockerBuildFailed')], [failedPod(words)]);
    expect(seen.reason).toBe('BaseImageNotFound');
  });

  it.each(['DockerBuildFailed', 'GenericBuildFailed'])(
    'knows a deadline by the pod alone, whatever the Build says: %s',
    (reason) => {
      const pod = failedPod('', { reason: 'DeadlineExceeded', message: 'Pod was active' });
      expect(see([failed(reason)], [pod])).toMatchObject({ reason: 'BuildTimedOut' });
    },
  );

  it("knows a deadline by the Build's times where the pod is gone", () => {
    const times = { startTimestamp: secondsAgo(3700), completionTimestamp: secondsAgo(60) };
    expect(see([failed('GenericBuildFailed', times)]).reason).toBe('BuildTimedOut');
    expect(see([failed('GenericBuildFailed')]).reason).toBe('BuildFailed');
  });

  it('knows want of memory, also where the builder took it for a failing step', () => {
    const killed = buildPodObject({
      phase: 'Failed',
      ...builder(terminated(1, 'OOMKilled', { message: 'exit status 137' })),
    });
    expect(see([failed('DockerBuildFailed')], [killed])).toMatchObject({
      reason: 'BuildOutOfMemory',
      exitCode: 137,
    });
    expect(see([failed('OutOfMemoryKilled')])).toMatchObject({ reason: 'BuildOutOfMemory' });
  });

  it.each(['FetchSourceFailed', 'CannotRetrieveServiceAccount', 'SomethingNew'])(
    "says what is none of the user's doing: %s",
    (reason) => {
      const seen = see([failed(reason)], [failedPod('error: no source')]);
      expect(seen).toMatchObject({ state: 'terminated', reason: 'ClusterError' });
      expect(seen.message).toBe(`${reason}: What OpenShift says of ${reason}. error: no source`);
    },
  );

  it('was cancelled, by us or by somebody else', () => {
    expect(see([failed('CancelledBuild', TIMES, 'Cancelled')])).toMatchObject({
      state: 'terminated',
      reason: 'Cancelled',
      finishedAt: '2026-01-01T11:59:59.000Z',
    });
  });
});

describe('what is tried again', () => {
  const push = failedPod('error: failed to push image: authentication required');

  it('a push that failed, once', () => {
    expect(see([failed('PushImageToRegistryFailed')], [push])).toEqual({
      state: 'waiting',
      stalled: true,
      message: 'error: failed to push image: authentication required',
    });
    const second = buildObject(
      { phase: 'Failed', reason: 'PushImageToRegistryFailed', ...TIMES },
      2,
    );
    expect(see([second], [])).toMatchObject({ state: 'terminated', reason: 'ClusterError' });
  });

  it.each([
    ['deleted', failed('BuildPodDeleted', TIMES, 'Error'), []],
    ['evicted', failed('BuildPodEvicted'), []],
    ['another had its name', failed('BuildPodExists', TIMES, 'Error'), []],
    [
      'its node was drained',
      failed('GenericBuildFailed'),
      [failedPod('', disruption('DeletionByTaintManager', 'node is gone'))],
    ],
  ])('a Build whose pod was taken from it: %s', (_, build, pods) => {
    expect(see([build], pods)).toMatchObject({ state: 'waiting', stalled: true });
  });

  it('three times at most', () => {
    const third = buildObject({ phase: 'Error', reason: 'BuildPodDeleted', ...TIMES }, 3);
    expect(see([third])).toMatchObject({ state: 'terminated', reason: 'Evicted' });
  });

  it('nothing that was cancelled', () => {
    const annotations = { 'amun.io/cancelled': 'true' };
    expect(see([failed('BuildPodDeleted', TIMES, 'Error')], [], { annotations })).toMatchObject({
      state: 'terminated',
      reason: 'Cancelled',
    });
  });
});
