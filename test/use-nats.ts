import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../shared/bus/connect-nats.js';
import { startNatsServer, type NatsServer, type NatsServerOptions } from './nats-server.js';

/** A server and a connection to it; only to be read while tests run. */
export interface NatsUnderTest {
  readonly server: NatsServer;
  readonly connection: NatsConnection;
}

/** A busy machine may take long to start a process; that is not what is tested. */
const HOOK_TIMEOUT_MS = 180_000;

/** Gives each test, or all tests of a describe together, a nats-server and a connection to it. */
export function useNats(scope: 'each' | 'all', options?: NatsServerOptions): NatsUnderTest {
  let starting: Promise<NatsUnderTest> | undefined;
  let started: NatsUnderTest | undefined;

  const begin = async () => {
    starting = start(options);
    started = await starting;
  };
  const end = async () => {
    // Also what came up too late for its test is not left running.
    const running = await starting?.catch(() => undefined);
    started = undefined;
    await running?.connection.close();
    await running?.server.remove();
  };
  if (scope === 'each') {
    beforeEach(begin, HOOK_TIMEOUT_MS);
    afterEach(end, HOOK_TIMEOUT_MS);
  } else {
    beforeAll(begin, HOOK_TIMEOUT_MS);
    afterAll(end, HOOK_TIMEOUT_MS);
  }

  const running = () => {
    if (started === undefined) throw new Error('The nats-server of this test has not started.');
    return started;
  };
  return {
    get server() {
      return running().server;
    },
    get connection() {
      return running().connection;
    },
  };
}

async function start(options: NatsServerOptions | undefined): Promise<NatsUnderTest> {
  const server = await startNatsServer(options);
  try {
    const { url, token } = server;
    return { server, connection: await connectNats({ url, token, name: 'test' }) };
  } catch (error) {
    await server.remove();
    throw error;
  }
}
