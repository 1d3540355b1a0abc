import { apiStatusOf } from '../../../../../shared/cluster/kubernetes/api/api-status.js';
import { answerStatus } from './test-server.js';
import { PODS, useTestServer } from './use-test-server.js';

const used = useTestServer();

describe('what the server refuses', () => {
  test.each([
    [400, 'BadRequest', 'InvalidRequest'],
    [401, 'Unauthorized', 'Forbidden'],
    [403, 'Forbidden', 'Forbidden'],
    [404, 'NotFound', 'NotFound'],
    [405, 'MethodNotAllowed', 'InvalidRequest'],
    [409, 'AlreadyExists', 'AlreadyExists'],
    [409, 'Conflict', 'Conflict'],
    [410, 'Expired', 'Unavailable'],
    [413, 'RequestEntityTooLarge', 'TooLarge'],
    [422, 'Invalid', 'InvalidRequest'],
    [500, 'InternalError', 'Unavailable'],
    [504, 'Timeout', 'Unavailable'],
  ])('%i %s is %s', async (status, reason, code) => {
    used.server.behave((_, response) => answerStatus(response, status, reason, 'because'));
    await expect(used.api.create(PODS, {})).rejects.toMatchObject({
      name: 'AmunError',
      code,
      message: expect.stringContaining('because') as string,
    });
    expect(used.server.received).toHaveLength(1);
  });

  test('etcd saying that an object is too large is TooLarge', async () => {
    used.server.behave((_, response) =>
      answerStatus(response, 500, 'InternalError', 'etcdserver: request is too large'),
    );
    await expect(used.api.create(PODS, {})).rejects.toMatchObject({ code: 'TooLarge' });
  });

  test('causes come along', async () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'no', field: 'spec.x' }, 7, null];
    used.server.behave((_, response) => answerStatus(response, 422, 'Invalid', 'bad', { causes }));
    const error: unknown = await used.api.create(PODS, {}).catch((thrown: unknown) => thrown);
    expect(apiStatusOf(error)?.causes[0]).toEqual(causes[0]);
    expect(apiStatusOf(error)?.causes[1]).toEqual({ reason: '', message: '', field: '' });
  });

  test.each([
    ['nothing', ''],
    ['a page', '<html>\u0000\n<b>Bad gateway</b>'],
    ['a list', '[1,2]'],
    ['null', 'null'],
    ['wrong types', '{"message":{"a":1},"reason":[],"code":"x","details":{"causes":{"a":1}}}'],
    ['deep nonsense', `{"details":{"causes":[${'{"message":[]},'.repeat(100)}{}]}}`],
    ['a huge message', JSON.stringify({ message: 'x'.repeat(900_000), reason: 'y'.repeat(9999) })],
  ])('a refusal with %s as its body is told in bounded words', async (_, body) => {
    used.server.behave((_request, response) => {
      response.writeHead(500).end(body);
    });
    const error = await used.api.create(PODS, {}).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ name: 'AmunError', code: 'Unavailable' });
    expect((error as Error).message.length).toBeLessThan(5000);
    expect((error as Error).message).not.toMatch(/\p{Cc}/u);
  });

  test('a redirect is not followed', async () => {
    used.server.behave((_, response) => void response.writeHead(302, { location: '/login' }).end());
    await expect(used.api.get(PODS)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('redirect') as string,
    });
    expect(used.server.received).toHaveLength(1);
  });

  test('an answer that is not JSON is Unavailable', async () => {
    used.server.behave((_, response) => void response.end('<html>'));
    await expect(used.api.get(PODS)).rejects.toMatchObject({ code: 'Unavailable' });
  });
});
