import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePorts } from '../../cli/up/free-ports.js';
import { probeHttp } from '../../cli/up/probe.js';

/** A node process with nothing in it but a listening server; arguments: port, answer. */
export const EMPTY_SERVER = `
  const answer = process.argv[2] ?? 'OK';
  require('node:http')
    .createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    })
    .listen(Number(process.argv[1]), '127.0.0.1');`;

/** The empty server at work. */
export interface EmptyServer {
  readonly pid: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the empty server; it answers everything with `answer`. */
export async function startEmptyServer(answer: string): Promise<EmptyServer> {
  const [port = 0] = await findFreePorts(1);
  const child = spawn(process.execPath, ['-e', EMPTY_SERVER, String(port), answer], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const probe = probeHttp(port, '/');
  while ((await probe()) !== undefined) {
    if (child.exitCode !== null) throw new Error('The empty server ended.');
    await sleep(5);
  }
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
