import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftoverNats, forgetNats, rememberNats } from '../../../cli/up/leftover-nats.js';
import {
  prepareStack,
  readNatsToken,
  type StackDirectory,
} from '../../../cli/up/stack-directory.js';
import { findRunningStack, releaseStack, takeStack } from '../../../cli/up/stack-lock.js';
import { identifyProcess, isAlive } from '../../../shared/process/process-identity.js';
import { runCli } from '../run-cli.js';

let folder: string;
let stack: StackDirectory;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amun-up-'));
  stack = prepareStack(join(folder, 'state'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that lives until it is told otherwise. */
async function bystander(): Promise<{ pid: number; gone: Promise<unknown>; kill: () => void }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {},
  });
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  return { pid: child.pid!, gone, kill: () => void child.kill('SIGKILL') };
}

describe('prepareStack', () => {
  it('makes a folder and a secret for this user alone, once', () => {
    expect(statSync(stack.root).mode & 0o777).toBe(0o700);
    expect(statSync(stack.natsToken).mode & 0o777).toBe(0o600);
    const token = readNatsToken(stack);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(readNatsToken(prepareStack(stack.root))).toBe(token);
  });

  it('says what to do where the folder cannot be used', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => prepareStack(join(file, 'state'))).toThrow('name another one with --dir');
  });
});

describe('takeStack', () => {
  it('refuses a folder that a living process has, naming its pid and port', () => {
    takeStack(stack, 8123);
    expect(findRunningStack(stack)).toMatchObject({ pid: process.pid, port: 8123 });
    expect(() => takeStack(stack, 8124)).toThrow(
      new RegExp(`in use by .amun up. with pid ${process.pid}, on http://127.0.0.1:8123`),
    );
    releaseStack(stack);
    expect(findRunningStack(stack)).toBeUndefined();
    takeStack(stack, 8124);
  });

  it('takes over from one that is gone, also where its pid lives again', () => {
    const other = { pid: process.pid, started: 'another start', port: 8123 };
    writeFileSync(stack.lockFile, JSON.stringify(other));
    takeStack(stack, 8124);
    expect(findRunningStack(stack)?.port).toBe(8124);
  });

  it.each(['', '{', '{"pid": "x"}'])('takes over from an unreadable file: %j', (text) => {
    writeFileSync(stack.lockFile, text);
    takeStack(stack, 8124);
    expect(findRunningStack(stack)?.port).toBe(8124);
  });
});

describe('endLeftoverNats', () => {
  it('ends the one that was started here last', async () => {
    const nats = await bystander();
    rememberNats(stack, nats.pid);
    expect(await endLeftoverNats(stack)).toBe(nats.pid);
    await nats.gone;
    expect(await endLeftoverNats(stack)).toBeUndefined();
  });

  it('leaves a process alone that has its pid by chance', async () => {
    const other = await bystander();
    const identity = identifyProcess(other.pid)!;
    writeFileSync(stack.natsProcess, JSON.stringify({ ...identity, started: 'earlier' }));
    expect(await endLeftoverNats(stack)).toBeUndefined();
    expect(isAlive(identity)).toBe(true);
    other.kill();
    await other.gone;
  });

  it('forgets one that ended in order', () => {
    rememberNats(stack, process.pid);
    forgetNats(stack);
    expect(existsSync(stack.natsProcess)).toBe(false);
  });
});

describe('amun down', () => {
  it('says so where nothing runs', async () => {
    const { exitCode, stdout } = await runCli(['down', '--dir', stack.root]);
    expect([exitCode, stdout]).toEqual([
      0,
      `Nothing runs in ${stack.root}; name another folder with --dir.\n`,
    ]);
  });

  it('ends the running one and what it left behind', async () => {
    const [up, nats] = await Promise.all([bystander(), bystander()]);
    writeFileSync(stack.lockFile, JSON.stringify({ ...identifyProcess(up.pid), port: 1 }));
    rememberNats(stack, nats.pid);
    const { exitCode, stdout } = await runCli(['down', '--dir', stack.root, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      directory: stack.root,
      ended: { running: up.pid, killed: false, nats_server: nats.pid },
    });
    await Promise.all([up.gone, nats.gone]);
  });
});

describe('amun up', () => {
  it('says which option to use where the port is taken', async () => {
    const { createServer } = await import('node:net');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as { port: number }).port);
    const programs = join(folder, 'bin');
    const path = await fakeProgram(programs, 'nats-server');
    const words = ['up', '--dir', stack.root, '--port', port];
    const { exitCode, stderr } = await runCli(words, { environment: { PATH: path } });
    server.close();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is taken`);
    expect(stderr).toContain('--port');
    expect(existsSync(stack.lockFile)).toBe(false);
  });

  it.each(['x', '70000', '-1'])('refuses port %s', async (port) => {
    const { exitCode, stderr } = await runCli(['up', `--port=${port}`]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('0 to 65535');
  });
});

async function fakeProgram(directory: string, name: string): Promise<string> {
  const { mkdir, writeFile } = await import('node:fs/promises');
  await mkdir(directory);
  await writeFile(join(directory, name), '#!/bin/sh\n', { mode: 0o755 });
  return directory;
}
