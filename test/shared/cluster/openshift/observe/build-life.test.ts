import { DIGEST, OWNER_UID, secondsAgo } from '../../kubernetes/objects.js';
import { buildObject, IMAGE, see } from './recorded.js';

const STARTED = { startTimestamp: secondsAgo(30) };
const PUSHED = { output: { to: { imageDigest: DIGEST } } };
const ENDED = { completionTimestamp: secondsAgo(10) };

describe('a good build', () => {
  it('is seen as it goes through the phases in which a watch saw one', () => {
    const life = [
      [{ phase: 'New', conditions: [{ type: 'New' }] }, 'waiting'],
      [{ phase: 'Pending' }, 'waiting'],
      [{ phase: 'Running', ...STARTED }, 'running'],
      [{ phase: 'Running', ...STARTED, ...PUSHED, stages: [{}] }, 'running'],
      [{ phase: 'Running', ...STARTED, ...PUSHED, stages: [{}, {}] }, 'running'],
      [{ phase: 'Complete', ...STARTED, ...PUSHED, ...ENDED, duration: 20e9 }, 'terminated'],
    ] as const;
    const seen = life.map(([status]) => see([buildObject(status)]).state);
    expect(seen).toEqual(life.map(([, state]) => state));
  });

  it('says where its image is, by the digest of what was pushed', () => {
    const build = buildObject({ phase: 'Complete', ...STARTED, ...PUSHED, ...ENDED });
    expect(see([build])).toEqual({
      state: 'terminated',
      exitCode: 0,
      image: IMAGE,
      startedAt: '2026-01-01T11:59:30.000Z',
      finishedAt: '2026-01-01T11:59:50.000Z',
    });
  });

  it.each([
    ['no digest', {}],
    ['a digest that is none', { output: { to: { imageDigest: 'latest' } } }],
    ['no output', { ...PUSHED, outputDockerImageReference: undefined }],
    ['an output elsewhere', { ...PUSHED, outputDockerImageReference: 'x y/z:1' }],
  ])('is of no use with %s', (_, more) => {
    const seen = see([buildObject({ phase: 'Complete', ...STARTED, ...ENDED, ...more })]);
    expect(seen).toMatchObject({ state: 'terminated', reason: 'ClusterError' });
    expect(seen.image).toBeUndefined();
  });
});

describe('a build of which there is no Build', () => {
  it('waits for OpenShift to start it by itself, then asks to be made again', () => {
    expect(see([], [], { ageSeconds: 10 })).toEqual({ state: 'waiting' });
    expect(see([], [], { ageSeconds: 90 })).toEqual({ state: 'waiting', stalled: true });
  });

  it('is lost where its Builds are deleted again and again', () => {
    const annotations = { 'amun.io/attempts': '{"0":3}' };
    expect(see([], [], { annotations })).toMatchObject({ state: 'terminated', reason: 'Lost' });
  });

  it('is cancelled where that was asked for', () => {
    const annotations = { 'amun.io/cancelled': 'true' };
    expect(see([], [], { annotations })).toMatchObject({ reason: 'Cancelled' });
  });
});

describe('whose Builds count', () => {
  it('takes the one with the highest number', () => {
    const old = buildObject({ phase: 'Error', reason: 'BuildPodDeleted', ...ENDED }, 9);
    const latest = buildObject({ phase: 'Running', ...STARTED }, 10);
    expect(see([latest, old]).state).toBe('running');
    expect(see([old, latest]).state).toBe('running');
  });

  it.each([
    ['of an owner before', { labels: { 'amun.io/owner': 'another' } }],
    ['whose name is not made of the id', { name: 'other-1' }],
    ['without a number', { name: 'build' }],
    ['that is no object', undefined],
  ])('takes none %s', (_, change) => {
    const build = buildObject({ phase: 'Failed', reason: 'DockerBuildFailed', ...ENDED });
    const meta = build['metadata'] as Record<string, Record<string, string>>;
    const labels = { ...meta['labels'], ...(change as { labels?: object } | undefined)?.labels };
    const foreign = change && { ...build, metadata: { ...meta, ...change, labels } };
    expect(see([foreign ?? {}], [], { ageSeconds: 1 })).toEqual({ state: 'waiting' });
    expect(OWNER_UID).not.toBe('another');
  });

  it('takes a Build without a status for one that has not begun', () => {
    const build = { ...buildObject({}), status: 'none' };
    expect(see([build])).toEqual({ state: 'waiting' });
  });
});
