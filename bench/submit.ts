import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { Client } from 'undici';
import type { ImageRecord } from '../shared/cluster/local/image-record.js';
import { imageRecordFile, layoutOf } from '../shared/cluster/local/layout.js';
import { createJetStreamStore } from '../shared/store/jetstream-store.js';
import type { Bench } from './bench.js';
import { compare } from './measure/compare.js';
import type { Figure } from './measure/figure.js';
import { takeTurns, timeEach } from './measure/rounds.js';
import { median, p99 } from './measure/statistics.js';
import { using } from './stage/cleanup.js';
import { connectBench } from './stage/connect.js';
import { startPart, type StackPart } from './stage/stack-part.js';
import { recordWrites, replayWrites } from './stage/writes.js';

const TURNS = { rounds: 6, seconds: 30 };
const CALLS = 100;
const WARM_UP = 100;
const SPECIFICATION = {
  base: 'localhost/bench:latest',
  packages: ['jq', 'curl'],
  environment: [{ name: 'OMP_NUM_THREADS', value: '2' }],
  script: '#!/bin/sh\necho hello\n',
};

/**
 * What a submission takes, against the messages that it stores. No cluster carries anything out
 * here: what builds and runs take of the machine is not the submission's.
 */
export const submit: Bench = {
  name: 'submit',
  about: 'POST /api/v1/inspect, against its own NATS writes',
  needsEngine: false,
  run: () =>
    using(
      () => startPart(['submit', 'gateway']),
      (part) =>
        using(
          () => connectBench(part.nats),
          async ({ nats }) => {
            const joining = await measure(part, nats, 'submit, its build under way');
            await finishBuild(part, nats);
            return [...joining, ...(await measure(part, nats, 'submit, its build there'))];
          },
        ),
    ),
};

async function measure(part: StackPart, nats: NatsConnection, what: string): Promise<Figure[]> {
  const client = new Client(part.url);
  const submitOnce = (): Promise<string> => post(client);
  try {
    await timeEach(WARM_UP, submitOnce);
    const writes = await recordWrites(nats, submitOnce);
    const replay = (): Promise<void> => replayWrites(nats, writes);
    await timeEach(WARM_UP, replay);
    const { subject, floor } = await takeTurns(TURNS, {
      subject: () => timeEach(CALLS, submitOnce),
      floor: () => timeEach(CALLS, replay),
    });
    const against = { what: `its ${writes.length} NATS writes`, rounds: floor };
    const shared = { unit: 'ms', subject, floor: against } as const;
    return [
      compare({ ...shared, what: `${what}, median`, statistic: median }),
      compare({
        ...shared,
        what: `${what}, p99`,
        statistic: p99,
        goal: { of: 'ratio', bound: 'at most', limit: 5 },
      }),
    ];
  } finally {
    await client.close();
  }
}

/** @returns the inspection's id */
async function post(client: Client): Promise<string> {
  const { statusCode, body } = await client.request({
    method: 'POST',
    path: '/api/v1/inspect',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(SPECIFICATION),
  });
  const text = await body.text();
  if (statusCode !== 202) throw new Error(`submit answered ${statusCode}: ${text}`);
  return (JSON.parse(text) as { inspection_id: string }).inspection_id;
}

/** Says in the store and in the cluster's folder that the build has ended well. */
async function finishBuild(part: StackPart, nats: NatsConnection): Promise<void> {
  const store = createJetStreamStore(nats);
  const [entry] = await store.inFlight.list();
  const id = entry?.buildId ?? '';
  const build = await store.builds.get(id);
  const image = `sha256:${'a'.repeat(64)}`;
  const file = imageRecordFile(layoutOf(part.directory), image);
  if (build === undefined || file === undefined) throw new Error('There is no build to finish.');
  const outcome = {
    state: 'terminated',
    exitCode: 0,
    image,
    finishedAt: new Date().toISOString(),
  } as const;
  await store.builds.replace(id, { ...build.value, outcome }, build.version);
  const record: ImageRecord = { image, tag: 'localhost/bench', buildId: id };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(record));
}
