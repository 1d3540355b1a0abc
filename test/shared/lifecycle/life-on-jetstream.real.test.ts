import type { NatsConnection } from '@nats-io/transport-node';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { connectNats } from '../../../shared/bus/connect-nats.js';
import type { AmunEvent } from '../../../shared/events/event.js';
import { listIds } from '../../../shared/cluster/local/read-cluster.js';
import { buildLogKey, runLogKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { MemoryBus } from '../../fakes/memory-bus.js';
import { describeWithNats, startNatsServer, type NatsServer } from '../../nats-server.js';
import { patientBus, patientStore } from '../../patient-jetstream.js';
import { countUnderWay } from './count-under-way.js';
import { openStage, specify, type Stage } from './open-stage.js';
import { BUILD_LOG, runLog } from './play-agent.js';
import { handle, runUntilQuiet } from './run-until-quiet.js';

const TEST_MS = 300_000;

describeWithNats('lives of inspections on a real nats-server', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let stage: Stage;
  beforeAll(async () => {
    server = await startNatsServer();
    connection = await connectNats({ url: server.url, token: server.token, name: 'test' });
  }, TEST_MS);
  afterAll(async () => {
    await connection.close();
    await server.remove();
  });
  beforeEach(async () => {
    stage = await openStage({}, { store: patientStore(connection), bus: recorded() });
  });
  afterEach(() => stage.close());

  /** The real bus, and beside it what it took for new. */
  function recorded(): MemoryBus {
    const bus = patientBus(connection);
    const events: AmunEvent[] = [];
    return {
      events,
      messages: [],
      publish: async (event) => {
        const told = await bus.publish(event);
        if (!told.duplicate) events.push(event);
        return told;
      },
      publishRaw: (...args) => bus.publishRaw(...args),
      consume: (...args) => bus.consume(...args),
      follow: (signal) => bus.follow(signal),
    };
  }
  const ends = () => stage.bus.events.filter(({ type }) => type === 'amun.inspection.complete');
  const text = async (key: string) =>
    Buffer.from((await stage.ports.store.artifacts.get(key)) ?? '').toString();

  it(
    'share one build and end once each, though every event comes three times, at once',
    async () => {
      const scripts = Array.from({ length: 20 }, (_, n) => `#!/bin/sh\necho ${n}\n`);
      const all = await Promise.all(
        scripts.map((script) => submit(stage.ports, specify({ script, batch_size: 2 }))),
      );
      await runUntilQuiet(stage);
      for (const event of [...stage.bus.events]) {
        await Promise.all([1, 2, 3].map(() => handle(stage.ports, event)));
      }
      expect(all.filter(({ buildCreated }) => buildCreated)).toHaveLength(1);
      expect(await listIds(stage.layout, 'build')).toHaveLength(1);
      expect(
        ends()
          .map(({ subject }) => subject)
          .sort(),
      ).toEqual(all.map(({ id }) => id).sort());
      for (const { id } of all) {
        const record = (await stage.ports.store.inspections.get(id))?.value;
        expect(record).toMatchObject({ phase: 'succeeded', job: { runs: [{}, {}] } });
        expect(await text(buildLogKey(record!.buildId))).toBe(BUILD_LOG);
        expect(await text(runLogKey(id, 1))).toBe(runLog(1));
      }
    },
    TEST_MS,
  );

  it(
    'wait for their turns where bounds are set, and leave nothing in the queues',
    async () => {
      const counted = countUnderWay({
        ...stage,
        ports: { ...stage.ports, settings: { ...stage.ports.settings, maxBuilds: 2, maxRuns: 4 } },
      });
      const all = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          submit(counted.ports, specify({ base: `fedora:${30 + n}`, batch_size: 2 })),
        ),
      );
      await cancel(counted.ports, all[11]!.id);
      await runUntilQuiet(counted);
      expect(counted.most).toEqual({ builds: 2, runs: 4 });
      const phases = await Promise.all(
        all.map(async ({ id }) => (await counted.ports.store.inspections.get(id))?.value.phase),
      );
      expect(phases).toEqual([...Array.from({ length: 11 }, () => 'succeeded'), 'cancelled']);
      const { builds, runs } = counted.ports.store.queues;
      expect([await builds.list(), await runs.list()]).toEqual([[], []]);
    },
    TEST_MS,
  );

  it(
    'end once when they are cancelled by many at the same time',
    async () => {
      const { id } = await submit(stage.ports, specify({ base: 'debian:12' }));
      await Promise.allSettled(Array.from({ length: 10 }, () => cancel(stage.ports, id)));
      await runUntilQuiet(stage);
      expect((await stage.ports.store.inspections.get(id))?.value.phase).toBe('cancelled');
      expect(ends().map(({ subject }) => subject)).toEqual([id]);
    },
    TEST_MS,
  );
});
