import { readFileSync } from 'node:fs';
import { serveHandler, type ServedHandler } from '../function-host/serve-handler.js';
import { openGateway, type OpenGateway } from './open-gateway.js';

let status: ServedHandler;
let gateway: OpenGateway;

beforeAll(async () => {
  status = await serveHandler(() => Promise.resolve('ok'));
  gateway = await openGateway({
    stack: readFileSync('stack.yml', 'utf8'),
    functions: { status: status.url, submit: 'http://127.0.0.1:1' },
  });
});
afterAll(async () => {
  await gateway.close();
  await status.close();
});

interface Described {
  name: string;
  invocationCount: number;
  replicas: number;
}

async function list(): Promise<Described[]> {
  return JSON.parse((await gateway.call('/system/functions')).text) as Described[];
}

it('lists what stack.yml declares, and who of them is up', async () => {
  const functions = await list();
  expect(functions.map(({ name, replicas }) => [name, replicas])).toEqual([
    ['submit', 0],
    ['on-build-complete', 0],
    ['on-job-complete', 0],
    ['status', 1],
  ]);
  expect(functions.find(({ name }) => name === 'on-job-complete')).toEqual({
    name: 'on-job-complete',
    image: 'localhost:5000/amun-on-job-complete:latest',
    namespace: 'openfaas-fn',
    envProcess: '',
    labels: {
      app: 'amun',
      'com.openfaas.scale.min': '2',
      'com.openfaas.scale.zero': 'false',
    },
    annotations: {
      topic: 'amun.job.complete',
      'com.openfaas.serviceaccount': 'amun-on-job-complete',
    },
    invocationCount: 0,
    replicas: 0,
    availableReplicas: 0,
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
  });
});

it('knows one namespace', async () => {
  expect((await gateway.call('/system/namespaces')).text).toBe('["openfaas-fn"]');
  expect((await gateway.call('/system/functions?namespace=other')).text).toBe('[]');
  const named = await gateway.call('/system/functions?namespace=openfaas-fn');
  expect(JSON.parse(named.text)).toHaveLength(4);
});

it('describes one, with the count of its calls', async () => {
  const before = (await gateway.call('/system/function/status?usage=1')).json();
  await gateway.call('/function/status');
  const after = (await gateway.call('/system/function/status')).json();
  expect(after).toMatchObject({ name: 'status', availableReplicas: 1, annotations: {} });
  expect(after['invocationCount']).toBe(Number(before['invocationCount']) + 1);
  const counted = (await list()).find(({ name }) => name === 'status');
  expect(counted?.invocationCount).toBe(after['invocationCount']);
  const missing = await gateway.call('/system/function/nobody');
  expect([missing.status, missing.json()['code']]).toEqual([404, 'NotFound']);
});

it('says what it is', async () => {
  expect((await gateway.call('/system/info')).json()).toEqual({
    provider: {
      provider: 'amun',
      orchestration: 'local',
      version: { sha: '', release: '1.2.3' },
    },
    version: { sha: '', release: '1.2.3', commit_message: '' },
    arch: process.arch === 'x64' ? 'x86_64' : process.arch,
  });
  expect((await gateway.call('/system/secrets')).text).toBe('[]');
  expect((await gateway.call('/healthz')).json()).toEqual({ status: 'ok', version: '1.2.3' });
  expect((await gateway.call('/')).json()).toMatchObject({ name: 'amun' });
});

it('names who is missing where it is not ready', async () => {
  const { status: code, json } = await gateway.call('/readiness');
  expect(code).toBe(503);
  expect(json()['error']).toContain('function submit');
  expect(json()['error']).not.toContain('function status');
});

it.each(['POST', 'PUT', 'DELETE'])('deploys nothing: %s is refused', async (method) => {
  const { status: code, headers } = await gateway.call('/system/functions', {
    method,
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect([code, headers['allow']]).toEqual([405, 'GET']);
});
