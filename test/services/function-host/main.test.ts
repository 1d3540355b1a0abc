import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { request } from 'undici';
import { bundlePrograms } from '../../bundle-programs.js';

let folder: string;
let host: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'amun-host-'));
  host = path.join(folder, 'function-host.js');
  await bundlePrograms(folder, { 'function-host': 'services/function-host/main.ts' });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Host {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<unknown[]>;
}

async function start(name: string, source: string, environment = {}): Promise<Host> {
  const bundle = path.join(folder, name, 'handler.js');
  await mkdir(path.dirname(bundle), { recursive: true });
  await writeFile(bundle, source);
  const child = spawn(process.execPath, [host, bundle], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], AMUN_LISTEN_PORT: '0', ...environment },
  });
  children.push(child);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, exited: once(child, 'exit') };
}

async function portOf(started: Host): Promise<number> {
  for (;;) {
    const port = /serving on port (\d+)/.exec(started.output())?.[1];
    if (port !== undefined) return Number(port);
    await Promise.race([once(started.child.stdout!, 'data'), started.exited]);
    if (started.child.exitCode !== null) throw new Error(started.output());
  }
}

const SLOW = `module.exports = async (event, context) => {
  if (event.path === '/quick') return 'quick';
  console.log('in hand');
  await new Promise((resolve) => setTimeout(resolve, 400));
  return context.status(201).succeed('done ' + event.body);
};`;

it('serves a bundle, and finishes what is in hand on SIGTERM', async () => {
  const started = await start('slow', SLOW);
  const url = `http://127.0.0.1:${await portOf(started)}`;
  expect(await (await request(`${url}/quick`)).body.text()).toBe('quick');
  const answer = request(url, { method: 'POST', body: 'work' });
  while (!started.output().includes('in hand')) await once(started.child.stdout!, 'data');
  started.child.kill('SIGTERM');
  const { statusCode, body } = await answer;
  expect([statusCode, await body.text()]).toEqual([201, 'done work']);
  expect((await started.exited)[0]).toBe(0);
  await expect(request(`${url}/quick`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('ends with the process that started it', async () => {
  const started = await start('orphan', SLOW);
  await portOf(started);
  started.child.disconnect();
  expect((await started.exited)[0]).toBe(0);
});

it('takes its limits from the variables that OpenFaaS sets', async () => {
  const started = await start('limited', SLOW, { MAX_RAW_SIZE: '10b', exec_timeout: '50ms' });
  const url = `http://127.0.0.1:${await portOf(started)}`;
  const large = await request(url, { method: 'POST', body: 'x'.repeat(11) });
  expect(large.statusCode).toBe(413);
  await large.body.dump();
  const late = await request(url, { method: 'POST', body: 'x' });
  expect(late.statusCode).toBe(504);
  await late.body.dump();
  started.child.kill('SIGTERM');
  expect((await started.exited)[0]).toBe(0);
});

it.each([
  ['no function', 'exports.default = async () => {};', 'module.exports ='],
  ['a throw', 'throw new Error("broken bundle");', 'broken bundle'],
])('says why a bundle cannot be served: %s', async (_, source, sentence) => {
  const started = await start('broken', source);
  expect((await started.exited)[0]).toBe(1);
  const line = JSON.parse(started.output().trim()) as { name: string; err: { message: string } };
  expect(line.name).toBe('broken');
  expect(line.err.message).toContain(sentence);
});
