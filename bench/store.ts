import { randomBytes } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { createJetStreamStore } from '../shared/store/jetstream-store.js';
import type { Bench } from './bench.js';
import { compare } from './measure/compare.js';
import type { Figure } from './measure/figure.js';
import { takeTurns, timeEach, timeEachWith, type Side } from './measure/rounds.js';
import { median, p99 } from './measure/statistics.js';
import { using } from './stage/cleanup.js';
import { connectBench } from './stage/connect.js';
import { finishedRecord } from './stage/history.js';
import { startPart } from './stage/stack-part.js';

const TURNS = { rounds: 6, seconds: 8 };
const CALLS = 300;
const LARGE_CALLS = 3;
const MEBIBYTE = 1024 ** 2;
/** As large as a run's stream may be. */
const LARGE_BYTES = 8 * MEBIBYTE;
const LARGE = 'bench/large';

interface Pair {
  readonly what: string;
  readonly against: string;
  readonly subject: Side;
  readonly floor: Side;
}

/** What the store adds to bare key-value and object buckets. */
export const store: Bench = {
  name: 'store',
  about: 'documents and artifacts, against bare key-value and object buckets',
  needsEngine: false,
  run: () =>
    using(
      () => startPart([]),
      (part) =>
        using(
          () => connectBench(part.nats),
          ({ nats }) => measure(nats),
        ),
    ),
};

async function measure(nats: NatsConnection): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const pair of [...(await documentPairs(nats)), ...(await artifactPairs(nats))]) {
    await pair.subject();
    await pair.floor();
    const sides = { subject: pair.subject, floor: pair.floor };
    const { subject, floor } = await takeTurns(TURNS, sides);
    const shared = { unit: 'ms', subject, floor: { what: pair.against, rounds: floor } } as const;
    figures.push(compare({ ...shared, what: `${pair.what}, median`, statistic: median }));
    // Of a handful of large ones there is no p99.
    if (subject.flat().length >= 100) {
      figures.push(compare({ ...shared, what: `${pair.what}, p99`, statistic: p99 }));
    }
  }
  return figures;
}

async function documentPairs(nats: NatsConnection): Promise<Pair[]> {
  const { inspections } = createJetStreamStore(nats);
  const bucket = await new Kvm(nats).create('floor', { history: 1 });
  const known = finishedRecord();
  await inspections.create(known.id, known);
  await bucket.put(known.id, JSON.stringify(known));
  const each = (action: (record: typeof known) => Promise<unknown>): Promise<number[]> =>
    timeEachWith(CALLS, finishedRecord, action);
  return [
    {
      what: 'create a record',
      against: 'bare KV create',
      subject: () => each((record) => inspections.create(record.id, record)),
      floor: () => each((record) => bucket.create(record.id, JSON.stringify(record))),
    },
    {
      what: 'read a record',
      against: 'bare KV get',
      subject: () => timeEach(CALLS, () => inspections.get(known.id)),
      floor: () => timeEach(CALLS, async () => (await bucket.get(known.id))?.json()),
    },
  ];
}

async function artifactPairs(nats: NatsConnection): Promise<Pair[]> {
  const { artifacts } = createJetStreamStore(nats);
  const bucket = await new Objm(nats).create('floor');
  const bare = jetstream(nats);
  const small = (): Buffer => logLike(4096);
  const large = (): Buffer => logLike(LARGE_BYTES);
  let counter = 0;
  const name = (): string => `bench/${String((counter += 1))}`;
  await new Kvm(nats).create('floor-small', { history: 1 });
  return [
    {
      what: 'store 4 KiB',
      against: 'bare publish',
      subject: () => timeEachWith(CALLS, small, (content) => artifacts.put(name(), content)),
      floor: () =>
        timeEachWith(CALLS, small, (content) => {
          return bare.publish(`$KV.floor-small.${name()}`, content);
        }),
    },
    {
      what: 'store 8 MiB',
      against: 'object bucket',
      subject: () => timeEachWith(LARGE_CALLS, large, (content) => artifacts.put(LARGE, content)),
      floor: () =>
        timeEachWith(LARGE_CALLS, large, (content) => bucket.putBlob({ name: LARGE }, content)),
    },
    {
      what: 'read 8 MiB',
      against: 'object bucket',
      subject: () => timeEach(LARGE_CALLS, () => artifacts.get(LARGE)),
      floor: () => timeEach(LARGE_CALLS, () => bucket.getBlob(LARGE)),
    },
  ];
}

/** New each time, since content that is there already is not stored again. */
function logLike(bytes: number): Buffer {
  const lines: string[] = [];
  for (let size = 0; size < bytes;) {
    const line = `2024-01-01T00:00:00Z step done, weights ${randomBytes(24).toString('hex')}\n`;
    lines.push(line);
    size += line.length;
  }
  return Buffer.from(lines.join('')).subarray(0, bytes);
}
