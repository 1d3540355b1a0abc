import { createApiServer } from '../../../../../shared/cluster/kubernetes/api/create-api-server.js';
import { accessTo } from './test-server.js';
import { PODS, useTestServer } from './use-test-server.js';

const used = useTestServer();

describe('bounds', () => {
  test('silence ends at the timeout', async () => {
    used.server.behave(() => undefined);
    const hasty = createApiServer(accessTo(used.server.url), 200);
    await expect(hasty.get(PODS)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('0.2 s') as string,
    });
    await expect(hasty.create(PODS, {})).rejects.toMatchObject({ code: 'Unavailable' });
  });

  test('so does an answer that trickles', async () => {
    used.server.behave((_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const hasty = createApiServer(accessTo(used.server.url), 300);
    await expect(hasty.get(PODS)).rejects.toMatchObject({ code: 'Unavailable' });
  });

  test('the caller may end a call', async () => {
    used.server.behave(() => undefined);
    const controller = new AbortController();
    const call = used.api.get(PODS, { signal: controller.signal });
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
    await expect(used.api.get(PODS, { signal: controller.signal })).rejects.toBe(reason);
  });

  test.each([{ 'content-length': String(65 * 1024 * 1024) }, {}])(
    'an answer above 64 MiB is refused: %j',
    async (headers) => {
      const piece = Buffer.alloc(1024 * 1024, 0x20);
      used.server.behave(async (_, response) => {
        response.writeHead(200, headers);
        for (let index = 0; index < 65 && !response.destroyed; index += 1) {
          if (!response.write(piece)) {
            await new Promise((resolve) => {
              response.once('drain', resolve);
              response.once('close', resolve);
            });
          }
        }
        response.end();
      });
      await expect(used.api.get(PODS)).rejects.toMatchObject({ code: 'TooLarge' });
    },
  );
});
