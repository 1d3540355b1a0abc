import { setTimeout as sleep } from 'node:timers/promises';
import { AuthorizationError, connect, type NatsConnection } from '@nats-io/transport-node';
import { AmunError } from '../errors/amun-error.js';

export interface NatsOptions {
  /** "nats://127.0.0.1:4222", or several, separated by commas. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Shown by the server beside the connection. */
  readonly name: string;
  /** How long to wait for a server that does not answer yet. Default 30 s. */
  readonly waitMs?: number;
}

const DEFAULT_WAIT_MS = 30_000;
const TRY_TIMEOUT_MS = 3_000;
const PAUSE_MS = 200;

/**
 * Connects to NATS, and stays connected: an outage is waited out, however long it lasts. Throws
 * Forbidden where the token is refused, Unavailable where no server answers within the wait.
 */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const { url, token, name, waitMs = DEFAULT_WAIT_MS } = options;
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      return await connect({
        servers: url.split(',').map((server) => server.trim()),
        name,
        ...(token === undefined ? {} : { token }),
        timeout: TRY_TIMEOUT_MS,
        maxReconnectAttempts: -1,
        reconnectTimeWait: PAUSE_MS,
        reconnectJitter: PAUSE_MS,
        pingInterval: 20_000,
        maxPingOut: 2,
        // Else every request makes two errors in advance, which takes a third of its time.
        noAsyncTraces: true,
      });
    } catch (error) {
      if (isRefusal(error)) throw refused(url, token, error);
      if (Date.now() >= deadline) throw unreachable(url, error);
    }
    await sleep(PAUSE_MS * (1 + Math.random()));
  }
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof AuthorizationError || error.cause instanceof AuthorizationError;
}

function refused(url: string, token: string | undefined, cause: unknown): AmunError {
  const mend =
    token === undefined ? 'it wants one: set AMUN_NATS_TOKEN' : 'set AMUN_NATS_TOKEN to its token';
  return new AmunError('Forbidden', `NATS at ${url} refuses the token; ${mend}.`, { cause });
}

function unreachable(url: string, cause: unknown): AmunError {
  const sentence = `NATS at ${url} does not answer; start nats-server or set AMUN_NATS_URL.`;
  return new AmunError('Unavailable', sentence, { cause });
}
