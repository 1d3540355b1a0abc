import { submit } from '../../../functions/submit/submit.js';
import type { AmunEvent } from '../../../shared/events/event.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { createMemoryExporter, type MemoryExporter } from '../../fakes/memory-exporter.js';
import { openStage, specify, type Stage } from './open-stage.js';
import { playAgent } from './play-agent.js';
import { handle, runUntilQuiet } from './run-until-quiet.js';

/** A stage whose inspections are exported. */
export interface ExportStage extends Stage {
  readonly exporter: MemoryExporter;
  /** The events that told of an inspection's end. */
  ends(): AmunEvent[];
  recordOf(id: string): Promise<InspectionRecord>;
  /** Everything up to the end, and the export. @returns the inspection's id */
  inspect(fields?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Everything up to the end of the job, of which no function knows yet. */
  runJob(fields?: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function openExportStage(
  settings: Partial<Ports['settings']> = {},
): Promise<ExportStage> {
  const opened = await openStage(settings);
  const exporter = createMemoryExporter();
  const ports: Ports = { ...opened.ports, exporter };
  const stage: ExportStage = {
    ...opened,
    ports,
    exporter,
    ends: () => opened.bus.events.filter(({ type }) => type === 'amun.inspection.complete'),
    recordOf: async (id) => (await ports.store.inspections.get(id))!.value,
    async inspect(fields) {
      const { id } = await submit(ports, specify(fields));
      await runUntilQuiet(stage);
      return id;
    },
    async runJob(fields) {
      const { id } = await submit(ports, specify(fields));
      await playAgent(stage);
      await handle(ports, hint('amun.build.complete', (await stage.recordOf(id)).buildId));
      await playAgent(stage);
      return id;
    },
  };
  return stage;
}

function hint(type: AmunEvent['type'], subject: string): AmunEvent {
  const time = '2026-01-01T12:00:00.000Z';
  return {
    specversion: '1.0',
    id: `hint-${subject}`,
    type,
    source: '/test',
    subject,
    time,
    datacontenttype: 'application/json',
    data: {},
  };
}
