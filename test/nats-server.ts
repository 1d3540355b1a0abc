import { jest } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface NatsServerOptions {
  /** Further lines of nats-server's configuration, for example "max_payload: 65536". */
  readonly configuration?: string;
}

/** A real nats-server with JetStream, on loopback, with its files in a folder of its own. */
export interface NatsServer {
  readonly url: string;
  readonly token: string;
  readonly port: number;
  /** Process id; undefined while it is not running. */
  readonly pid: number | undefined;
  /** Ends it with SIGTERM; its files stay. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL; its files stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port and files; resolves once it answers. */
  start(): Promise<void>;
  /** Forgets everything it stored. Only while it is not running. */
  wipe(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

const START_TIMEOUT_MS = 120_000;
/** Of each test: far more than it needs, for machines that are busy with other things. */
const TEST_TIMEOUT_MS = 300_000;

/** True where nats-server can be run. Where CI=true it must be: then this throws. */
export function hasNatsServer(): boolean {
  if (spawnSync('nats-server', ['--version']).status === 0) return true;
  if (process.env.CI === 'true') throw new Error('nats-server is missing; install nats-server.');
  return false;
}

/** `describe` for tests that need a nats-server: skipped, with a line that says so, without one. */
export function describeWithNats(name: string, tests: () => void): void {
  jest.setTimeout(TEST_TIMEOUT_MS);
  // Where CI=true it may not be missing: hasNatsServer throws then.
  if (hasNatsServer()) describe(name, tests);
  else describe.skip(`${name} (skipped: nats-server is not installed)`, tests);
}

/** Starts a nats-server on a free port. Call `remove` when done with it. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'amun-nats-'));
  const store = join(folder, 'store');
  const token = `secret-${folder.slice(-6)}`;
  const port = await freePort();
  const configuration = join(folder, 'nats.conf');
  await writeFile(
    configuration,
    `host: 127.0.0.1
port: ${port}
authorization { token: "${token}" }
jetstream { store_dir: "${store}", max_mem: 64MB, max_file: 4GB }
${options.configuration ?? ''}
`,
  );
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawn('nats-server', ['-c', configuration], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    started.stderr.on('data', (data: Buffer) => (output = (output + data.toString()).slice(-4000)));
    child = started;
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline && started.exitCode === null) {
      // "Server is ready" comes once JetStream has recovered its streams.
      if (output.includes('Server is ready') && (await answers(port))) return;
      await sleep(10);
    }
    await end('SIGKILL');
    throw new Error(`nats-server did not become ready: ${output}`);
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ended = child;
    child = undefined;
    if (ended === undefined || ended.exitCode !== null || ended.signalCode !== null) return;
    const exited = once(ended, 'exit');
    ended.kill(signal);
    await exited;
  }

  await start().catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    url: `nats://127.0.0.1:${port}`,
    token,
    port,
    get pid() {
      return child?.pid;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start,
    wipe: () => rm(store, { recursive: true, force: true }),
    async remove() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
