import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundlePrograms } from '../../bundle-programs.js';
import { describeWithNats, startNatsServer, type NatsServer } from '../../nats-server.js';
import { waitUntil } from '../../wait-until.js';

const SERVICES = ['function-host', 'gateway', 'connector'] as const;

const STACK = `
functions:
  taker:
    image: \${REGISTRY:-local}/taker
    annotations: { topic: amun.build.complete }
`;

const TAKER = `
const taken = [];
module.exports = async (event, context) => {
  if (event.method === 'GET') return taken;
  taken.push([event.path, event.headers['x-topic'], String(event.body)]);
  console.log(JSON.stringify({ level: 30, time: Date.now(), name: 'taker', msg: 'took one' }));
  return 'ok';
};`;

describeWithNats('gateway, connector and function host as processes', () => {
  let folder: string;
  let nats: NatsServer;
  let gatewayUrl: string;
  let environment: Record<string, string>;
  let runTaker: () => void;
  const children = new Map<string, ChildProcess>();

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'amun-services-'));
    await mkdir(path.join(folder, 'taker'));
    await mkdir(path.join(folder, 'dir', 'logs'), { recursive: true });
    await writeFile(path.join(folder, 'stack.yml'), STACK);
    await writeFile(path.join(folder, 'taker', 'handler.js'), TAKER);
    await writeFile(path.join(folder, 'package.json'), '{"type":"commonjs"}');
    const sources = SERVICES.map((name) => [name, `services/${name}/main.ts`]);
    await bundlePrograms(folder, Object.fromEntries(sources) as Record<string, string>);
    nats = await startNatsServer();
    const [port = 0, functionPort = 0] = await freePorts(2);
    gatewayUrl = `http://127.0.0.1:${port}`;
    environment = {
      PATH: process.env['PATH'] ?? '',
      AMUN_DIR: path.join(folder, 'dir'),
      AMUN_NATS_URL: nats.url,
      AMUN_NATS_TOKEN: nats.token,
      AMUN_PORT: String(port),
      AMUN_GATEWAY_URL: gatewayUrl,
      AMUN_FUNCTIONS: `taker=http://127.0.0.1:${functionPort}`,
    };
    runTaker = () =>
      run('taker', ['function-host.js', 'taker/handler.js'], {
        AMUN_LISTEN_PORT: `${functionPort}`,
      });
    runTaker();
    run('gateway', ['gateway.js', path.join(folder, 'stack.yml')]);
    run('connector', ['connector.js']);
    await waitUntil(async () => (await ask('/readiness')).status === 200);
  });

  afterAll(async () => {
    for (const child of children.values()) child.kill('SIGKILL');
    await nats.remove();
    await rm(folder, { recursive: true, force: true });
  });

  function run(name: string, args: string[], own: Record<string, string> = {}): void {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...environment, ...own },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child.stdout?.pipe(createWriteStream(path.join(folder, 'dir', 'logs', `${name}.log`)));
    children.set(name, child);
  }

  async function killed(name: string): Promise<void> {
    const child = children.get(name)!;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async function ask(
    target: string,
    init: RequestInit = {},
  ): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(`${gatewayUrl}${target}`, init);
      return { status: response.status, text: await response.text() };
    } catch {
      return { status: 0, text: '' };
    }
  }

  it('carries an asynchronous call to its function', async () => {
    const call = { method: 'POST', body: 'hello' };
    const { status } = await ask('/async-function/taker.openfaas-fn/deep?x=1', call);
    expect(status).toBe(202);
    await waitUntil(async () => (await ask('/function/taker')).text.includes('hello'));
    expect(JSON.parse((await ask('/function/taker')).text)).toEqual([
      ['/deep', 'amun.async.taker', 'hello'],
    ]);
  });

  it('keeps one for a function that was killed until it is back', async () => {
    await killed('taker');
    const { status } = await ask('/async-function/taker', { method: 'POST', body: 'later' });
    expect(status).toBe(202);
    runTaker();
    await waitUntil(async () => (await ask('/function/taker')).text.includes('later'));
  });

  it('keeps one for a connector that was killed until it is back', async () => {
    await killed('connector');
    const { status } = await ask('/async-function/taker', { method: 'POST', body: 'at last' });
    expect(status).toBe(202);
    run('connector', ['connector.js']);
    await waitUntil(async () => (await ask('/function/taker')).text.includes('at last'));
  });

  it('shows it in the logs, the list and the metrics', async () => {
    const logs = await ask('/system/logs?name=taker&follow=false');
    expect(logs.text).toContain('took one');
    const [taker] = JSON.parse((await ask('/system/functions')).text) as Record<string, unknown>[];
    expect(taker).toMatchObject({ name: 'taker', image: 'local/taker', availableReplicas: 1 });
    expect(Number(taker?.['invocationCount'])).toBeGreaterThan(0);
    const metrics = (await ask('/metrics')).text;
    expect(metrics).toContain(
      'gateway_function_invocation_total{function_name="taker.openfaas-fn"',
    );
    expect(metrics).toContain('process_resident_memory_bytes');
  });

  it('ends each in order on SIGTERM', async () => {
    for (const name of ['connector', 'gateway', 'taker']) {
      const child = children.get(name)!;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      expect([name, (await exited)[0]]).toEqual([name, 0]);
    }
  });
});

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
