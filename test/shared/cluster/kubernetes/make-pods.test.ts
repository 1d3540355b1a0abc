import { createKubernetesCluster } from '../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import type { Cluster, ClusterRef } from '../../../../shared/cluster/port.js';
import { AmunError } from '../../../../shared/errors/amun-error.js';
import { createFakeApiServer, type Call, type FakeApiServer } from './fake-api-server.js';
import { PLAIN } from './kubernetes-options.js';
import { buildOf, jobOf } from './manifests/requests.js';

const JOB = jobOf(PLAIN.builder.repository, undefined, { batchSize: 5 });
const REF: ClusterRef = { kind: 'job', id: JOB.id };
const BUILD = buildOf();
const MAPS = '/api/v1/namespaces/amun/configmaps';
const PODS = '/api/v1/namespaces/amun/pods';
const pod = (item: number, attempt = 0) => `${JOB.id}-${item}-${attempt}`;
const isPod = ({ verb, path }: Call) => verb === 'create' && path === PODS;

function quotaWords(requested: string, used: string, limited: string): string {
  return `pods "x" is forbidden: exceeded quota: q, requested: ${requested}, used: ${used}, limited: ${limited}`;
}

describe('making pods', () => {
  let api: FakeApiServer;
  let cluster: Cluster;

  beforeEach(() => {
    api = createFakeApiServer();
    cluster = createKubernetesCluster(api, PLAIN);
  });

  /** Answers so from the nth pod on, counting from 1. */
  const failFrom = (nth: number, error: AmunError) => {
    let seen = 0;
    api.before = (call) => {
      if (!isPod(call)) return;
      seen += 1;
      if (seen >= nth) throw error;
    };
  };
  const recover = () => (api.before = () => undefined);
  const patches = () => api.calls.filter(({ verb }) => verb === 'patch');
  /** As if its owner had been made so many seconds ago. */
  const age = (seconds: number) => {
    const owner = api.objects.get(`${MAPS}/${JOB.id}`)!;
    owner.metadata.creationTimestamp = new Date(Date.now() - seconds * 1000).toISOString();
  };
  const allPods = (attempt = 0) => [0, 1, 2, 3, 4].map((item) => pod(item, attempt));

  it('makes the owner, then all pods, with one call each', async () => {
    await cluster.ensureJob(JOB);
    expect(api.names('pods')).toEqual(allPods());
    expect(api.calls).toHaveLength(6);
    expect(api.calls[0]!.path).toBe(MAPS);
  });

  it('makes nothing twice, however many ask for it', async () => {
    await Promise.all([1, 2, 3].map(() => cluster.ensureJob(JOB)));
    await cluster.ensureJob(JOB);
    expect(api.names('pods')).toEqual(allPods());
    expect(api.names('configmaps')).toEqual([JOB.id]);
  });

  it('makes the rest where somebody died after the owner, or among the pods', async () => {
    for (const nth of [1, 3]) {
      failFrom(nth, new AmunError('Unavailable', 'The connection broke.'));
      await expect(cluster.ensureJob(JOB)).rejects.toMatchObject({ code: 'Unavailable' });
      expect(api.names('configmaps')).toEqual([JOB.id]);
      recover();
      await cluster.ensureJob(JOB);
      expect(api.names('pods')).toEqual(allPods());
      await cluster.collected(REF);
      expect([...api.objects.keys()]).toEqual([]);
    }
  });

  it('leaves nothing where a pod is refused for good, and says why', async () => {
    failFrom(3, new AmunError('Forbidden', 'violates PodSecurity "restricted:latest"'));
    await expect(cluster.ensureJob(JOB)).rejects.toMatchObject({
      code: 'Forbidden',
      message: 'violates PodSecurity "restricted:latest"',
    });
    expect([...api.objects.keys()]).toEqual([]);
    await expect(cluster.ensureBuild(BUILD)).rejects.toMatchObject({ code: 'Forbidden' });
    expect([...api.objects.keys()]).toEqual([]);
  });

  it.each([
    ['Forbidden', 'PodSecurity'],
    ['Unavailable', 'Not now.'],
  ] as const)('where removing what was begun answers %s: %s', async (code, words) => {
    api.before = (call) => {
      if (isPod(call)) throw new AmunError('Forbidden', 'PodSecurity');
      if (call.verb === 'remove') throw new AmunError(code, 'Not now.');
    };
    await expect(cluster.ensureJob(JOB)).rejects.toMatchObject({ code, message: words });
  });

  it('resumes what was never made, once, also where two do so at once', async () => {
    failFrom(3, new AmunError('Unavailable', 'The connection broke.'));
    await cluster.ensureJob(JOB).catch(() => undefined);
    recover();
    expect((await cluster.observeJob(JOB.id))?.stalled).toBeUndefined();
    age(60);
    expect(await cluster.observeJob(JOB.id)).toMatchObject({ stalled: true });
    await Promise.all([cluster.resume(REF), cluster.resume(REF)]);
    expect(api.names('pods')).toEqual([...[pod(0), pod(1), pod(2, 1), pod(3, 1), pod(4, 1)]]);
    expect((await cluster.observeJob(JOB.id))?.stalled).toBeUndefined();
    await cluster.resume(REF);
    expect(api.names('pods')).toHaveLength(5);
  });

  it('resumes what was taken away, three times at most', async () => {
    await cluster.ensureJob(JOB);
    for (const attempt of [0, 1, 2]) {
      expect(api.names('pods')).toContain(pod(1, attempt));
      api.objects.delete(`${PODS}/${pod(1, attempt)}`);
      age(60);
      await cluster.resume(REF);
    }
    expect(api.names('pods')).toEqual([0, 2, 3, 4].map((item) => pod(item)));
    const seen = await cluster.observeJob(JOB.id);
    expect(seen!.runs[1]).toMatchObject({ state: 'terminated', reason: 'Lost' });
    const before = api.calls.length;
    await cluster.resume(REF);
    expect(api.calls.slice(before).every(({ verb }) => verb === 'get')).toBe(true);
  });

  it('does not resume what was cancelled, collected, or is another’s', async () => {
    await cluster.resume(REF);
    api.objects.set(`${MAPS}/${JOB.id}`, { metadata: { name: JOB.id, uid: 'strangers' } });
    await cluster.resume(REF);
    api.objects.clear();
    failFrom(1, new AmunError('Unavailable', 'The connection broke.'));
    await cluster.ensureJob(JOB).catch(() => undefined);
    recover();
    await cluster.cancel(REF);
    await cluster.resume(REF);
    await cluster.ensureJob(JOB);
    expect(api.names('pods')).toEqual([]);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"kind":"build"}',
    `{"kind":"job","id":"${JOB.id}"}`,
    `{"kind":"job","id":"another","files":[]}`,
  ])('does not resume by a request that is none of ours: %s', async (text) => {
    await cluster.ensureJob(JOB);
    const owner = api.objects.get(`${MAPS}/${JOB.id}`)!;
    owner.data = { 'request.json': text };
    for (const name of api.names('pods')) api.objects.delete(`${PODS}/${name}`);
    await expect(cluster.resume(REF)).rejects.toMatchObject({ code: 'InvalidRequest' });
    expect(api.names('pods')).toEqual([]);
  });

  describe('where a quota', () => {
    const full = new AmunError('Forbidden', quotaWords('pods=1', 'pods=2', 'pods=2'));

    it('is used up now, makes what there is room for, and the rest later', async () => {
      failFrom(3, full);
      await cluster.ensureJob(JOB);
      expect(api.names('pods')).toEqual([pod(0), pod(1)]);
      expect(await cluster.observeJob(JOB.id)).toMatchObject({
        state: 'waiting',
        message: full.message,
      });
      age(60);
      expect(await cluster.observeJob(JOB.id)).toMatchObject({ stalled: true });

      // However long it lasts, it does not count as tried.
      const noted = patches().length;
      failFrom(1, full);
      for (let pass = 0; pass < 5; pass += 1) await cluster.resume(REF);
      expect(patches()).toHaveLength(noted);
      const held = await cluster.observeJob(JOB.id);
      expect(held).toMatchObject({ stalled: true, message: full.message });

      failFrom(2, full);
      await cluster.resume(REF);
      recover();
      await cluster.resume(REF);
      expect(api.names('pods')).toEqual([...[pod(0), pod(1), pod(2, 1), pod(3, 1), pod(4, 1)]]);
      expect((await cluster.observeJob(JOB.id))?.message).toBeUndefined();
    });

    it('holds a build as well', async () => {
      failFrom(1, full);
      await cluster.ensureBuild(BUILD);
      expect(await cluster.observeBuild(BUILD.id)).toMatchObject({ message: full.message });
    });

    it('has no room for the owner, tells to try again', async () => {
      const words = quotaWords('count/configmaps=1', 'count/configmaps=7', 'count/configmaps=7');
      api.before = () => {
        throw new AmunError('Forbidden', words);
      };
      await expect(cluster.ensureJob(JOB)).rejects.toMatchObject({ code: 'TooManyRequests' });
    });

    it.each([
      quotaWords('requests.memory=8Gi', 'requests.memory=0', 'requests.memory=4096Mi'),
      quotaWords('limits.cpu=500m,pods=1', 'limits.cpu=0,pods=9', 'limits.cpu=0.4,pods=9'),
      'pods "x" is forbidden: failed quota: q: must specify limits.cpu for: main',
      'pods "x" is forbidden: exceeded quota: q, requested: pods=many, used: pods=1, limited: pods=1',
    ])('never has room, or nobody can say, ends it: %s', async (words) => {
      failFrom(1, new AmunError('Forbidden', words));
      await expect(cluster.ensureJob(JOB)).rejects.toMatchObject({
        code: 'Forbidden',
        message: words,
      });
      expect([...api.objects.keys()]).toEqual([]);
    });

    it.each([
      quotaWords('requests.memory=3Gi', 'requests.memory=2Gi', 'requests.memory=4Gi'),
      quotaWords(
        'requests.nvidia.com/gpu=1',
        'requests.nvidia.com/gpu=8',
        'requests.nvidia.com/gpu=8',
      ),
      'pods "x" is forbidden: status unknown for quota: q, resources: pods',
    ])('has room later, holds it: %s', async (words) => {
      failFrom(1, new AmunError('Forbidden', words));
      await cluster.ensureJob(JOB);
      expect(await cluster.observeJob(JOB.id)).toMatchObject({ state: 'waiting', message: words });
    });
  });
});
