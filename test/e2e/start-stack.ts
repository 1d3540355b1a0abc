import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStackImages } from '../remove-stack-images.js';
import { descendantsOf, type ProcessInfo } from './child-processes.js';

const CLI = join(process.cwd(), 'dist/cli/amun.js');

/** Less than hooks have: a test that gives up leaves what it has started. */
const READY_MS = 200_000;

/** A whole stack of its own: real processes, real nats-server, real container engine. */
export interface Stack {
  readonly url: string;
  readonly directory: string;
  readonly pid: number;
  /** A process of this stack, by a part of its command line; throws where there is not one. */
  find(part: string): ProcessInfo;
  /** Ends the stack and removes its state. */
  stop(): Promise<void>;
}

/** Starts `amun up` in a folder and on a port of its own; resolves when it says that it is ready. */
export async function startStack(environment: Record<string, string> = {}): Promise<Stack> {
  const directory = await mkdtemp(join(tmpdir(), 'amun-e2e-'));
  const port = await freePort();
  const child = spawn(process.execPath, [CLI, 'up', '--dir', directory, '--port', String(port)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await readyLine(child);
  const pid = child.pid ?? 0;
  return {
    url: `http://127.0.0.1:${port}`,
    directory,
    pid,
    find(part) {
      const found = descendantsOf(pid).find(({ command }) => command.includes(part));
      if (found === undefined) throw new Error(`No process of the stack has "${part}".`);
      return found;
    },
    async stop() {
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      await removeStackImages(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const tooLong = setTimeout(() => child.kill('SIGTERM'), READY_MS);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (!output.includes('ready on http://')) return;
      clearTimeout(tooLong);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(tooLong);
      reject(new Error(`amun up ended with ${String(code)} before it was ready:\n${output}`));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
