import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../../../../../shared/cluster/kubernetes/api/api-server.js';
import { createApiServer } from '../../../../../shared/cluster/kubernetes/api/create-api-server.js';
import { waitUntil } from '../../../../wait-until.js';
import { accessTo, answerStatus, startTestServer, type TestServer } from './test-server.js';

/** Far more than an answer needs on a busy machine. */
const PATIENT_MS = 60_000;

const LOG = '/api/v1/namespaces/n/pods/p/log';

let server: TestServer;
let api: ApiServer;

beforeEach(async () => {
  server = await startTestServer();
  api = createApiServer(accessTo(server.url), PATIENT_MS);
});

afterEach(() => server.close());

/** What came, and how it ended. */
async function read(
  pieces: AsyncIterable<Uint8Array>,
  onPiece: () => unknown = () => undefined,
): Promise<{ text: string; error?: unknown }> {
  let text = '';
  try {
    for await (const piece of pieces) {
      text += Buffer.from(piece).toString('latin1');
      onPiece();
    }
    return { text };
  } catch (error) {
    return { text, error };
  }
}

test('bytes come as they are', async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 200, 128]);
  server.behave((_, response) => void response.end(bytes));
  expect((await read(api.stream(LOG))).text).toBe(bytes.toString('latin1'));
  expect(server.received[0]!.headers.accept).toContain('*/*');
});

test('a refusal comes before the first piece', async () => {
  server.behave((_, response) => answerStatus(response, 404, 'NotFound', 'pods "p" not found'));
  expect(await read(api.stream(LOG))).toEqual({
    text: '',
    error: expect.objectContaining({ code: 'NotFound', message: 'pods "p" not found' }) as unknown,
  });
});

test('a connection that is cut ends it with Unavailable, after what came', async () => {
  server.behave((_, response) => {
    response.writeHead(200);
    response.write('half');
    setTimeout(() => response.destroy(), 50);
  });
  expect(await read(api.stream(LOG))).toEqual({
    text: 'half',
    error: expect.objectContaining({ name: 'AmunError', code: 'Unavailable' }) as unknown,
  });
  expect(server.received).toHaveLength(1);
});

test('it may last longer than calls may', async () => {
  server.behave(async (_, response) => {
    response.writeHead(200);
    for (let index = 0; index < 6; index += 1) {
      response.write('x');
      await sleep(1_000);
    }
    response.end();
  });
  const hurried = createApiServer(accessTo(server.url), 5_000);
  expect(await read(hurried.stream(LOG))).toEqual({ text: 'xxxxxx' });
});

test('but its answer must begin in time', async () => {
  server.behave(() => undefined);
  const hasty = createApiServer(accessTo(server.url), 1_000);
  expect(await read(hasty.stream(LOG))).toMatchObject({ error: { code: 'Unavailable' } });
});

test('silence ends it where idleMs says so', async () => {
  server.behave((_, response) => {
    response.writeHead(200);
    response.write('x');
  });
  const started = Date.now();
  expect(await read(api.stream(LOG, { idleMs: 2_000 }))).toMatchObject({
    text: 'x',
    error: { code: 'Unavailable', message: 'Nothing came for 2 s.' },
  });
  expect(Date.now() - started).toBeLessThan(PATIENT_MS / 2);
});

test('a reader that takes its time is not silence', async () => {
  server.behave((_, response) => {
    response.writeHead(200);
    response.write('a');
    setTimeout(() => response.end('b'), 100);
  });
  let text = '';
  for await (const piece of api.stream(LOG, { idleMs: 2_500 })) {
    text += Buffer.from(piece).toString();
    await sleep(3_000);
  }
  expect(text).toBe('ab');
});

test('a reader that takes its time holds the server up', async () => {
  const piece = Buffer.alloc(64 * 1024);
  let sent = 0;
  server.behave(async (_, response) => {
    response.writeHead(200);
    while (!response.destroyed) {
      sent += piece.length;
      if (response.write(piece)) continue;
      await new Promise((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  });
  const pieces = api.stream(LOG)[Symbol.asyncIterator]();
  await pieces.next();
  // Only what buffers take is sent, which takes a while.
  const most = 32 * 1024 * 1024;
  for (let before = 0; sent !== before && sent < most;) {
    before = sent;
    await sleep(500);
  }
  expect(sent).toBeLessThan(most);
  await pieces.return?.();
});

test('the signal ends it quietly, and a reader who leaves ends the connection', async () => {
  let closed = 0;
  server.behave((_, response) => {
    response.on('close', () => (closed += 1));
    response.writeHead(200);
    response.write('x');
  });
  const controller = new AbortController();
  const abortSoon = () => setTimeout(() => controller.abort(), 100);
  const reading = read(api.stream(LOG, { signal: controller.signal }), abortSoon);
  expect(await reading).toEqual({ text: 'x' });
  const leaving = api.stream(LOG)[Symbol.asyncIterator]();
  await leaving.next();
  await leaving.return?.();
  await waitUntil(() => closed === 2);
  expect(await read(api.stream(LOG, { signal: controller.signal }))).toEqual({ text: '' });
});
