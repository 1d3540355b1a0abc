import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireTools } from '../../../../require-tools.js';
import { makeCertificate } from './certificates.js';
import { connectBy, writeKubeconfig } from './kubeconfig-file.js';
import { answerJson, startTestServer, type TestServer } from './test-server.js';

requireTools(['openssl'])('TLS', () => {
  let folder: string;
  let secure: TestServer;
  let ca: string;
  let client: { cert: string; key: string };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'amun-tls-'));
    const own = makeCertificate(folder, 'server');
    client = makeCertificate(folder, 'somebody');
    ca = own.cert;
    secure = await startTestServer((_, response) => answerJson(response, {}), {
      ...own,
      requestCert: true,
      ca: client.cert,
      rejectUnauthorized: false,
    });
  });

  afterEach(async () => {
    await secure.close();
    await rm(folder, { recursive: true, force: true });
  });

  const encode = (text: string) => Buffer.from(text).toString('base64');

  test('a client certificate is shown, and connections are kept', async () => {
    const cluster = { 'certificate-authority-data': encode(ca) };
    const user = {
      'client-certificate-data': encode(client.cert),
      'client-key-data': encode(client.key),
    };
    const file = await writeKubeconfig(
      path.join(folder, 'a'),
      { one: { server: secure.url, cluster, user } },
      'one',
    );
    const api = await connectBy([file]);
    for (let index = 0; index < 5; index += 1) await api.get('/version');
    expect(secure.received.map((one) => one.client)).toEqual(Array(5).fill('somebody'));
    expect(secure.connections).toBe(1);
  });

  test('a server that nobody vouches for is Unavailable', async () => {
    const api = await connectBy([
      await writeKubeconfig(path.join(folder, 'a'), { one: { server: secure.url } }, 'one'),
    ]);
    await expect(api.create('/api/v1/pods', {})).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('certificate-authority') as string,
    });
    expect(secure.received).toHaveLength(0);
  });

  test('files of certificates lie beside the kubeconfig; no user is needed', async () => {
    const cluster = { 'certificate-authority': 'server.crt' };
    const api = await connectBy([
      await writeKubeconfig(
        path.join(folder, 'a'),
        { one: { server: secure.url, cluster } },
        'one',
      ),
    ]);
    expect(await api.get('/version')).toEqual({});
    const insecure = { 'insecure-skip-tls-verify': true };
    const trusting = await writeKubeconfig(
      path.join(folder, 'b'),
      { one: { server: secure.url, cluster: insecure } },
      'one',
    );
    expect(await (await connectBy([trusting])).get('/version')).toEqual({});
  });
});
