import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { openApi, type OpenApi } from '../../functions/open-api.js';
import { OPERATIONS } from '../../shared/api/api-document.js';
import { openStage, type Stage } from '../../shared/lifecycle/open-stage.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { serveHandler, type ServedHandler } from '../function-host/serve-handler.js';
import { openGateway, type OpenGateway } from './open-gateway.js';

const STACK = `
functions:
  echo:
    image: local/echo
    annotations: { topic: a.b }
`;

const isInstalled = spawnSync('faas-cli', ['version', '--short-version']).status === 0;
if (!isInstalled) process.stderr.write('faas-cli not found: its tests are skipped.\n');

const orSkip = isInstalled ? describe : describe.skip;

/** Runs it against a gateway; hands back what it printed to stdout. */
async function runFaas(url: string, args: string[], input = ''): Promise<string> {
  const { stdout } = await execa('faas-cli', [...args, '--gateway', url], {
    input,
    timeout: 60_000,
    cwd: tmpdir(),
  });
  return stdout;
}

orSkip('faas-cli', () => {
  let echo: ServedHandler;
  let gateway: OpenGateway;

  beforeAll(async () => {
    echo = await serveHandler((event) =>
      Promise.resolve(
        `${event.path} ${String(event.headers['content-type'])} ${String(event.body)}`,
      ),
    );
    gateway = await openGateway({ stack: STACK, functions: { echo: echo.url } });
    const line = { level: 30, time: Date.UTC(2026, 0, 1), name: 'echo', msg: 'hello' };
    await writeFile(path.join(gateway.logDirectory, 'echo.log'), `${JSON.stringify(line)}\n`);
  });
  afterAll(async () => {
    await gateway.close();
    await echo.close();
  });

  const faas = (args: string[], input = '') => runFaas(gateway.url, args, input);

  it('lists, describes and says the version', async () => {
    expect(await faas(['list'])).toMatch(/echo\s+0\s+1/);
    const described = await faas(['describe', 'echo']);
    expect(described).toMatch(/Status:\s+Ready/);
    expect(described).toMatch(/topic\s*: a\.b/);
    expect(await faas(['version', '--warn-update=false'])).toContain('amun');
    expect(await faas(['namespaces'])).toContain('openfaas-fn');
    expect(await faas(['secret', 'list'])).not.toMatch(/error/i);
    expect(await faas(['ready', '--attempts', '1'])).not.toMatch(/error/i);
  });

  it('invokes', async () => {
    expect(await faas(['invoke', 'echo'], 'hi')).toMatch(/^\/ text\/plain hi$/m);
    const json = ['--content-type', 'application/json'];
    expect(await faas(['invoke', 'echo', ...json], '{}')).toMatch(/^\/ application\/json {}$/m);
    await faas(['invoke', 'echo', '--async'], 'later');
    const message = gateway.bus.messages.at(-1)!;
    expect(message.subject).toBe('amun.async.echo');
    expect(Buffer.from(message.body).toString()).toBe('later');
  });

  it('reads logs', async () => {
    expect(await faas(['logs', 'echo', '--tail=false'])).toContain('"msg":"hello"');
  });
});

/** What is asked about an inspection and its first run, as the last part of a path. */
const READS = OPERATIONS.filter(
  ({ method, servedBy, path: name }) =>
    method === 'GET' && servedBy === 'status' && name.startsWith('/inspect/{id}/'),
).map(({ path: name }) => name.replace('/inspect/{id}/', '').replace('{item}', '0'));

orSkip('faas-cli with the functions', () => {
  const SPECIFICATION = {
    base: 'fedora:40',
    script: '#!/bin/sh\necho hello\n',
    identifier: 'faas',
  };
  let stage: Stage;
  let api: OpenApi;
  let id: string;

  beforeAll(async () => {
    stage = await openStage();
    api = await openApi(() => Promise.resolve(stage.ports));
    const answered = await askJson(['invoke', 'submit'], JSON.stringify(SPECIFICATION));
    id = String(answered['inspection_id']);
    await runUntilQuiet(stage);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  const faas = (args: string[], input?: string) => runFaas(api.url, args, input);
  async function askJson(args: string[], input?: string): Promise<Record<string, unknown>> {
    const said = await faas(args, input);
    // Where nobody ever logged in, a line about that comes first.
    return JSON.parse(said.replace(/^Failed to lookup auth config.*\n/, '')) as Record<
      string,
      unknown
    >;
  }

  it('lists the functions', async () => {
    const listed = await faas(['list']);
    expect(listed).toMatch(/^submit\s/m);
    expect(listed).toMatch(/^status\s/m);
    expect(await faas(['describe', 'status'])).toMatch(/Status:\s+Ready/);
  });

  it('submits a specification', async () => {
    expect(id).toBe((await stage.newest()).id);
    expect(id).toMatch(/^inspection-faas-/);
    const { json } = await api.call(`/inspect/${id}/specification`);
    expect(json()['specification']).toMatchObject(SPECIFICATION);
  });

  it('asks where an inspection stands', async () => {
    const query = ['--query', `inspection_id=${id}`];
    expect(await askJson(['invoke', 'status', ...query])).toMatchObject({
      inspection_id: id,
      phase: 'succeeded',
    });
    expect(await askJson(['invoke', 'status'])).toMatchObject({ inspections: [id], total: 1 });
    const filter = ['--query', 'identifier=other', '--query', 'details=true'];
    expect(await askJson(['invoke', 'status', ...filter])).toMatchObject({ items: [], total: 0 });
  });

  it.each(READS.filter((what) => what !== 'advice'))('asks for %s', async (what) => {
    const query = ['--query', `inspection_id=${id}`, '--query', `what=${what}`];
    const answered = await askJson(['invoke', 'status', ...query]);
    const { status, json } = await api.call(`/inspect/${id}/${what}`);
    expect(status).toBe(200);
    expect(answered).toEqual({ ...json(), parameters: answered['parameters'] });
  });

  it('fails where the function refuses', async () => {
    const query = ['--query', 'inspection_id=inspection-0000000000000000'];
    await expect(faas(['invoke', 'status', ...query])).rejects.toThrow(/404|NotFound/);
    await expect(faas(['invoke', 'submit'], '{}')).rejects.toThrow(/400|InvalidSpecification/);
    expect(await stage.records()).toHaveLength(1);
  });
});
