import type { FastifyReply } from 'fastify';
import { awaitDrain } from './await-drain.js';
import { bindEnding } from './bind-ending.js';

/**
 * Sends documents as newline-delimited JSON while they come, until the source ends, the client
 * goes, or `signal`. The source is told by the signal that it is handed. HEAD gets the headers only.
 */
export async function streamLines(
  reply: FastifyReply,
  signal: AbortSignal,
  open: (signal: AbortSignal) => AsyncIterable<unknown>,
): Promise<void> {
  if (reply.request.method === 'HEAD') {
    reply.type('application/x-ndjson').header('cache-control', 'no-store').send();
    return;
  }
  const { raw } = reply.hijack();
  const { signal: ended, end, release } = bindEnding(signal);
  raw.on('close', end);
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'application/x-ndjson',
    'cache-control': 'no-store',
  });
  // The client learns that it is connected before the first line comes.
  raw.flushHeaders();
  try {
    for await (const document of open(ended)) {
      if (raw.write(`${JSON.stringify(document)}\n`)) continue;
      await awaitDrain(raw, ended);
    }
    raw.end();
  } catch (error) {
    raw.destroy();
    if (!ended.aborted) throw error;
  } finally {
    release();
  }
}
