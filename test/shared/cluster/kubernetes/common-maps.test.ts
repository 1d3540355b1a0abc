import { CommonMaps } from '../../../../shared/cluster/kubernetes/common-maps.js';
import { createKubernetesCluster } from '../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import { commonFile } from '../../../../shared/cluster/kubernetes/manifests/common-file.js';
import type { Cluster } from '../../../../shared/cluster/port.js';
import { AmunError } from '../../../../shared/errors/amun-error.js';
import { createFakeApiServer, type FakeApiServer } from './fake-api-server.js';
import { FULL, PLAIN } from './kubernetes-options.js';
import { buildOf, jobOf } from './manifests/requests.js';

const MAPS = '/api/v1/namespaces/amun/configmaps';
const FILE = commonFile('echo shared\n');
const PATH = `${MAPS}/${FILE.name}`;
const MINUTE_MS = 60_000;

describe('a file that many builds and runs have in common', () => {
  let api: FakeApiServer;
  let time: number;
  let maps: CommonMaps;

  beforeEach(() => {
    api = createFakeApiServer();
    time = 0;
    maps = new CommonMaps(api, 'amun', () => time);
  });

  it('is named after what is in it', () => {
    expect(commonFile('echo shared\n')).toEqual(FILE);
    expect(commonFile('echo shared').name).not.toBe(FILE.name);
    expect(FILE.name).toMatch(/^amun-file-[0-9a-f]{32}$/);
  });

  it('is made once, however many ask for it', async () => {
    await Promise.all([1, 2, 3].map(() => maps.ensure(FILE)));
    expect(api.calls).toHaveLength(1);
    await new CommonMaps(api, 'amun').ensure(FILE);
    expect(api.objects.get(PATH)?.data).toEqual({ content: FILE.content });
    expect(api.objects.size).toBe(1);
  });

  it('is only looked at after a minute, and made again where somebody removed it', async () => {
    await maps.ensure(FILE);
    time += MINUTE_MS;
    await maps.ensure(FILE);
    expect(api.calls.map(({ verb }) => verb)).toEqual(['create', 'get']);
    api.objects.clear();
    time += MINUTE_MS;
    await maps.ensure(FILE);
    expect(api.names('configmaps')).toEqual([FILE.name]);
  });

  it('is compared again where somebody removed it and made another one', async () => {
    await maps.ensure(FILE);
    const object = api.objects.get(PATH)!;
    api.objects.set(PATH, {
      ...object,
      metadata: { ...object.metadata, uid: 'another' },
      data: { content: 'evil\n' },
    });
    time += MINUTE_MS;
    await expect(maps.ensure(FILE)).rejects.toMatchObject({ code: 'InvalidRequest' });
  });

  it.each([
    ['other content', { data: { content: 'evil\n' }, immutable: true }],
    ['the content, which may change', { data: { content: FILE.content } }],
    ['nothing', {}],
  ])(
    'is not believed where somebody put %s there, and the error says what to do',
    async (_, more) => {
      api.objects.set(PATH, { metadata: { name: FILE.name, uid: 'x' }, ...more });
      await expect(maps.ensure(FILE)).rejects.toMatchObject({
        code: 'InvalidRequest',
        message: expect.stringContaining(
          `remove it: kubectl delete configmap ${FILE.name} --namespace amun`,
        ) as string,
      });
    },
  );

  it('is compared also where it was only looked for before', async () => {
    api.objects.set(PATH, { metadata: { name: FILE.name, uid: 'x' }, data: { content: 'evil\n' } });
    await maps.require(FILE.name);
    await expect(maps.ensure(FILE)).rejects.toMatchObject({ code: 'InvalidRequest' });
  });

  it('is tried again where it goes at this moment', async () => {
    api.objects.set(PATH, { metadata: { name: FILE.name, uid: 'x' } });
    api.before = ({ verb }) => {
      if (verb === 'get') api.objects.clear();
    };
    await expect(maps.ensure(FILE)).rejects.toMatchObject({ code: 'Unavailable' });
    await maps.ensure(FILE);
  });

  it('waits where a quota has no room, and says a refusal', async () => {
    const quota =
      'exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=9, limited: count/configmaps=9';
    api.before = () => {
      throw new AmunError('Forbidden', `configmaps "x" is forbidden: ${quota}`);
    };
    await expect(maps.ensure(FILE)).rejects.toMatchObject({ code: 'TooManyRequests' });
    api.before = () => {
      throw new AmunError('Forbidden', 'no');
    };
    await expect(maps.ensure(FILE)).rejects.toMatchObject({ code: 'Forbidden', message: 'no' });
  });

  describe('of a build and its runs', () => {
    const job = jobOf(FULL.builder.repository, undefined, { batchSize: 1 });
    const POD = `/api/v1/namespaces/inspections/pods/${job.id}-0-0`;
    let cluster: Cluster;
    beforeEach(() => {
      cluster = createKubernetesCluster(api, FULL);
    });
    const shared = () => api.names('configmaps').filter((name) => name.startsWith('amun-file-'));

    it('is there before them, and not made again for the next', async () => {
      await cluster.ensureBuild(buildOf());
      await cluster.ensureJob(job);
      const made = api.calls.map(({ body }) => body?.metadata.name ?? '');
      expect(made.filter((name) => name.startsWith('amun-file-'))).toHaveLength(1);
      expect(made[0]).toMatch(/^amun-file-/);
    });

    it('is not made for what is refused, or shares nothing', async () => {
      await cluster.ensureJob(jobOf('elsewhere.example.com/other'));
      await createKubernetesCluster(api, PLAIN).ensureBuild(buildOf());
      expect(shared()).toEqual([]);
    });

    it('is mounted as the owner says, whatever the settings of whoever goes on', async () => {
      api.before = ({ path }) => {
        if (path.endsWith('/pods')) throw new AmunError('Unavailable', 'The connection broke.');
      };
      await expect(cluster.ensureJob(job)).rejects.toMatchObject({ code: 'Unavailable' });
      api.before = () => undefined;
      const others = createKubernetesCluster(api, { ...FULL, operator: { environment: {} } });
      await others.ensureJob(job);
      expect(JSON.stringify(api.objects.get(POD)?.spec)).toContain(shared()[0]);
    });

    it('is missed where pods are to be made again and somebody removed it', async () => {
      await cluster.ensureJob(job);
      api.objects.delete(POD);
      api.objects.delete(`/api/v1/namespaces/inspections/configmaps/${shared()[0]}`);
      const later = createKubernetesCluster(api, FULL);
      await expect(later.resume({ kind: 'job', id: job.id })).rejects.toMatchObject({
        code: 'InvalidRequest',
        message: expect.stringMatching(/amun-file-.* was removed; submit it again/) as string,
      });
    });
  });
});
