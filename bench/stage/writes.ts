import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers, nuid, type Msg, type NatsConnection } from '@nats-io/transport-node';

/** A message that a submission had stored, its inspection's id taken out. */
export interface Write {
  readonly subject: string;
  readonly body: string | Uint8Array;
  readonly headers: readonly (readonly [string, string])[];
}

const SUBJECTS = ['$KV.>', 'amun.>'];
const SETTLE_MS = 200;
const MESSAGE_ID = 'Nats-Msg-Id';
const EXPECTED = 'Nats-Expected-Last-Subject-Sequence';
/** Stands for the id, and is as long as it. */
const ID = 'inspection-################';
/** A submission stores these at once, and every other message after the one before. */
const AT_ONCE = /^\$KV\.amun-(artifacts|in-flight|index)\./;

/** Listens in while `submit` stores what it stores; `submit` resolves to the inspection's id. */
export async function recordWrites(
  nats: NatsConnection,
  submit: () => Promise<string>,
): Promise<Write[]> {
  const seen: Msg[] = [];
  const callback = (error: Error | null, message: Msg): void => {
    if (error === null) seen.push(message);
  };
  const subscriptions = SUBJECTS.map((subject) => nats.subscribe(subject, { callback }));
  await nats.flush();
  const id = await submit();
  await sleep(SETTLE_MS);
  for (const subscription of subscriptions) subscription.unsubscribe();
  if (seen.length === 0) throw new Error('The submission stored nothing that could be seen.');
  return seen.map((message) => abstract(message, id));
}

/** Stores the same once more, for another id, by a bare client: as much at once as it was. */
export async function replayWrites(nats: NatsConnection, writes: readonly Write[]): Promise<void> {
  const id = `inspection-${randomBytes(8).toString('hex')}`;
  const client = jetstream(nats);
  const sequences = new Map<string, number>();
  const store = async (write: Write): Promise<void> => {
    const subject = write.subject.replaceAll(ID, id);
    sequences.set(subject, await publish(client, write, id, sequences.get(subject)));
  };
  await Promise.all(writes.filter(({ subject }) => AT_ONCE.test(subject)).map(store));
  for (const write of writes.filter(({ subject }) => !AT_ONCE.test(subject))) await store(write);
}

async function publish(
  client: JetStreamClient,
  write: Write,
  id: string,
  previous: number | undefined,
): Promise<number> {
  const made = headers();
  for (const [name, value] of write.headers) {
    if (name === MESSAGE_ID) made.set(name, nuid.next());
    // Compare-and-set goes on from what was stored here, not from what was seen.
    else made.set(name, name === EXPECTED && value !== '0' ? String(previous ?? 0) : value);
  }
  const body = typeof write.body === 'string' ? write.body.replaceAll(ID, id) : write.body;
  const { seq } = await client.publish(write.subject.replaceAll(ID, id), body, { headers: made });
  return seq;
}

function abstract(message: Msg, id: string): Write {
  const names = message.headers?.keys() ?? [];
  const text = message.string();
  return {
    subject: message.subject.replaceAll(id, ID),
    // What is packed has no id to be found; text has.
    body: text.startsWith('{') || text === '' ? text.replaceAll(id, ID) : message.data,
    headers: names.map((name) => [name, message.headers?.get(name) ?? ''] as const),
  };
}
