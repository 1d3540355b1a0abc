import { jest } from '@jest/globals';
import { waitUntil } from '../../../../wait-until.js';
import { requireRealkube } from '../../../../realkube.js';
import { createNamespace } from '../create-namespace.js';
import { useApiServer } from './use-api-server.js';

jest.setTimeout(600_000);

const NAMESPACE = '/api/v1/namespaces/default';
const MAPS = `${NAMESPACE}/configmaps`;
const PODS = `${NAMESPACE}/pods`;

requireRealkube()('a real API server', () => {
  const kubernetes = useApiServer({ fakeNodes: 1 });
  const { create, get, patch, remove } = {
    create: (path: string, object: object) => kubernetes.api.create(path, object),
    get: (path: string, options = {}) => kubernetes.api.get(path, options),
    patch: (path: string, object: object) => kubernetes.api.patch(path, object),
    remove: (path: string, options = {}) => kubernetes.api.remove(path, options),
  };

  test('objects are made, read, changed and removed', async () => {
    const made = await create(MAPS, configMap('first', { a: '1' }));
    expect(made).toMatchObject({ kind: 'ConfigMap', data: { a: '1' } });
    await patch(`${MAPS}/first`, { data: { a: null, b: '2' } });
    expect(await get(`${MAPS}/first`)).toMatchObject({ data: { b: '2' } });
    const { metadata } = made as { metadata: { uid: string } };
    await remove(`${MAPS}/first`, { uid: metadata.uid });
    await expect(get(`${MAPS}/first`)).rejects.toMatchObject({ code: 'NotFound' });
  });

  test('metadata only has no data, for one and for many', async () => {
    await create(MAPS, configMap('secretive', { a: 'hidden' }));
    const one = await get(`${MAPS}/secretive`, { metadataOnly: true });
    expect(one).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'secretive' } });
    expect(JSON.stringify(one)).not.toContain('hidden');
    const many = await get(MAPS, { metadataOnly: true });
    expect(many).toMatchObject({ kind: 'PartialObjectMetadataList' });
    expect(JSON.stringify(many)).not.toContain('hidden');
  });

  test('every refusal has its code and the server’s words', async () => {
    await create(MAPS, configMap('twice', {}));
    const refusals: [() => Promise<unknown>, string, RegExp][] = [
      [() => create(MAPS, configMap('twice', {})), 'AlreadyExists', /"twice" already exists/],
      [() => get(`${MAPS}/nowhere`), 'NotFound', /"nowhere" not found/],
      [() => get('/apis/nothing.example.com/v1/things'), 'NotFound', /./],
      [() => remove(`${MAPS}/twice`, { uid: 'another' }), 'Conflict', /uid/i],
      [() => create(MAPS, configMap('Not A Name', {})), 'InvalidRequest', /Not A Name/],
      [
        () => create(MAPS, configMap('large', { a: 'x'.repeat(1_100_000) })),
        'InvalidRequest',
        /Too long/,
      ],
      [() => create(MAPS, configMap('huge', { a: 'x'.repeat(4_000_000) })), 'TooLarge', /./],
      [() => create('/api/v1/namespaces/none/configmaps', configMap('a', {})), 'NotFound', /none/],
      [() => get(PODS, { query: { limit: -1, continue: 'x' } }), 'InvalidRequest', /continue/],
    ];
    for (const [refusal, code, words] of refusals) {
      await expect(refusal()).rejects.toMatchObject({
        code,
        message: expect.stringMatching(words) as string,
      });
    }
  });

  test('a quota that is used up is Forbidden, and says so', async () => {
    await createNamespace(kubernetes.realkube, 'poor');
    const quotas = '/api/v1/namespaces/poor/resourcequotas';
    await create(quotas, { ...object('ResourceQuota', 'none'), spec: { hard: { pods: '0' } } });
    await waitUntil(async () =>
      JSON.stringify(await get(`${quotas}/none`)).includes('"status":{"hard"'),
    );
    await expect(create('/api/v1/namespaces/poor/pods', pod('one', {}))).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining('exceeded quota') as string,
    });
  });

  test('a log is followed, and a killed API server does not end it silently', async () => {
    const lines = Array.from({ length: 600 }, (_, index) => `line ${index}`).join('\n');
    await create(
      PODS,
      pod('talker', {
        'realkube/log': lines,
        'realkube/log-every-ms': '100',
        'realkube/run-ms': 'forever',
      }),
    );
    await waitUntil(async () =>
      JSON.stringify(await get(`${PODS}/talker`)).includes('"phase":"Running"'),
    );
    let text = '';
    let error: unknown;
    const reading = (async () => {
      for await (const piece of kubernetes.api.stream(`${PODS}/talker/log`, {
        query: { follow: true },
      })) {
        text += Buffer.from(piece).toString();
      }
    })().catch((thrown: unknown) => (error = thrown));
    await waitUntil(() => text.includes('line 5\n'));
    await kubernetes.realkube.kill('apiserver');
    await reading;
    expect(error).toMatchObject({ name: 'AmunError', code: 'Unavailable' });
    await kubernetes.realkube.restart('apiserver');
    // The connections of before are dead; nobody notices.
    expect(await get(NAMESPACE)).toMatchObject({ kind: 'Namespace' });
  });
});

function object(kind: string, name: string): object {
  return { apiVersion: 'v1', kind, metadata: { name } };
}

function configMap(name: string, data: Record<string, string>): object {
  return { ...object('ConfigMap', name), data };
}

function pod(name: string, annotations: Record<string, string>): object {
  const containers = [{ name: 'main', image: 'localhost/busybox:1' }];
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, annotations } },
    spec: { containers, restartPolicy: 'Never' },
  };
}
