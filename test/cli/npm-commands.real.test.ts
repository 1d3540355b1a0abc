import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../../cli/up/free-ports.js';
import { asNumber, asObject } from '../../shared/json/read-json.js';
import { identifyProcess } from '../../shared/process/process-identity.js';
import { removeStackImages } from '../remove-stack-images.js';
import { requireTools } from '../require-tools.js';
import { waitUntil } from '../wait-until.js';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let port: string;
/** Of one test, by their ends. */
const running = new Map<ChildProcess, Promise<Ended>>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amun-npm-'));
  port = String((await findFreePorts(1))[0]);
});

afterEach(async () => {
  // What a test that failed has left would go on, and nobody would know of it.
  for (const [child, ended] of running) {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
  }
  running.clear();
  await removeStackImages(folder);
  await rm(folder, { recursive: true, force: true });
});

/** Starts a command as a user would; what it prints is in `seen` meanwhile. */
function start(command: string, words: readonly string[]) {
  const seen = { stdout: '', stderr: '' };
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (chunk: Buffer) => (seen.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (seen.stderr += chunk.toString()));
  const ended = once(child, 'exit').then(([code]): Ended => ({ code: code as number, ...seen }));
  running.set(child, ended);
  return { child, seen, ended };
}

/** The pid that `amun up` has noted in its state folder. */
function pidOfUp(): number {
  const noted: unknown = JSON.parse(readFileSync(join(folder, 'up.json'), 'utf8'));
  return asNumber(asObject(noted)['pid']) ?? 0;
}

requireTools(['podman', 'nats-server', 'debootstrap'])('the commands of the README', () => {
  it('npm start -- --once runs the example to its result and leaves nothing behind', async () => {
    const words = ['start', '--', '--once', '--dir', folder, '--port', port];
    const { code, stdout, stderr } = await start('npm', words).ended;
    expect(code === 0 ? 'ended well' : stderr).toBe('ended well');
    expect(stderr).toMatch(/inspection-hello-[0-9a-f]+ succeeded after/);
    expect(stdout).toMatch(/The script printed:\n\{"hello": "world"/);
    expect(existsSync(join(folder, 'up.json'))).toBe(false);
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  }, 900_000);

  it('npx amun up ends everything when npx is told to end', async () => {
    const npx = start('npx', ['amun', 'up', '--dir', folder, '--port', port]);
    await waitUntil(() => npx.seen.stdout.includes(`ready on http://127.0.0.1:${port}\n`), 240_000);
    const pid = pidOfUp();
    npx.child.kill('SIGTERM');
    await npx.ended;
    await waitUntil(() => identifyProcess(pid) === undefined, 60_000);
    expect(existsSync(join(folder, 'nats-server.json'))).toBe(false);
  }, 600_000);

  it('npm start says so where a stack is running already', async () => {
    const first = start('npx', ['amun', 'up', '--dir', folder, '--port', port]);
    await waitUntil(() => first.seen.stdout.includes('ready on'), 240_000);
    const words = ['start', '--', '--once', '--dir', folder, '--port', port];
    const { code, stderr } = await start('npm', words).ended;
    const pid = pidOfUp();
    first.child.kill('SIGTERM');
    await first.ended;
    await waitUntil(() => identifyProcess(pid) === undefined, 60_000);
    expect(code).toBe(1);
    expect(stderr).toContain(`is in use by \`amun up\` with pid ${pid}`);
  }, 600_000);
});
