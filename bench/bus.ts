import { jetstream } from '@nats-io/jetstream';
import { nuid, type NatsConnection } from '@nats-io/transport-node';
import { createJetStreamBus } from '../shared/bus/jetstream-bus.js';
import { createInspectionSubmitted } from '../shared/events/create-event.js';
import type { Bench } from './bench.js';
import type { Figure } from './measure/figure.js';
import { compare } from './measure/compare.js';
import { takeTurns, timeEachWith } from './measure/rounds.js';
import { median, p99 } from './measure/statistics.js';
import { using } from './stage/cleanup.js';
import { connectBench } from './stage/connect.js';
import { finishedRecord } from './stage/history.js';
import { startPart } from './stage/stack-part.js';

const TURNS = { rounds: 6, seconds: 10 };
const CALLS = 500;

/** What the bus adds to a bare publication. */
export const bus: Bench = {
  name: 'bus',
  about: 'publishing an event, against a bare JetStream publication',
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
  const ours = createJetStreamBus(nats);
  const bare = jetstream(nats);
  const event = () => createInspectionSubmitted(finishedRecord());
  // The stream is made, and both ways compiled, before anything counts.
  const sides = {
    subject: () => timeEachWith(CALLS, event, (made) => ours.publish(made)),
    floor: () =>
      timeEachWith(CALLS, event, (made) =>
        bare.publish(made.type, JSON.stringify(made), { msgID: nuid.next() }),
      ),
  };
  await sides.subject();
  await sides.floor();
  const { subject, floor } = await takeTurns(TURNS, sides);
  const shared = { unit: 'ms', subject, floor: { what: 'bare publish', rounds: floor } } as const;
  return [
    compare({ ...shared, what: 'publish an event, median', statistic: median }),
    compare({ ...shared, what: 'publish an event, p99', statistic: p99 }),
  ];
}
