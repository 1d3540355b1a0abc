import { createApiServer } from '../../../../../shared/cluster/kubernetes/api/create-api-server.js';
import { accessTo, answerJson, answerStatus } from './test-server.js';
import { PODS, useTestServer } from './use-test-server.js';

const used = useTestServer();

describe('what is sent', () => {
  test('a read has its query, and asks for JSON', async () => {
    expect(await used.api.get(PODS, { query: { limit: 5, continue: undefined, x: true } })).toEqual(
      {
        kind: 'Thing',
      },
    );
    const [request] = used.server.received;
    expect(request!.url.pathname).toBe(PODS);
    expect(Object.fromEntries(request!.url.searchParams)).toEqual({ limit: '5', x: 'true' });
    expect(request!.headers.accept).toContain('application/json');
  });

  test.each([
    [PODS, 'PartialObjectMetadataList'],
    [`${PODS}/a`, 'PartialObjectMetadata'],
    ['/api/v1/nodes', 'PartialObjectMetadataList'],
    ['/api/v1/namespaces', 'PartialObjectMetadataList'],
    ['/api/v1/namespaces/n', 'PartialObjectMetadata'],
    ['/apis/build.openshift.io/v1/namespaces/n/builds', 'PartialObjectMetadataList'],
    ['/apis/build.openshift.io/v1/namespaces/n/builds/b', 'PartialObjectMetadata'],
  ])('metadata only of %s asks for a %s', async (path, kind) => {
    await used.api.get(path, { metadataOnly: true });
    expect(used.server.received[0]!.headers.accept).toContain(`as=${kind};`);
  });

  test('create, patch and remove have their bodies and types', async () => {
    await used.api.create(PODS, { kind: 'Pod' });
    await used.api.patch(`${PODS}/a`, { metadata: { labels: { a: null } } });
    await used.api.remove(`${PODS}/a`, { gracePeriodSeconds: 0, uid: 'u' });
    const sent = used.server.received.map(({ method, headers, body }): unknown[] => [
      method,
      headers['content-type'],
      JSON.parse(body),
    ]);
    expect(sent).toEqual([
      ['POST', 'application/json', { kind: 'Pod' }],
      ['PATCH', 'application/merge-patch+json', { metadata: { labels: { a: null } } }],
      [
        'DELETE',
        'application/json',
        expect.objectContaining({
          propagationPolicy: 'Background',
          gracePeriodSeconds: 0,
          preconditions: { uid: 'u' },
        }),
      ],
    ]);
  });

  test.each(['pods', '/api/../secrets', '/api/v1/pods?x=1', '/api/v1/pods/a b', '/api/v1/\n'])(
    'the path %j is refused',
    async (path) => {
      await expect(used.api.get(path)).rejects.toMatchObject({ code: 'Internal' });
      expect(used.server.received).toHaveLength(0);
    },
  );

  test('calls one after the other share a connection', async () => {
    for (let index = 0; index < 10; index += 1) await used.api.get(PODS);
    expect(used.server.connections).toBe(1);
  });

  test('a path of the server URL goes before all others', async () => {
    const proxied = createApiServer(accessTo(`${used.server.url}/k8s/clusters/c-1`), 5000);
    await proxied.get(PODS);
    expect(used.server.received[0]!.url.pathname).toBe(`/k8s/clusters/c-1${PODS}`);
  });
});

describe('credentials', () => {
  test('are read anew once where the server does not accept them', async () => {
    let token = 0;
    const rotating = createApiServer(
      accessTo(used.server.url, () => ({
        headers: { authorization: `Bearer ${token++}` },
        tls: {},
      })),
      5000,
    );
    used.server.behave(({ headers }, response) =>
      headers.authorization === 'Bearer 1'
        ? answerJson(response, { ok: true })
        : answerStatus(response, 401, 'Unauthorized', 'Unauthorized'),
    );
    await expect(rotating.create(PODS, { a: 1 })).resolves.toEqual({ ok: true });
    expect(used.server.received.map((one) => one.body)).toEqual(['{"a":1}', '{"a":1}']);
    await rotating.get(PODS);
    expect(used.server.received).toHaveLength(3);
  });

  test('that stay refused are not sent again', async () => {
    const reads: boolean[] = [];
    const refused = createApiServer(
      accessTo(used.server.url, (again) => {
        reads.push(again);
        return { headers: { authorization: 'Bearer old' }, tls: {} };
      }),
      5000,
    );
    used.server.behave((_, response) =>
      answerStatus(response, 401, 'Unauthorized', 'Unauthorized'),
    );
    await expect(refused.get(PODS)).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining('log in') as string,
    });
    expect(used.server.received).toHaveLength(1);
    expect(reads).toEqual([false, true]);
  });

  test('are read once for many calls at a time', async () => {
    let reads = 0;
    const counted = createApiServer(
      accessTo(used.server.url, () => ({ headers: { authorization: String(reads++) }, tls: {} })),
      5000,
    );
    await Promise.all(Array.from({ length: 20 }, () => counted.get(PODS)));
    expect(reads).toBe(1);
  });
});
