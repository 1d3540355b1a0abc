import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../../shared/backend/open-cluster.js';
import { openShiftOptions } from '../../../shared/backend/openshift-cluster.js';
import { loadConfig } from '../../../shared/config/config.js';
import {
  answerJson,
  answerStatus,
  startTestServer,
  type TestServer,
} from '../cluster/kubernetes/api/test-server.js';

const OPENSHIFT = { AMUN_CLUSTER: 'openshift' };

describe('opening an OpenShift', () => {
  const before = process.env['KUBECONFIG'];
  let folder: string;
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer();
    folder = await mkdtemp(join(tmpdir(), 'amun-openshift-'));
    process.env['KUBECONFIG'] = join(folder, 'config');
    const one = { cluster: 'o', user: 'o' };
    const config = {
      'current-context': 'o',
      clusters: [{ name: 'o', cluster: { server: server.url } }],
      users: [{ name: 'o', user: {} }],
      contexts: [{ name: 'o', context: one }],
    };
    await writeFile(join(folder, 'config'), JSON.stringify(config));
  });
  afterEach(async () => {
    if (before === undefined) Reflect.deleteProperty(process.env, 'KUBECONFIG');
    else process.env['KUBECONFIG'] = before;
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('asks the API server whether it serves builds', async () => {
    server.behave((_, response) => answerJson(response, { kind: 'APIResourceList' }));
    await openCluster(loadConfig(OPENSHIFT));
    expect(server.received.map(({ url }) => url.pathname)).toEqual(['/apis/build.openshift.io/v1']);
  });

  it('says what to do where it does not', async () => {
    server.behave((_, response) => answerStatus(response, 404, 'NotFound', 'not found'));
    await expect(openCluster(loadConfig(OPENSHIFT))).rejects.toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining('Set AMUN_CLUSTER=kubernetes') as string,
    });
  });

  it('does not take one that is away for none', async () => {
    server.behave((_, response) => {
      const words = 'the server is currently unable to handle the request';
      answerStatus(response, 503, 'ServiceUnavailable', words);
    });
    await expect(openCluster(loadConfig(OPENSHIFT))).rejects.toMatchObject({ code: 'Unavailable' });
  });

  it('asks nobody, and builds as on any Kubernetes, where that is configured', async () => {
    const config = loadConfig({ AMUN_CLUSTER: 'kubernetes', AMUN_REGISTRY: 'registry/amun' });
    await openCluster(config);
    expect(server.received).toEqual([]);
  });
});

describe('what the configuration says of OpenShift', () => {
  const optionsOf = (environment: Record<string, string>) =>
    openShiftOptions(loadConfig({ ...OPENSHIFT, ...environment }), { namespace: 'of-the-context' });

  it('needs nothing', () => {
    expect(optionsOf({})).toMatchObject({ namespace: 'of-the-context', buildNodeSelector: {} });
    expect(optionsOf({}).pullSecret).toBeUndefined();
  });

  it('takes one Secret for bases, by either name', () => {
    expect(optionsOf({ AMUN_PULL_SECRETS: 'one' }).pullSecret).toBe('one');
    const same = { AMUN_PULL_SECRETS: 'one', AMUN_REGISTRY_SECRET: 'one' };
    expect(optionsOf(same).pullSecret).toBe('one');
    expect(() => optionsOf({ AMUN_PULL_SECRETS: 'one,two' })).toThrow('AMUN_PULL_SECRETS');
  });

  it.each(['AMUN_BUILD_TOLERATIONS', 'AMUN_BUILD_ANNOTATIONS'])('refuses %s', (name) => {
    expect(() => optionsOf({ [name]: 'key=value' })).toThrow(name);
  });

  it('keeps images for as long as they may serve', () => {
    const times = {
      AMUN_BUILD_TIMEOUT_SECONDS: '10',
      AMUN_BUILD_CACHE_SECONDS: '200',
      AMUN_RUN_TIMEOUT_SECONDS: '3000',
    };
    expect(optionsOf(times).imageSeconds).toBeGreaterThan(3210);
  });
});
