import type { Msg } from '@nats-io/transport-node';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import type { JetStream } from '../../../shared/jetstream/jetstream.js';
import { JetStreamCatalogue } from '../../../shared/store/jetstream-catalogue.js';
import type { Documents } from '../../../shared/store/port.js';
import { INSPECTION_RECORD } from '../../../shared/store/record-shapes.js';
import { storeStreams } from '../../../shared/store/store-streams.js';
import { inspectionRecord } from '../../contract/inspection-record.js';

const ID = 'inspection-0123456789abcdef';
const OLD = inspectionRecord(ID);
const NEW: InspectionRecord = { ...OLD, phase: 'failed' };
const { inspections: BUCKET } = storeStreams({});

/** The only message of its consumer. */
function message(sequence: number, record: InspectionRecord | undefined): Msg {
  const headers = record === undefined ? new Map([['KV-Operation', 'DEL']]) : undefined;
  return {
    subject: `${BUCKET.prefix}${ID}`,
    reply: `$JS.ACK.stream.consumer.1.${sequence}.1.0.0`,
    headers,
    json: () => record,
  } as unknown as Msg;
}

/**
 * JetStream as it is when a connection is lost in the middle of a read: that one gets its answer
 * only when the one that is made instead is done.
 */
function losingOnce(late: Msg, then: Msg): JetStream {
  let last = 1;
  let sendLate: () => void = () => undefined;
  let givenUp: Promise<unknown> | undefined;
  const manager = {
    streams: {
      info: () => Promise.resolve({ created: 'x', state: { first_seq: 1, last_seq: last } }),
    },
    consumers: {
      add: () => Promise.resolve({ name: `upto${last}`, num_pending: 1 }),
      delete: () => Promise.resolve(true),
    },
  };
  async function* answer(one: Msg, when: Promise<void>): AsyncGenerator<Msg> {
    await when;
    yield one;
  }
  const connection = {
    requestMany: (subject: string) => {
      const isLate = subject.endsWith('upto1');
      const held = new Promise<void>((resolve) => (sendLate = resolve));
      return Promise.resolve(isLate ? answer(late, held) : answer(then, Promise.resolve()));
    },
  };
  type Operation = (with_: unknown) => Promise<unknown>;
  const run = async (_stream: unknown, _doing: string, operation: Operation) => {
    if (givenUp !== undefined) return operation(manager);
    givenUp = operation(manager).catch(() => undefined);
    await new Promise(setImmediate);
    const send = sendLate;
    last = 2;
    await operation(manager);
    send();
    return givenUp;
  };
  return { connection, run } as unknown as JetStream;
}

it.each([
  ['changed', NEW, NEW.phase, 1],
  ['removed', undefined, OLD.phase, 0],
])('a read that was given up has no say in what was %s since', async (_, now, phase, total) => {
  const jetstream = losingOnce(message(1, OLD), message(2, now));
  const get = () => Promise.resolve(now && { value: now, revision: 2 });
  const records = { get } as unknown as Documents<InspectionRecord>;
  const catalogue = new JetStreamCatalogue(jetstream, BUCKET, records, INSPECTION_RECORD);
  expect((await catalogue.find({ phases: new Set([phase]) }, { limit: 5 })).total).toBe(total);
});
