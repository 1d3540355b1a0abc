import { isInRegistry, isOwnImage } from '../../../../shared/cluster/kubernetes/registry.js';
import type { BuilderOptions } from '../../../../shared/cluster/kubernetes/options.js';
import { startTestServer, type TestServer } from './api/test-server.js';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('isInRegistry', () => {
  let server: TestServer;
  let builder: BuilderOptions;
  let image: string;

  beforeEach(async () => {
    server = await startTestServer();
    const host = new URL(server.url).host;
    builder = { image: 'builder', repository: `${host}/team/amun`, insecureRegistries: [host] };
    image = `${builder.repository}@${DIGEST}`;
  });
  afterEach(() => server.close());

  it('asks for the manifest by its digest, taking every kind of it', async () => {
    server.behave((_, response) => void response.writeHead(200).end());
    expect(await isInRegistry(builder, image)).toBe(true);
    const [request] = server.received;
    expect(request).toMatchObject({ method: 'HEAD' });
    expect(request!.url.pathname).toBe(`/v2/team/amun/manifests/${DIGEST}`);
    expect(request!.headers.accept).toMatch(/oci\.image\.index.*docker\.distribution\.manifest/);
  });

  it.each([
    [404, false],
    [200, true],
    [307, true],
    [401, true],
    [403, true],
    [429, true],
    [500, true],
  ])('takes %d for %s', async (status, expected) => {
    server.behave((_, response) => void response.writeHead(status).end());
    expect(await isInRegistry(builder, image)).toBe(expected);
  });

  it('believes a registry that breaks off, does not answer, or is not there', async () => {
    server.behave((_, response) => void response.destroy());
    expect(await isInRegistry(builder, image)).toBe(true);
    server.behave(() => undefined);
    const began = Date.now();
    expect(await isInRegistry(builder, image)).toBe(true);
    expect(Date.now() - began).toBeLessThan(60_000);
    await server.close();
    expect(await isInRegistry(builder, image)).toBe(true);
  });

  it('speaks TLS unless told otherwise, to a host that is none as well', async () => {
    expect(await isInRegistry({ ...builder, insecureRegistries: [] }, image)).toBe(true);
    const strange = { ...builder, repository: 'registry:99999/amun' };
    expect(await isInRegistry(strange, `${strange.repository}@${DIGEST}`)).toBe(true);
    expect(server.received).toEqual([]);
  });

  it('asks nobody for an image that no build of ours made', async () => {
    const strangers = [
      `elsewhere.example.com/amun@${DIGEST}`,
      `${builder.repository}:latest`,
      `${builder.repository}/other@${DIGEST}`,
      `${image}0`,
      `${builder.repository}@sha256:${'AB'.repeat(32)}`,
      `evil.example.com/${image}`,
      '',
    ];
    for (const stranger of strangers) {
      expect(isOwnImage(builder, stranger)).toBe(false);
      expect(await isInRegistry(builder, stranger)).toBe(false);
    }
    expect(server.received).toEqual([]);
  });
});
