import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { waitUntil } from '../../../wait-until.js';

/** Inside the project, so that packages are found from there. */
const BUNDLE = path.resolve(`node_modules/.cache/amun-agent-${process.pid}.cjs`);

/** The agent as a process of its own, for tests that kill it. */
export class AgentProcess {
  private child: ChildProcess | undefined;

  constructor(private readonly directory: string) {}

  /** Makes one file of the agent's sources, once for all tests of this process. */
  static bundle(): void {
    buildSync({
      entryPoints: [path.resolve('services/local-cluster/main.ts')],
      outfile: BUNDLE,
      bundle: true,
      packages: 'external',
      platform: 'node',
      loader: { '.sh': 'text' },
      logLevel: 'error',
    });
  }

  static async removeBundle(): Promise<void> {
    await rm(BUNDLE, { force: true });
  }

  /** Starts it; resolves when it has found again what an earlier one left. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [BUNDLE], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, AMUN_DIR: this.directory, AMUN_LOG_LEVEL: 'info' },
    });
    this.child = child;
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    await waitUntil(() => output.includes('"msg":"ready"') || child.exitCode !== null, 180_000);
    if (child.exitCode !== null) throw new Error(`The agent ended: ${output}`);
  }

  /** kill -9, as the kernel or an impatient person does it. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends it and everything that it started. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
}

/** The process id that a file holds, as soon as it holds one. */
export async function pidIn(file: string): Promise<number> {
  let pid = 0;
  await waitUntil(async () => {
    pid = Number(await readFile(file, 'utf8').catch(() => ''));
    return pid > 0;
  });
  return pid;
}
