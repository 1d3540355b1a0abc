import * as http from 'node:http';
import * as https from 'node:https';

/** A request, complete. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly agent: http.Agent;
  /** Also breaks off the answer while it is read. */
  readonly signal: AbortSignal;
}

/** A peer that vanished without a word is noticed about ten seconds after this, milliseconds. */
const TCP_PROBE_MS = 15_000;

/** Sends a request; resolves with the answer's head, its body unread. Throws what Node throws. */
export function send(outgoing: Outgoing): Promise<http.IncomingMessage> {
  const { method, url, headers, body, agent, signal } = outgoing;
  const { request } = url.protocol === 'https:' ? https : http;
  const length = body && { 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const message = request(url, { method, headers: { ...headers, ...length }, agent, signal });
    message.on('socket', (socket) => socket.setKeepAlive(true, TCP_PROBE_MS));
    message.on('response', resolve);
    // Stays for what comes after the answer's head: without a listener it would end the process.
    message.on('error', reject);
    message.end(body);
  });
}
