import { SUBJECTS, type AmunEvent } from '../../../shared/events/event.js';
import { createBuildComplete } from '../../../shared/events/create-event.js';
import { createMemoryBus, type MemoryBus } from '../../fakes/memory-bus.js';
import { waitUntil } from '../../wait-until.js';
import { listed, startScriptedGateway, type ScriptedGateway } from './scripted-gateway.js';
import { startConnector, type RunningConnector } from './start-connector.js';

const TOPIC = SUBJECTS.buildComplete;
const BUILD = `build-${'a'.repeat(32)}-1`;

let bus: MemoryBus;
let gateway: ScriptedGateway;
const connectors: RunningConnector[] = [];

beforeEach(async () => {
  bus = createMemoryBus();
  gateway = await startScriptedGateway([listed('taker', TOPIC), listed('other')]);
});
afterEach(async () => {
  await Promise.all(connectors.splice(0).map((each) => each.stop()));
  await gateway.stop();
});

type Choices = Parameters<typeof startConnector>[2];

function connect(choices?: Choices): RunningConnector {
  const connector = startConnector(bus, gateway.url, choices);
  connectors.push(connector);
  return connector;
}

const deadLetters = (): AmunEvent[] =>
  bus.events.filter(({ type }) => type === SUBJECTS.deadLetter);

it('hands an event to the function of its topic, as it is', async () => {
  const connector = connect();
  const event = createBuildComplete(BUILD);
  await bus.publish(event);
  await waitUntil(() => gateway.calls.length === 1);
  const [call] = gateway.calls;
  expect(call).toMatchObject({
    url: '/function/taker',
    body: JSON.stringify(event),
    headers: {
      'content-type': 'application/cloudevents+json',
      'x-topic': TOPIC,
      'x-connector': 'amun-connector',
      'x-attempt': '1',
    },
  });
  await waitUntil(async () =>
    /amun_connector_delivered_total\{function="taker"\} 1/.test(await connector.metrics()),
  );
  expect(await connector.metrics()).toContain('amun_connector_in_hand{function="taker"} 0');
  expect(await connector.metrics()).toContain(
    'amun_connector_age_seconds_count{function="taker"} 1',
  );
  expect(connector.health).toEqual({ ready: true, detail: '3 subscriptions' });
});

it.each([500, 503, 429, 408])('tries again after %i, counting the tries', async (status) => {
  gateway.reply = () => (gateway.calls.length < 3 ? status : 200);
  const connector = connect();
  await bus.publish(createBuildComplete(BUILD));
  await waitUntil(async () =>
    /delivered_total\{function="taker"\} 1/.test(await connector.metrics()),
  );
  expect(gateway.calls.map(({ headers }) => headers['x-attempt'])).toEqual(['1', '2', '3']);
  expect(await connector.metrics()).toContain('amun_connector_retried_total{function="taker"} 2');
  expect(deadLetters()).toEqual([]);
});

it('obeys Retry-After', async () => {
  const times: number[] = [];
  gateway.reply = () => (response) => {
    times.push(Date.now());
    response.writeHead(times.length === 1 ? 503 : 200, { 'retry-after': '1' }).end();
  };
  connect();
  await bus.publish(createBuildComplete(BUILD));
  await waitUntil(() => times.length === 2);
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
});

it.each([400, 404, 422, 302])('gives up at once on %i, with a dead letter', async (status) => {
  gateway.reply = () => status;
  const connector = connect();
  const event = createBuildComplete(BUILD);
  await bus.publish(event);
  await waitUntil(() => deadLetters().length === 1);
  expect(deadLetters()[0]).toMatchObject({
    subject: 'taker',
    data: {
      function: 'taker',
      topic: TOPIC,
      attempts: 1,
      status,
      answer: `answer ${status}`,
      reason: `The function answered ${status}, which no further try would change.`,
      body: JSON.stringify(event),
      truncated: false,
    },
  });
  await waitUntil(async () => /dead_total\{function="taker"\} 1/.test(await connector.metrics()));
  expect(gateway.calls).toHaveLength(1);
});

it('gives up after the last try, bounding what the function said', async () => {
  gateway.reply = () => (response) => void response.writeHead(500).end('x'.repeat(100_000));
  connect();
  await bus.publish(createBuildComplete(BUILD));
  await waitUntil(() => deadLetters().length === 1);
  expect(gateway.calls).toHaveLength(4);
  expect(deadLetters()[0]?.data).toMatchObject({ attempts: 4, status: 500 });
  expect(deadLetters()[0]?.data['answer']).toHaveLength(4096);
});

it('keeps a message whose dead letter cannot be stored', async () => {
  let refused = 0;
  const failing = {
    ...bus,
    publish: (event: AmunEvent) => {
      if (event.type !== SUBJECTS.deadLetter || refused > 0) return bus.publish(event);
      refused += 1;
      return Promise.reject(new Error('the bus is full'));
    },
  };
  gateway.reply = () => 400;
  const connector = startConnector(failing, gateway.url);
  connectors.push(connector);
  await bus.publish(createBuildComplete(BUILD));
  await waitUntil(() => deadLetters().length === 1);
  expect(refused).toBe(1);
  expect(gateway.calls).toHaveLength(2);
});

it('takes a slow function for one that is at work, and one that is too slow for a failure', async () => {
  gateway.reply = () => (response) => void setTimeout(() => response.end('late'), 700);
  connect({ ackWaitMs: 300, callTimeoutMs: 5_000 });
  await bus.publish(createBuildComplete(BUILD));
  await waitUntil(() => gateway.calls.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(gateway.calls).toHaveLength(1);

  connect({ callTimeoutMs: 100, topics: { other: SUBJECTS.jobComplete } });
  gateway.functions = [listed('other')];
  const late = bus.publish({ ...createBuildComplete(BUILD), id: 'j', type: SUBJECTS.jobComplete });
  await late;
  await waitUntil(() => deadLetters().length > 0);
  expect(deadLetters()[0]?.data['reason']).toContain('did not answer in time');
});

it('waits for a gateway that is away, without using up tries', async () => {
  const connector = connect();
  await waitUntil(() => connector.health.ready);
  await gateway.stop();
  await bus.publish(createBuildComplete(BUILD));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(deadLetters()).toEqual([]);
  await gateway.start();
  await waitUntil(() => gateway.calls.length === 1);
  expect(gateway.calls[0]?.headers['x-attempt']).toBe('1');
});

it('tries again when a call breaks off', async () => {
  gateway.reply = () => (response) => {
    if (gateway.calls.length < 2) response.socket?.destroy();
    else response.end();
  };
  connect();
  await bus.publish(createBuildComplete(BUILD));
  await waitUntil(() => gateway.calls.length === 2);
  expect(gateway.calls[1]?.headers['x-attempt']).toBe('2');
});

it('follows the functions as they come and go', async () => {
  gateway.functions = [];
  const connector = connect();
  await bus.publish(createBuildComplete(BUILD));
  await waitUntil(() => connector.health.ready);
  gateway.functions = [listed('late-comer', TOPIC)];
  await waitUntil(() => gateway.calls.length === 1);
  expect(gateway.calls[0]?.url).toBe('/function/late-comer');
  gateway.functions = [];
  await waitUntil(() => connector.health.detail === '0 subscriptions');
  await bus.publish({ ...createBuildComplete(BUILD), id: 'second' });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(gateway.calls).toHaveLength(1);
});

it('finishes what is in hand when it is told to stop, and takes nothing more', async () => {
  let answered = 0;
  gateway.reply = () => (response) =>
    void setTimeout(() => {
      answered += 1;
      response.end();
    }, 300);
  const connector = connect({ concurrency: 1 });
  await bus.publish(createBuildComplete(BUILD));
  await bus.publish({ ...createBuildComplete(BUILD), id: 'second' });
  await waitUntil(() => gateway.calls.length === 1);
  await connector.stop();
  expect([gateway.calls.length, answered]).toEqual([1, 1]);
});

it('makes asynchronous calls with their path, type and id', async () => {
  connect();
  await bus.publishRaw('amun.async.other', Buffer.from([0, 255, 10]), {
    headers: {
      'X-Path': '/a/../b?c=d',
      'X-Call-Id': 'call-1',
      'X-Start-Time': '1700000000000000000',
      'Content-Type': 'application/octet-stream',
    },
  });
  await waitUntil(() => gateway.calls.length === 1);
  expect(gateway.calls[0]).toMatchObject({
    url: '/function/other/a/../b?c=d',
    headers: { 'x-call-id': 'call-1', 'content-type': 'application/octet-stream' },
  });
  gateway.reply = () => 400;
  await bus.publishRaw('amun.async.other', Buffer.from([0, 255, 10]));
  await waitUntil(() => deadLetters().length === 1);
  expect(deadLetters()[0]?.data).toMatchObject({
    topic: 'amun.async.other',
    encoding: 'base64',
    body: 'AP8K',
  });
});
