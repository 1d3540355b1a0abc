import { once } from 'node:events';
import { connect } from 'node:net';
import type { GeneratedRequest } from './make-request.js';

/** Longer than any answer takes: a request that is whole is not left open. */
const PATIENCE_MS = 30_000;

/** Writes a request to a socket byte by byte as it was made. @returns the status, 0 without an answer */
export async function sendRaw(
  port: number,
  { method, target, headers, body }: Omit<GeneratedRequest, 'servedBy'>,
): Promise<number> {
  const lines = [
    `${method} /api/v1${target} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`content-length: ${body.length}`]),
  ];
  const socket = connect(port, '127.0.0.1');
  let head = '';
  socket.on('data', (chunk: Buffer) => {
    if (head.length < 64) head += chunk.toString('latin1').slice(0, 64);
  });
  // Whoever is refused early may find the connection closed while it still sends.
  socket.on('error', () => undefined);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  const closed = once(socket, 'close');
  socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  if (body !== undefined) socket.write(body);
  await closed;
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
}
