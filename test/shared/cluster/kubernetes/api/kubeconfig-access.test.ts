import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApiServer } from '../../../../../shared/cluster/kubernetes/api/api-server.js';
import { connectBy, writeKubeconfig, type Entry } from './kubeconfig-file.js';
import { answerJson, answerStatus, startTestServer, type TestServer } from './test-server.js';

let folder: string;
let server: TestServer;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'amun-kubeconfig-'));
  server = await startTestServer((_, response) => answerJson(response, {}));
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes a kubeconfig for the test's server. */
async function write(
  file: string,
  entries: Readonly<Record<string, Partial<Entry>>>,
  current?: string,
): Promise<string> {
  const whole = Object.entries(entries).map(([name, entry]): [string, Entry] => [
    name,
    { server: server.url, ...entry },
  ]);
  return await writeKubeconfig(path.join(folder, file), Object.fromEntries(whole), current);
}

test('plain HTTP without a user, as kubectl proxy serves it', async () => {
  const api = await connectBy([await write('a', { proxy: {} }, 'proxy')]);
  expect(api).toMatchObject({ url: server.url, namespace: undefined });
  expect(await api.get('/version')).toEqual({});
  expect(server.received[0]!.headers.authorization).toBeUndefined();
});

test('the context that is asked for, its namespace and token', async () => {
  const file = await write(
    'a',
    { one: { user: { token: 't1' } }, two: { user: { token: 't2' }, namespace: 'n2' } },
    'one',
  );
  await (await connectBy([file])).get('/version');
  const api = await connectBy([file], 'two');
  expect(api.namespace).toBe('n2');
  await api.get('/version');
  const sent = server.received.map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer t1', 'Bearer t2']);
});

test('of several files the first decides; those that are missing do not matter', async () => {
  const first = await write('a', { one: { user: { token: 'first' } } });
  const second = await write(
    'b',
    { one: { user: { token: 'second' } }, two: { user: { username: 'u', password: 'p' } } },
    'one',
  );
  const files = [path.join(folder, 'missing'), first, second];
  await (await connectBy(files)).get('/version');
  await (await connectBy(files, 'two')).get('/version');
  const sent = server.received.map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer first', `Basic ${Buffer.from('u:p').toString('base64')}`]);
});

test('a plugin gives the token; it is asked again once the server does not accept it', async () => {
  const counter = path.join(folder, 'count');
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential' };
  const script = `echo x >> ${counter}; n=$(wc -l < ${counter});
    printf '%s' '${JSON.stringify(credential).slice(0, -1)},"status":{"token":"t'"$((n))"'"}}'`;
  const exec = { ...credential, command: 'sh', args: ['-c', script] };
  const api = await connectBy([await write('a', { one: { user: { exec } } }, 'one')]);
  await api.get('/version');
  await api.get('/version');
  server.behave(({ headers }, response) =>
    headers.authorization === 'Bearer t1'
      ? answerStatus(response, 401, 'Unauthorized', 'Unauthorized')
      : answerJson(response, {}),
  );
  await api.get('/version');
  const sent = server.received.map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1', 'Bearer t2']);
});

test('a plugin that fails is Unavailable, in its own words', async () => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'sh',
    args: ['-c', 'echo log in first >&2; exit 1'],
  };
  const api = await connectBy([await write('a', { one: { user: { exec } } }, 'one')]);
  await expect(api.get('/version')).rejects.toMatchObject({
    code: 'Unavailable',
    message: expect.stringContaining('log in first') as string,
  });
});

test('a new login is noticed once the old one is refused', async () => {
  const file = await write('a', { one: { user: { token: 'old' } } }, 'one');
  const api = await connectBy([file]);
  await api.get('/version');
  await write('a', { one: { user: { token: 'new' } } }, 'one');
  server.behave(({ headers }, response) =>
    headers.authorization === 'Bearer new'
      ? answerJson(response, { fine: true })
      : answerStatus(response, 401, 'Unauthorized', 'Unauthorized'),
  );
  expect(await api.get('/version')).toEqual({ fine: true });
});

test('another current context, or another server, never gets these credentials', async () => {
  const other = { server: 'https://elsewhere.example.com', user: { token: 'other' } };
  const one = { user: { token: 'mine' } };
  const api = await connectBy([await write('a', { one, other }, 'one')]);
  await write('a', { one, other }, 'other');
  server.behave((_, response) => answerStatus(response, 401, 'Unauthorized', 'Unauthorized'));
  await expect(api.get('/version')).rejects.toMatchObject({ code: 'Forbidden' });
  await write('a', { one: other }, 'one');
  await expect(api.get('/version')).rejects.toMatchObject({ code: 'InvalidRequest' });
  const sent = server.received.map(({ headers }) => headers.authorization);
  expect(new Set(sent)).toEqual(new Set(['Bearer mine']));
});

describe('what cannot be used is InvalidRequest, and says what to do', () => {
  test.each<[string, () => Promise<ApiServer>, RegExp]>([
    ['no file', () => connectBy([path.join(folder, 'none')]), /set KUBECONFIG/],
    [
      'no current context',
      async () => connectBy([await write('a', { one: {} })]),
      /AMUN_KUBE_CONTEXT/,
    ],
    [
      'an unknown context',
      async () => connectBy([await write('a', { one: {} })], 'two'),
      /is: one/,
    ],
    [
      'no URL',
      async () => connectBy([await write('a', { a: { server: 'here:80' } }, 'a')]),
      /http/,
    ],
    [
      'no YAML',
      async () => {
        await writeFile(path.join(folder, 'a'), '{[');
        return connectBy([path.join(folder, 'a')]);
      },
      /cannot be read/,
    ],
    [
      'a list',
      async () => {
        await writeFile(path.join(folder, 'a'), '- clusters: 7');
        return connectBy([path.join(folder, 'a')]);
      },
      /no current context/,
    ],
  ])('%s', async (_, attempt, words) => {
    await expect(attempt()).rejects.toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringMatching(words) as string,
    });
  });
});
