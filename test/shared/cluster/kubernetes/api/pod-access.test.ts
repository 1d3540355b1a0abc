import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { podAccess } from '../../../../../shared/cluster/kubernetes/api/pod-access.js';
import { loadKubernetesEnvironment } from '../../../../../shared/config/kubernetes-environment.js';

const { service } = loadKubernetesEnvironment({
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
  KUBERNETES_SERVICE_PORT: '443',
});

let folder: string;
let secrets: string;
let account: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'amun-pod-'));
  secrets = path.join(folder, 'secrets');
  account = path.join(folder, 'account');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function mount(place: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(place, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(place, name), text);
}

test('a service account is read from its files, each time anew', async () => {
  await mount(account, { token: 'one\n', 'ca.crt': 'CA', namespace: 'amun' });
  const access = await podAccess(service, [secrets, account]);
  expect(access).toMatchObject({ url: 'https://10.96.0.1:443', namespace: 'amun' });
  expect(await access!.read(false)).toEqual({
    headers: { authorization: 'Bearer one' },
    tls: { ca: 'CA' },
  });
  await mount(account, { token: 'two' });
  expect((await access!.read(false)).headers).toEqual({ authorization: 'Bearer two' });
});

test('a token that was mounted as a secret comes before the service account', async () => {
  await mount(account, { token: 'account', 'ca.crt': 'CA' });
  await mount(secrets, { token: 'secret', 'ca.crt': 'CA' });
  const access = await podAccess(service, [secrets, account]);
  expect((await access!.read(false)).headers).toEqual({ authorization: 'Bearer secret' });
});

test('a secret that is called token and has no certificate is another one', async () => {
  await mount(account, { token: 'account', 'ca.crt': 'CA' });
  await mount(secrets, { token: 'of something else' });
  const access = await podAccess(service, [secrets, account]);
  expect((await access!.read(false)).headers).toEqual({ authorization: 'Bearer account' });
});

test('a token that vanished is Unavailable', async () => {
  await mount(account, { token: 'one', 'ca.crt': 'CA' });
  const access = await podAccess(service, [account]);
  await rm(path.join(account, 'token'));
  await expect(access!.read(false)).rejects.toMatchObject({ code: 'Unavailable' });
});

test('without a pod or without files there is none', async () => {
  expect(await podAccess(undefined, [account])).toBeUndefined();
  expect(await podAccess(service, [secrets, account])).toBeUndefined();
});

test('an IPv6 address stands in brackets', async () => {
  await mount(account, { token: 'one', 'ca.crt': 'CA' });
  const access = await podAccess({ host: 'fd00::1', port: '6443' }, [account]);
  expect(access!.url).toBe('https://[fd00::1]:6443');
});
