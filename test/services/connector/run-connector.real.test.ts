import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../../../shared/bus/connect-nats.js';
import type { Bus } from '../../../shared/bus/port.js';
import { createBuildComplete } from '../../../shared/events/create-event.js';
import { SUBJECTS, type AmunEvent } from '../../../shared/events/event.js';
import type { ConnectorOptions } from '../../../services/connector/run-connector.js';
import { describeWithNats, startNatsServer, type NatsServer } from '../../nats-server.js';
import { patientBus } from '../../patient-jetstream.js';
import { waitUntil } from '../../wait-until.js';
import { listed, startScriptedGateway, type ScriptedGateway } from './scripted-gateway.js';
import { startConnector, type RunningConnector } from './start-connector.js';

const COUNT = 120;
/** How many events one connector has in hand at most. */
const AT_ONCE = 4;

/** Which build a delivered event is about: its number. */
function numberOf(body: string): number {
  return Number((JSON.parse(body) as AmunEvent).subject.split('-')[2]);
}

/** How many events it has brought to the function. */
async function delivered(connector: RunningConnector): Promise<number> {
  const metrics = await connector.metrics();
  return Number(/delivered_total\{function="taker"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}

function anEvent(number: number): AmunEvent {
  return createBuildComplete(`build-${'c'.repeat(32)}-${number}`);
}

describeWithNats('the connector on a real bus', () => {
  let nats: NatsServer;
  let gateway: ScriptedGateway;
  const connections: NatsConnection[] = [];
  const connectors: RunningConnector[] = [];

  beforeEach(async () => {
    nats = await startNatsServer();
    gateway = await startScriptedGateway([listed('taker', SUBJECTS.buildComplete)]);
  });
  afterEach(async () => {
    await Promise.all(connectors.splice(0).map((each) => each.stop()));
    await Promise.all(connections.splice(0).map((each) => each.close()));
    await gateway.stop();
    await nats.remove();
  });

  async function openBus(): Promise<Bus> {
    const connection = await connectNats({ ...nats, name: 'test' });
    connections.push(connection);
    return patientBus(connection);
  }

  async function connect(choices: Partial<ConnectorOptions> = {}): Promise<RunningConnector> {
    const options = { ackWaitMs: 2_000, ...choices };
    const connector = startConnector(await openBus(), gateway.url, options);
    connectors.push(connector);
    return connector;
  }

  async function deadLetters(bus: Bus, count: number): Promise<AmunEvent[]> {
    const found: AmunEvent[] = [];
    const stop = new AbortController();
    const options = { concurrency: 1, ackWaitMs: 10_000, signal: stop.signal };
    const consuming = bus.consume(
      { ...options, name: 'dead-letters', subject: SUBJECTS.deadLetter },
      ({ body }) => {
        found.push(JSON.parse(Buffer.from(body).toString()) as AmunEvent);
        return Promise.resolve({ kind: 'ack' });
      },
    );
    await waitUntil(() => found.length >= count);
    // One too many would be here by now, too.
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop.abort();
    await consuming;
    return found;
  }

  it('shares the work of two, and each event is taken once', async () => {
    const bus = await openBus();
    let letGo: () => void = () => undefined;
    const bothHaveOne = new Promise<void>((resolve) => (letGo = resolve));
    gateway.reply = () => (response) => {
      if (gateway.calls.length > AT_ONCE) letGo();
      void bothHaveOne.then(() => response.end());
    };
    // Nobody is called a second time because an answer took long.
    const patience = { concurrency: AT_ONCE, ackWaitMs: 60_000, callTimeoutMs: 60_000 };
    const both = [await connect(patience), await connect(patience)];
    await Promise.all(Array.from({ length: COUNT }, (_, i) => bus.publish(anEvent(i + 1))));
    let counts: number[] = [];
    await waitUntil(async () => {
      counts = await Promise.all(both.map(delivered));
      return counts[0]! + counts[1]! >= COUNT;
    });
    // One too many would be here by now, too.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const taken = gateway.calls.map(({ body }) => numberOf(body)).sort((a, b) => a - b);
    expect(taken).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1));
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(counts[0]! + counts[1]!).toBe(COUNT);
  });

  it('loses nothing, whatever the function answers, when the bus is killed on the way', async () => {
    const bus = await openBus();
    const accepted = new Set<number>();
    gateway.reply = ({ body, headers }) => {
      const number = numberOf(body);
      if (number % 10 === 0) return 400;
      if (number % 3 === 0 && headers['x-attempt'] === '1') return number % 2 === 0 ? 500 : 429;
      return (response) =>
        void setTimeout(() => {
          accepted.add(number);
          response.end();
        }, 15);
    };
    await connect();
    await connect();
    const publishing = Promise.all(
      Array.from({ length: COUNT }, (_, i) => bus.publish(anEvent(i + 1))),
    );
    await waitUntil(() => accepted.size > COUNT / 6);
    await nats.kill();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await nats.start();
    await publishing;
    await waitUntil(() => accepted.size === COUNT * 0.9, 120_000);
    const letters = await deadLetters(bus, COUNT / 10);
    expect(
      letters.map(({ data }) => numberOf(data['body'] as string)).sort((a, b) => a - b),
    ).toEqual(Array.from({ length: COUNT / 10 }, (_, i) => (i + 1) * 10));
  }, 300_000);

  it('gives a message to another when one is gone without a word', async () => {
    const bus = await openBus();
    gateway.reply = () => (response) => {
      if (gateway.calls.length > 1) response.end();
    };
    await connect();
    await bus.publish(anEvent(1));
    await waitUntil(() => gateway.calls.length === 1);
    // As good as killed: the connection is gone, nothing was acknowledged.
    await connections.at(-1)?.close();
    await connect();
    await waitUntil(() => gateway.calls.length === 2);
    expect(gateway.calls[1]?.headers['x-attempt']).toBe('2');
    expect(gateway.calls[1]?.body).toBe(gateway.calls[0]?.body);
  });
});
