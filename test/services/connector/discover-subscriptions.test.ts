import { Agent } from 'undici';
import { discoverSubscriptions } from '../../../services/connector/discover-subscriptions.js';
import { listed, startScriptedGateway, type ScriptedGateway } from './scripted-gateway.js';

let gateway: ScriptedGateway;
const dispatcher = new Agent();

beforeAll(async () => {
  gateway = await startScriptedGateway([]);
});
afterAll(async () => {
  await dispatcher.destroy();
  await gateway.stop();
});

async function discover(functions: unknown, configured = {}): Promise<string[]> {
  gateway.functions = functions;
  const found = await discoverSubscriptions(gateway.url, configured, dispatcher);
  return found.map(({ functionName, subject }) => `${functionName} < ${subject}`);
}

it('finds topics by annotation, and a subject for asynchronous calls of each', async () => {
  expect(await discover([listed('a', 'x.y'), listed('b')])).toEqual([
    'a < x.y',
    'a < amun.async.a',
    'b < amun.async.b',
  ]);
});

it('takes several topics, and functions of other namespaces', async () => {
  const elsewhere = { name: 'c', namespace: 'dev', annotations: { topic: 'one, two' } };
  expect(await discover([elsewhere])).toEqual([
    'c.dev < one',
    'c.dev < two',
    'c.dev < amun.async.c',
  ]);
});

it('adds what is configured', async () => {
  expect(await discover([listed('a', 'x')], { a: 'x,y', b: 'z' })).toEqual([
    'a < x',
    'a < y',
    'a < amun.async.a',
    'b < z',
    'b < amun.async.b',
  ]);
});

it.each([401, 403])('goes by what is configured where the gateway answers %i', async (status) => {
  gateway.listStatus = status;
  try {
    expect(await discover([], { a: 'x' })).toEqual(['a < x', 'a < amun.async.a']);
    await expect(discover([])).rejects.toThrow(`${status}; name the topics in AMUN_TOPICS`);
    gateway.listStatus = 500;
    await expect(discover([], { a: 'x' })).rejects.toMatchObject({ code: 'Unavailable' });
  } finally {
    gateway.listStatus = 200;
  }
});

it('takes what the gateway says with care', async () => {
  const wrong = [
    null,
    1,
    'x',
    {},
    { name: 5 },
    { name: '../system' },
    { name: 'A/b' },
    { name: '' },
  ];
  expect(await discover(wrong)).toEqual([]);
  const topics = ['a.*', '>', 'a..b', ' ', 'a b', '.a', 'x'.repeat(201)];
  for (const topic of topics) {
    expect(await discover([listed('fn', topic)])).toEqual(['fn < amun.async.fn']);
  }
  expect(await discover([{ name: 'fn', annotations: { topic: 7 } }])).toEqual([
    'fn < amun.async.fn',
  ]);
});

it.each([[{ functions: [] }], ['text'], [null]])(
  'says so where it is no list: %j',
  async (answer) => {
    await expect(discover(answer)).rejects.toMatchObject({ code: 'Unavailable' });
  },
);

it('names consumers so that no two are the same, and each stays the same', async () => {
  gateway.functions = [listed('a', 'b-c'), listed('a-b', 'c'), listed('a', 'b.c')];
  const names = async () =>
    (await discoverSubscriptions(gateway.url, {}, dispatcher)).map(({ consumer }) => consumer);
  const first = await names();
  expect(first).toEqual(await names());
  expect(new Set(first).size).toBe(first.length);
  for (const name of first) expect(name).toMatch(/^[\w-]{1,120}$/);
});
