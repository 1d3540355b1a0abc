import { createApiServer } from '../../../../../shared/cluster/kubernetes/api/create-api-server.js';
import {
  accessTo,
  answerJson,
  answerStatus,
  startTestServer,
  type Behaviour,
} from './test-server.js';
import { PODS, useTestServer } from './use-test-server.js';

const used = useTestServer();

/** Behaves so for the first requests, then answers {}. */
function atFirst(...behaviours: Behaviour[]): Behaviour {
  return (request, response) => {
    const next = behaviours.shift();
    if (next === undefined) answerJson(response, {});
    else return next(request, response);
  };
}

describe('what may pass', () => {
  test('a read comes again after 503, 429 and a connection that broke', async () => {
    used.server.behave(
      atFirst(
        (_, response) => answerStatus(response, 503, 'ServiceUnavailable', 'wait'),
        (_, response) => answerStatus(response, 429, 'TooManyRequests', 'wait'),
        (_, response) => void response.destroy(),
      ),
    );
    await expect(used.api.get(PODS)).resolves.toEqual({});
    expect(used.server.received).toHaveLength(4);
  });

  test('a read comes again where its answer was cut', async () => {
    used.server.behave(
      atFirst((_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"items":[');
        setTimeout(() => response.destroy(), 20);
      }),
    );
    await expect(used.api.get(PODS)).resolves.toEqual({});
  });

  test('Retry-After is waited for', async () => {
    used.server.behave(
      atFirst((_, response) =>
        answerStatus(response, 503, 'ServiceUnavailable', 'wait', {}, { 'retry-after': '1' }),
      ),
    );
    const started = Date.now();
    await used.api.get(PODS);
    expect(Date.now() - started).toBeGreaterThanOrEqual(1000);
  });

  test('a Retry-After beyond the timeout is not waited for', async () => {
    used.server.behave((_, response) =>
      answerStatus(response, 429, 'TooManyRequests', 'wait', {}, { 'retry-after': '600' }),
    );
    const started = Date.now();
    await expect(used.api.get(PODS)).rejects.toMatchObject({ code: 'TooManyRequests' });
    expect(Date.now() - started).toBeLessThan(30_000);
  });

  test('a read is tried a few times only', async () => {
    used.server.behave((_, response) => answerStatus(response, 503, 'ServiceUnavailable', 'wait'));
    await expect(used.api.get(PODS)).rejects.toMatchObject({
      code: 'Unavailable',
      message: 'wait',
    });
    expect(used.server.received.length).toBeLessThanOrEqual(4);
  });

  test('a write is sent once where nobody knows what became of it', async () => {
    used.server.behave((_, response) => void response.destroy());
    await expect(used.api.create(PODS, {})).rejects.toMatchObject({ code: 'Unavailable' });
    expect(used.server.received).toHaveLength(1);
    used.server.behave((_, response) => answerStatus(response, 503, 'ServiceUnavailable', 'wait'));
    await expect(used.api.patch(PODS, {})).rejects.toMatchObject({ code: 'Unavailable' });
    expect(used.server.received).toHaveLength(2);
  });

  test('a write that was turned away unseen is sent again', async () => {
    used.server.behave(
      atFirst((_, response) => answerStatus(response, 429, 'TooManyRequests', 'wait')),
    );
    await expect(used.api.create(PODS, {})).resolves.toEqual({});
    expect(used.server.received).toHaveLength(2);
  });

  test('nobody listening is Unavailable, and says where', async () => {
    const gone = await startTestServer();
    await gone.close();
    await expect(createApiServer(accessTo(gone.url), 60_000).get(PODS)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining(gone.url) as string,
    });
  });
});
