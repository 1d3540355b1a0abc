import { setTimeout as sleep } from 'node:timers/promises';
import { keyOf } from '../../shared/cluster/key-of.js';
import type { WatchEvent } from '../../shared/cluster/port.js';
import { WakeUp } from '../../shared/cluster/wake-up.js';
import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import { createInspectionProgress, type Progress } from '../../shared/events/create-event.js';
import { isFinal } from '../../shared/inspection/phase.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { progressEvents } from './metrics.js';
import { Milestones, type Milestone } from './milestones.js';

/** What follows within this time is told as one; what ends within it is not told at all. */
const SETTLE_MS = 250;
const IDLE_MS = 60_000;
const CONCURRENCY = 8;

/**
 * Tells how far inspections have come, beside the watch: ends never wait for it. Of each build and job
 * it keeps the latest alone, so what comes faster than it can be told becomes fewer events. What
 * cannot be told is dropped; the end, which is never lost, tells what came of it.
 */
export class ProgressReporter {
  private readonly milestones = new Milestones();
  private readonly changes = new WakeUp();
  private pending = new Map<string, Milestone>();

  constructor(private readonly ports: Pick<Ports, 'store' | 'bus' | 'log' | 'now'>) {}

  /** Takes what the watch shows. */
  note(event: WatchEvent): void {
    const milestone = this.milestones.take(event, this.ports.now().getTime());
    if (milestone !== undefined) {
      this.pending.set(keyOf(milestone.ref), milestone);
      this.changes.ring();
    } else if (event.kind === 'gone') this.pending.delete(keyOf(event.ref));
    else if (event.kind !== 'synced' && event.observation.state === 'terminated') {
      this.pending.delete(keyOf(event));
    }
  }

  /** For a watch that broke off. */
  forget(): void {
    this.milestones.forget();
  }

  /** Publishes until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.changes.sleep(IDLE_MS, signal);
      await sleep(SETTLE_MS, undefined, { signal }).catch(() => undefined);
      const due = [...this.pending.values()];
      this.pending = new Map();
      await mapBounded(due, CONCURRENCY, (milestone) => this.tell(milestone));
    }
  }

  private async tell({ ref, progress }: Milestone): Promise<void> {
    try {
      const ids = ref.kind === 'job' ? [ref.id] : await this.waitingFor(ref.id);
      await mapBounded(ids, CONCURRENCY, (id) => this.publish(id, progress));
    } catch (error) {
      this.ports.log.warn({ err: error, ...ref }, 'its progress could not be told');
    }
  }

  private async waitingFor(buildId: string): Promise<string[]> {
    const entries = await this.ports.store.inFlight.list(buildId);
    return entries.map(({ inspectionId }) => inspectionId);
  }

  private async publish(id: string, progress: Progress): Promise<void> {
    const record = (await this.ports.store.inspections.get(id))?.value;
    if (record === undefined || isFinal(record.phase) || !record.sendMessages) return;
    const { duplicate } = await this.ports.bus.publish(
      createInspectionProgress(record, progress, this.ports.now()),
    );
    if (!duplicate) progressEvents.inc();
  }
}
