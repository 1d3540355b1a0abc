import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

/** A GET whose answer may be silent for as long as it likes, which fetch would not let it be. */
export async function openStream(
  url: URL,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly chunks: AsyncIterable<Uint8Array> }> {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const request = open(url, { signal, headers, agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  // From here on the response reports what happens to the connection.
  request.on('error', () => undefined);
  return { status: response.statusCode ?? 0, chunks: response };
}
