import { checkKubernetes } from '../../../../../shared/cluster/kubernetes/check-kubernetes.js';
import { createKubernetesCluster } from '../../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import type { KubernetesOptions } from '../../../../../shared/cluster/kubernetes/options.js';
import type { ClusterRef } from '../../../../../shared/cluster/port.js';
import { AmunError } from '../../../../../shared/errors/amun-error.js';
import { createFakeApiServer, type FakeApiServer, type FakeObject } from '../fake-api-server.js';
import { PLAIN } from '../kubernetes-options.js';
import { jobOf } from '../manifests/requests.js';

const GROUP = '/apis/kueue.x-k8s.io';
const QUEUES = `${GROUP}/v1beta2/namespaces/amun/localqueues`;
const PODS = '/api/v1/namespaces/amun/pods';
const place = { ...PLAIN.runs, queue: 'team-a' };
const OPTIONS: KubernetesOptions = { ...PLAIN, runs: place, builds: { ...place, queue: 'builds' } };
const JOB = jobOf(PLAIN.builder.repository, undefined, { batchSize: 1 });
const REF: ClusterRef = { kind: 'job', id: JOB.id };

let api: FakeApiServer;
beforeEach(() => {
  api = createFakeApiServer();
  api.objects.set('/version', {
    metadata: { name: 'version' },
    gitVersion: 'v1.33.0',
  } as FakeObject);
  api.objects.set('/api/v1/namespaces/amun', { metadata: { name: 'amun' } });
});

function serveKueue(): void {
  const preferredVersion = { groupVersion: 'kueue.x-k8s.io/v1beta2', version: 'v1beta2' };
  api.objects.set(GROUP, { metadata: { name: '' }, preferredVersion } as FakeObject);
}

describe('the check of a cluster with queues', () => {
  const check = () => createKubernetesCluster(api, OPTIONS).check();

  it('finds that there is no Kueue', async () => {
    const { ready, problem } = await check();
    expect(ready).toBe(false);
    expect(problem).toMatch(/does not serve kueue\.x-k8s\.io\. Install Kueue .*unset AMUN_KUEUE/);
  });

  it('finds that one of the queues is not there', async () => {
    serveKueue();
    api.objects.set(`${QUEUES}/builds`, { metadata: { name: 'builds' } });
    const { ready, problem } = await check();
    expect(ready).toBe(false);
    expect(problem).toMatch(/^Namespace amun has no LocalQueue team-a\. Make one, or name another/);
  });

  it('is content with both, or where it may not look', async () => {
    serveKueue();
    for (const name of ['builds', 'team-a']) {
      api.objects.set(`${QUEUES}/${name}`, { metadata: { name } });
    }
    expect(await check()).toMatchObject({ ready: true });
    api.before = ({ path }) => {
      if (path.startsWith(QUEUES)) throw new AmunError('Forbidden', 'no');
    };
    expect(await check()).toMatchObject({ ready: true });
  });

  it('asks for nothing of Kueue where no queue is named', async () => {
    expect(await checkKubernetes(api, 'amun', [undefined])).toMatchObject({ ready: true });
    expect(api.calls.some(({ path }) => path.startsWith(GROUP))).toBe(false);
  });
});

describe('a job in a queue', () => {
  const pod = (attempt: number) => `${JOB.id}-0-${attempt}`;
  const owner = () => api.objects.get(`/api/v1/namespaces/amun/configmaps/${JOB.id}`)!.metadata;
  const look = async () => (await createKubernetesCluster(api, OPTIONS).observeJob(JOB.id))!;

  beforeEach(async () => {
    await createKubernetesCluster(api, OPTIONS).ensureJob(JOB);
  });

  it('may be taken away any number of times, and fail three times besides', async () => {
    const cluster = createKubernetesCluster(api, OPTIONS);
    for (let attempt = 0; attempt < 8; attempt += 1) {
      expect(api.names('pods')).toEqual([pod(attempt)]);
      api.objects.delete(`${PODS}/${pod(attempt)}`);
      await cluster.resume(REF);
    }
    expect(owner().annotations).toMatchObject({
      'amun.io/attempts': '{"0":9}',
      'amun.io/preemptions': '{"0":8}',
    });
    for (let attempt = 8; attempt < 11; attempt += 1) {
      expect(await look()).toMatchObject({ state: 'waiting', queue: 'team-a' });
      api.objects.get(`${PODS}/${pod(attempt)}`)!.status = { phase: 'Failed', reason: 'Evicted' };
      await cluster.resume(REF);
    }
    expect(await look()).toMatchObject({ state: 'terminated', reason: 'Evicted' });
  });

  it('is told what its Workload says, where that can be read', async () => {
    const plain = (await look()).message;
    expect(plain).toMatch(/^waits for Kueue to admit it to queue team-a, but .* no notice/);
    const { metadata } = api.objects.get(`${PODS}/${pod(0)}`)!;
    metadata.labels!['kueue.x-k8s.io/managed'] = 'true';
    expect((await look()).message).toBe('waits for Kueue to admit it to queue team-a');
    serveKueue();
    const conditions = [{ type: 'QuotaReserved', status: 'False', message: 'no cpu left' }];
    answerForWorkloads(() => ({ items: [{ status: { conditions } }] }));
    const seen = await look();
    expect(seen.message).toBe('waits for Kueue to admit it to queue team-a: no cpu left');
    answerForWorkloads(() => {
      throw new AmunError('Forbidden', 'no');
    });
    expect((await look()).message).toBe('waits for Kueue to admit it to queue team-a');
  });

  /** For those of its pod, of which the fake itself has none. */
  function answerForWorkloads(answer: () => object): void {
    const get = api.get.bind(api);
    api.get = async (path, options) => {
      if (!path.endsWith('/workloads')) return get(path, options);
      const { uid } = api.objects.get(`${PODS}/${pod(0)}`)!.metadata;
      expect(options).toEqual({ query: { labelSelector: `kueue.x-k8s.io/job-uid=${uid!}` } });
      return answer();
    };
  }
});
