import { gunzipSync } from 'node:zlib';
import { validate } from '../../../shared/http/conditional.js';
import { createHandler } from '../../../shared/http/create-handler.js';
import { answer } from '../../../shared/http/respond.js';
import { createLog } from '../../../shared/log/create-log.js';
import { serveHandler, type ServedHandler } from '../function-host/serve-handler.js';
import { openGateway, type OpenGateway } from './open-gateway.js';

const LONG = 'x'.repeat(300_000);
const STATUS = '/api/v1/inspect/inspection-1/status';
const VERSION = '/api/v1/version';
const GZIP = { 'accept-encoding': 'gzip, deflate, br' };

let status: ServedHandler;
let gateway: OpenGateway;

beforeAll(async () => {
  const log = createLog('test', 'silent');
  const handler = createHandler(({ path }) => {
    return Promise.resolve(answer(200, path === '/version' ? { small: true } : { LONG }));
  }, log);
  status = await serveHandler(handler);
  gateway = await openGateway({ functions: { status: status.url } });
});
afterAll(async () => {
  await gateway.close();
  await status.close();
});

/** An answer as bytes, which the client does not decompress. */
async function fetchRaw(path: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${gateway.url}${path}`, { headers: { 'accept-encoding': 'identity', ...headers } });
}

describe('compression', () => {
  it('is for those who accept it', async () => {
    const zipped = await gateway.call(STATUS, { headers: GZIP });
    expect(zipped.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: expect.stringMatching(/accept-encoding/i) as string,
    });
    const plain = await fetchRaw(STATUS, {});
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.json()).toEqual({ LONG });
    const refused = await fetchRaw(STATUS, { 'accept-encoding': 'gzip;q=0, identity' });
    expect(refused.headers.get('content-encoding')).toBeNull();
  });

  it('loses nothing', async () => {
    const { bytes } = await gateway.call(STATUS, { headers: GZIP });
    expect(JSON.parse(gunzipSync(bytes).toString())).toEqual({ LONG });
    expect(bytes.length).toBeLessThan(LONG.length / 10);
  });

  it('leaves alone what would only grow', async () => {
    const { headers, json } = await gateway.call(VERSION, { headers: GZIP });
    expect(headers['content-encoding']).toBeUndefined();
    expect(json()).toEqual({ small: true });
  });

  it('leaves alone what a function answers to others than the API', async () => {
    const { headers } = await gateway.call('/function/status/long', { headers: GZIP });
    expect(headers['content-encoding']).toBeUndefined();
  });
});

describe('an answer that is known already', () => {
  it.each([STATUS, VERSION, '/api/v1', '/api/v1/ui', '/api/v1/ui/swagger-ui.css'])(
    'is not sent again: %s',
    async (path) => {
      const first = await gateway.call(path, { headers: GZIP });
      const etag = String(first.headers['etag']);
      expect(etag).toMatch(/^W\/"[\w-]{27}"$/);
      for (const known of [etag, `"other", ${etag}`, etag.slice(2), '*']) {
        const again = await gateway.call(path, { headers: { ...GZIP, 'if-none-match': known } });
        expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag]);
        expect(again.headers['content-encoding']).toBeUndefined();
      }
      const other = await gateway.call(path, { headers: { 'if-none-match': '"other"' } });
      expect(other.status).toBe(200);
    },
  );

  it('is told from another by its text', () => {
    expect(validate('a', undefined).headers).not.toEqual(validate('b', undefined).headers);
  });
});

describe('HEAD', () => {
  it.each(['/', '/healthz', '/metrics', '/system/functions', '/system/logs?name=status'])(
    'is answered at %s as well',
    async (path) => {
      const head = await gateway.call(path, { method: 'HEAD' });
      expect([head.status, head.text]).toEqual([200, '']);
    },
  );

  it.each([STATUS, VERSION, '/api/v1', '/api/v1/ui', '/api/v1/events'])(
    'tells of %s what GET would, without a body',
    async (path) => {
      const { status: code, headers, text } = await gateway.call(path, { method: 'HEAD' });
      expect([code, text]).toEqual([200, '']);
      expect(headers['content-type']).toMatch(/^(application\/(json|x-ndjson)|text\/html)/);
    },
  );

  it('says how long it is, unless it is compressed', async () => {
    const plain = await gateway.call(STATUS, { method: 'HEAD' });
    expect(plain.headers['content-length']).toBe(String(JSON.stringify({ LONG }).length));
    const zipped = await gateway.call(STATUS, { method: 'HEAD', headers: GZIP });
    expect(zipped.headers['content-length']).toBeUndefined();
  });
});
