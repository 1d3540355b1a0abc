import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { submit } from '../../../functions/submit/submit.js';
import { Reconciler } from '../../../services/watcher/reconcile.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { countUnderWay, type CountedStage } from './count-under-way.js';
import { openStage, specify } from './open-stage.js';
import { endBuild, endJob } from './play-agent.js';
import { handle } from './run-until-quiet.js';

/** Different bases make different builds. */
export const BASES = ['fedora:38', 'fedora:39', 'fedora:40', 'fedora:41', 'fedora:42'];

/** A stage with bounds, on which events are delivered only as the test wants it. */
export class Turns {
  private constructor(readonly stage: CountedStage) {}

  static async open(maxBuilds?: number, maxRuns?: number): Promise<Turns> {
    return new Turns(countUnderWay(await openStage({ maxBuilds, maxRuns })));
  }

  /** Submits one for each base, one after the other. */
  async submitAll(
    bases: readonly string[],
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<InspectionRecord[]> {
    for (const base of bases) await submit(this.stage.ports, specify({ base, ...fields }));
    return (await this.stage.records()).slice(-bases.length);
  }

  async record(id: string): Promise<InspectionRecord> {
    return (await this.stage.ports.store.inspections.get(id))!.value;
  }

  async queued(name: 'builds' | 'runs'): Promise<string[]> {
    return (await this.stage.ports.store.queues[name].list()).map(({ id }) => id);
  }

  /** Whose turn was announced, in order. */
  hints(): string[] {
    return this.stage.bus.events.flatMap(({ id, subject }) =>
      id.endsWith('-turn') ? [subject] : [],
    );
  }

  async deliverHints(): Promise<void> {
    for (const event of [...this.stage.bus.events]) {
      if (event.id.endsWith('-turn')) await handle(this.stage.ports, event);
    }
  }

  /** Two passes of the reconciler, whose events are delivered. @returns how many there were */
  async reconcile(): Promise<number> {
    const { ports, bus } = this.stage;
    const before = bus.events.length;
    const reconciler = new Reconciler(ports, ports.now());
    for (let pass = 0; pass < 2; pass += 1) await reconciler.reconcile();
    const events = bus.events.slice(before);
    for (const event of events) await handle(ports, event);
    return events.length;
  }

  async build(id: string): Promise<void> {
    await endBuild(this.stage, id);
    await onBuildComplete(this.stage.ports, id);
  }

  async run(id: string): Promise<void> {
    await endJob(this.stage, id);
    await onJobComplete(this.stage.ports, id);
  }
}
