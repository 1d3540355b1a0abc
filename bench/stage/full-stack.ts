import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePorts } from '../../cli/up/free-ports.js';
import { locateStack, readNatsToken } from '../../cli/up/stack-directory.js';
import { callEngine } from '../../shared/cluster/local/engine/call-engine.js';
import type { Engine } from '../../shared/cluster/local/engine/engine.js';
import { findEngine } from '../../shared/cluster/local/engine/find-engine.js';
import type { ImageRecord } from '../../shared/cluster/local/image-record.js';
import { layoutOf } from '../../shared/cluster/local/layout.js';
import { descendantsOf } from '../measure/process-usage.js';
import { CLI } from './programs.js';
import { makeTemporaryFolder } from './temporary-folder.js';

/** A process of a stack by its name: "submit", "gateway", "nats-server", "amun up". */
export interface NamedProcess {
  readonly name: string;
  readonly pid: number;
}

/** `amun up` with everything that belongs to it. */
export interface FullStack {
  readonly directory: string;
  readonly url: string;
  /** Where its nats-server is; another port after each start. */
  nats(): Promise<{ url: string; token: string }>;
  /** The container engine that it works with. */
  engine(): Promise<Engine>;
  processes(): NamedProcess[];
  /** SIGKILL for every process of it, at once; containers go on. */
  kill(): Promise<void>;
  /** Starts it again; resolves when it says that it is ready. */
  start(): Promise<void>;
  /** Ends it, and removes its state and the images that it built. */
  close(): Promise<void>;
}

/** Starts a stack in a folder and on a port of its own; `environment` beside this process' own. */
export async function startStack(
  environment: Readonly<Record<string, string>> = {},
): Promise<FullStack> {
  const folder = await makeTemporaryFolder();
  const directory = folder.path;
  const [port = 0] = await findFreePorts(1);
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [CLI, 'up', '--dir', directory, '--port', String(port)], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await readyLine(child);
  };
  const end = async (): Promise<void> => {
    if (child === undefined || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  const processes = (): NamedProcess[] => {
    const pid = child?.pid ?? 0;
    return [{ name: 'amun up', pid }, ...descendantsOf(pid).flatMap(nameProcess)];
  };
  const engine = (): Promise<Engine> => findEngine(layoutOf(directory), {});
  const close = async (): Promise<void> => {
    await end();
    await removeImages(directory, engine);
    await folder.close();
  };
  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    directory,
    url: `http://127.0.0.1:${port}`,
    nats: () => readNats(directory),
    engine,
    processes,
    async kill() {
      // The supervisor first, or it would start again what is killed.
      for (const { pid } of processes()) killNow(pid);
      if (child !== undefined && !hasEnded(child)) await once(child, 'exit');
    },
    start,
    close,
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-10_000);
      if (output.includes('ready on http://')) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      reject(new Error(`amun up ended with ${String(code)} before it was ready:\n${output}`));
    });
  });
}

/** Containers' processes are no part of the stack. */
function nameProcess({ pid, command }: { pid: number; command: string }): NamedProcess[] {
  const name =
    /functions\/([\w-]+)\/handler\.js/.exec(command)?.[1] ??
    /dist\/services\/([\w-]+)\.js/.exec(command)?.[1] ??
    (/^\S*nats-server /.test(command) ? 'nats-server' : undefined);
  return name === undefined ? [] : [{ name, pid }];
}

async function readNats(directory: string): Promise<{ url: string; token: string }> {
  const stack = locateStack(directory);
  const address = /^listen: "(.*)"$/m.exec(await readFile(stack.natsConfig, 'utf8'))?.[1];
  return { url: `nats://${address ?? ''}`, token: readNatsToken(stack) };
}

async function removeImages(directory: string, engine: () => Promise<Engine>): Promise<void> {
  const folder = join(layoutOf(directory).root, 'images');
  const names = await readdir(folder).catch(() => []);
  const records = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const tags = records.map((text) => (JSON.parse(text) as ImageRecord).tag);
  if (tags.length > 0) await callEngine(await engine(), ['rmi', '--force', ...tags]);
}
