import { connectNats } from '../../../shared/bus/connect-nats.js';
import { describeWithNats, startNatsServer, type NatsServer } from '../../nats-server.js';

describeWithNats('connectNats', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server.remove());

  it('connects with the token', async () => {
    const { url, token } = server;
    const connection = await connectNats({ url, token, name: 'a-name' });
    expect(connection.getServer()).toContain(String(server.port));
    await connection.close();
  });

  it.each([undefined, 'wrong'])('says at once that the token %s is refused', async (token) => {
    await expect(connectNats({ url: server.url, token, name: 'test' })).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining('AMUN_NATS_TOKEN') as unknown,
    });
  });

  it('waits for a server that is not there yet', async () => {
    const { url, token } = server;
    await server.stop();
    const connecting = connectNats({ url, token, name: 'test' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await server.start();
    const connection = await connecting;
    expect(connection.isClosed()).toBe(false);
    await connection.close();
  });

  it('says so where none ever comes', async () => {
    await server.stop();
    const { url, token } = server;
    await expect(connectNats({ url, token, name: 'test', waitMs: 300 })).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining(url) as unknown,
    });
    await server.start();
  });
});
