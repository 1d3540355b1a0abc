import { get } from 'node:http';
import { connect } from 'node:net';

/** Why something is not ready, or undefined where it is. */
export type Probe = () => Promise<string | undefined>;

const ANSWER_MS = 2_000;
const MAX_WORDS = 500;

/**
 * Ready when `path` answers 200; otherwise what it says. Without fetch: several processes are asked
 * many times a second while they start, and need the time themselves.
 */
export function probeHttp(port: number, path: string): Probe {
  return () =>
    new Promise((resolve) => {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const away = (): void => resolve('it does not answer');
      get({ host: '127.0.0.1', port, path, agent: false, signal }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          if (text.length < MAX_WORDS) text += chunk;
        });
        response.on('error', away).on('end', () => {
          resolve(response.statusCode === 200 ? undefined : `it says ${text.slice(0, MAX_WORDS)}`);
        });
      }).on('error', away);
    });
}

/** Ready when nats-server takes the secret: INFO, CONNECT and PING, PONG. */
export function probeNats(port: number, token: string): Probe {
  return () =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      const end = (why: string | undefined): void => {
        socket.destroy();
        resolve(why);
      };
      let seen = '';
      socket.setTimeout(ANSWER_MS, () => end('it does not answer'));
      socket.on('error', () => end('it does not answer'));
      socket.on('close', () => end('it closed the connection'));
      socket.on('data', (chunk) => {
        seen += chunk.toString('latin1');
        if (seen.includes('PONG')) end(undefined);
        const refusal = /-ERR ([^\r\n]*)/.exec(seen)?.[1];
        if (refusal !== undefined) end(`it says ${refusal}`);
      });
      const settings = { auth_token: token, verbose: false, pedantic: false, name: 'amun up' };
      socket.write(`CONNECT ${JSON.stringify(settings)}\r\nPING\r\n`);
    });
}
