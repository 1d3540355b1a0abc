import {
  AckPolicy,
  DeliverPolicy,
  type ConsumerConfig,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos, type Msg, type NatsConnection } from '@nats-io/transport-node';

/** The server itself removes a consumer after this time that could not be removed here. */
const CONSUMER_AGE_MS = 10_000;
/** How long a message is awaited that was counted and is gone, and the server did not say so. */
const PATIENCE_MS = 500;

/** What the server says in place of a message where there is none; anything else is trouble. */
const NOTHING_MORE = [404, 408];

/** A consumer that reads a stream once, in order, and acknowledges nothing. */
export interface ShortConsumer {
  readonly name: string;
  /** Messages that it had before it when it was made. */
  readonly pending: number;
}

/** Messages in order, and how many there are behind them. */
export interface Batch {
  readonly messages: readonly Msg[];
  readonly unread: number;
  /** True where fewer came in time than were counted, and the server did not say that they are gone. */
  readonly isCut: boolean;
}

/** Where a message stands in its stream, and among those delivered (from 1). */
export interface Delivery {
  readonly sequence: number;
  readonly delivered: number;
  /** Messages behind it. */
  readonly pending: number;
}

/** Makes a consumer that begins at a sequence, that one included. Remove it when done. */
export async function openConsumer(
  manager: JetStreamManager,
  stream: string,
  from: number,
): Promise<ShortConsumer> {
  const config: Partial<ConsumerConfig> = {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
    ack_policy: AckPolicy.None,
    max_deliver: 1,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(CONSUMER_AGE_MS),
  };
  const consumer = await manager.consumers.add(stream, config);
  return { name: consumer.name, pending: consumer.num_pending };
}

/** Nobody waits for it: it goes by itself, only later. */
export function removeConsumer(manager: JetStreamManager, stream: string, name: string): void {
  manager.consumers.delete(stream, name).catch(() => undefined);
}

/** The next messages, at most as many as wanted, without waiting for any. */
export async function pullBatch(
  connection: NatsConnection,
  stream: string,
  consumer: string,
  wanted: number,
  patienceMs = PATIENCE_MS,
): Promise<Batch> {
  const messages: Msg[] = [];
  let unread = 0;
  // The library's own way to fetch waits a second for what was counted and left meanwhile.
  const answers = await connection.requestMany(
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    JSON.stringify({ batch: wanted, no_wait: true }),
    { strategy: 'timer', maxWait: patienceMs, noMux: true },
  );
  for await (const message of answers) {
    const delivery = readDelivery(message);
    if (delivery === undefined) {
      const isOver = NOTHING_MORE.includes(message.headers?.code ?? 0);
      return { messages, unread: 0, isCut: !isOver };
    }
    unread = delivery.pending;
    messages.push(message);
    if (unread === 0 || messages.length === wanted) break;
  }
  const isCut = messages.length < wanted && (messages.length === 0 || unread > 0);
  return { messages, unread: isCut ? 0 : unread, isCut };
}

/** From the reply subject, where JetStream tells it; undefined for other messages. */
export function readDelivery({ reply = '' }: Msg): Delivery | undefined {
  const tokens = reply.split('.');
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK') return undefined;
  // $JS.ACK.<stream>.<consumer>.<redelivered>.<sequence>.<delivered>.<time>.<pending>; with a
  // domain and an account before the stream there are more.
  const [, sequence, delivered, , pending] = tokens.slice(tokens.length === 9 ? 4 : 6);
  return {
    sequence: Number(sequence),
    delivered: Number(delivered),
    pending: Number(pending),
  };
}

/** True for what `nats kv del` leaves in the place of a value. */
export function isMarked(message: Msg): boolean {
  return message.headers?.has('KV-Operation') === true;
}
