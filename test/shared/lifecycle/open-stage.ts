import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalCluster } from '../../../shared/cluster/local/create-local-cluster.js';
import { layoutOf, machineFile, type Layout } from '../../../shared/cluster/local/layout.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import type { Specification } from '../../../shared/inspection/specification.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { createLog } from '../../../shared/log/create-log.js';
import type { Store } from '../../../shared/store/port.js';
import { createMemoryBus, type MemoryBus } from '../../fakes/memory-bus.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

/** The ports on memory and on the real local cluster, whose agent the test plays. */
export interface Stage {
  readonly ports: Ports;
  readonly bus: MemoryBus;
  readonly layout: Layout;
  /** The clock, ms since the epoch. */
  time: number;
  /** The id of the newest inspection, and its record. */
  newest(): Promise<InspectionRecord>;
  /** Every inspection that has a record, oldest first. */
  records(): Promise<InspectionRecord[]>;
  close(): Promise<void>;
}

export const NOON = Date.parse('2026-01-01T12:00:00.000Z');

/** A machine of a kind that asks for nothing special are met by, and cpu_family 1 is not. */
const MACHINE = { cpus: 64, memoryBytes: 2 ** 40, gpus: 0, physicalCpus: 1, cpuFamily: 6 };

export async function openStage(
  settings: Partial<Ports['settings']> = {},
  { store, bus }: { readonly store: Store; readonly bus: MemoryBus } = {
    store: createMemoryStore(),
    bus: createMemoryBus(),
  },
): Promise<Stage> {
  const directory = await mkdtemp(path.join(tmpdir(), 'amun-stage-'));
  const layout = layoutOf(directory);
  await mkdir(layout.root, { recursive: true });
  await writeFile(machineFile(layout), JSON.stringify(MACHINE));
  const stage: Stage = {
    bus,
    layout,
    time: NOON,
    ports: {
      bus,
      store,
      cluster: createLocalCluster({ directory }),
      log: createLog('test', 'silent'),
      settings: {
        buildCacheSeconds: 3600,
        buildTimeoutSeconds: 60,
        runTimeoutSeconds: 60,
        outputLimitBytes: 1024 * 1024,
        ...settings,
      },
      now: () => new Date(stage.time),
    },
    async newest() {
      return (await stage.records()).at(-1)!;
    },
    async records() {
      const { ids } = await store.index.list(1, 10_000);
      const found = await Promise.all(ids.map((id) => store.inspections.get(id)));
      return found.flatMap((one) => one?.value ?? []).reverse();
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
  return stage;
}

/** A specification with every default filled in. */
export function specify(fields: Readonly<Record<string, unknown>> = {}): Specification {
  return parseSpecification({ base: 'fedora:40', script: '#!/bin/sh\necho hello\n', ...fields });
}
