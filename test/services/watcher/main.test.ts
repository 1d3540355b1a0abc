import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bundlePrograms } from '../../bundle-programs.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'amun-watcher-'));
  await bundlePrograms(folder, { watcher: 'services/watcher/main.ts' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('says that it waits for a bus that does not answer, and ends in order on SIGTERM', async () => {
  const child = spawn(process.execPath, [path.join(folder, 'watcher.js')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      AMUN_DIR: folder,
      // A port that nobody listens on.
      AMUN_NATS_URL: 'nats://127.0.0.1:1',
      AMUN_LISTEN_PORT: '0',
    },
  });
  const exited = once(child, 'exit');
  try {
    const answer = await fetch(`http://127.0.0.1:${await portSaid(child.stdout!)}/healthz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, detail: 'waiting for the bus' });
  } finally {
    child.kill('SIGTERM');
  }
  expect(await exited).toEqual([0, null]);
});

/** The port of its health, by its log. */
async function portSaid(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface(output)) {
    const { port } = JSON.parse(line) as { port?: number };
    if (port !== undefined) return port;
  }
  throw new Error('It ended without a word.');
}
