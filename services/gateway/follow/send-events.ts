import type { FastifyReply } from 'fastify';
import { awaitDrain } from '../await-drain.js';
import { bindEnding } from '../bind-ending.js';
import type { FollowEvent } from './follower.js';

/** A comment this often keeps proxies from taking the connection for dead. */
const HEARTBEAT_MS = 15_000;
/** When a client that lost its connection is to come back. */
const RETRY_MS = 2_000;

/** What every answer of this kind says. */
export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would hold events back.
  'x-accel-buffering': 'no',
};

/**
 * Sends events as a text/event-stream while they come, until the source ends, the client goes, or
 * `signal`. Takes no more from the source than the client reads.
 */
export async function sendEvents(
  reply: FastifyReply,
  signal: AbortSignal,
  open: (signal: AbortSignal) => AsyncIterable<FollowEvent>,
): Promise<void> {
  const headers = { ...(reply.getHeaders() as Record<string, string>), ...EVENT_STREAM_HEADERS };
  const { raw } = reply.hijack();
  const { signal: ended, end, release } = bindEnding(signal);
  raw.on('close', end);
  if (raw.destroyed) end();
  raw.writeHead(200, headers);
  raw.write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(':\n\n');
  }, HEARTBEAT_MS);
  try {
    for await (const { id, event, json } of open(ended)) {
      if (raw.write(`id: ${id}\nevent: ${event}\ndata: ${json}\n\n`)) continue;
      await awaitDrain(raw, ended);
    }
    raw.end();
  } catch {
    // There is no error in this format: who is cut off asks again, and is told then.
    raw.destroy();
  } finally {
    clearInterval(heartbeat);
    release();
  }
}
