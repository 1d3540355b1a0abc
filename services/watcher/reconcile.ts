import type { ClusterRef } from '../../shared/cluster/port.js';
import { createBuildComplete, createJobComplete } from '../../shared/events/create-event.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { endTurn } from '../../shared/lifecycle/turns.js';
import type { InFlightEntry } from '../../shared/store/port.js';
import { ExportHints } from './export-hints.js';
import { findStrays } from './find-strays.js';
import { hints, inFlight, queued, unexported } from './metrics.js';
import { readQueues } from './read-queues.js';
import { Rests } from './rests.js';
import { Sightings } from './sightings.js';
import { Suspects } from './suspects.js';

/** Passes for which an in-flight entry may lack a record before it is swept away. */
const ORPHAN_PASSES = 20;
/** The pass at which something that nobody waits for, and nobody has collected, is hinted at. */
const UNWANTED_PASS = 6;

/**
 * Makes up for what was missed: an event that was lost, a function that died between two steps, a
 * build or job that vanished. It decides nothing itself; it sends the functions to look again.
 * Something counts as missed once two passes in a row have seen it, so that what is being handled
 * at this moment is left alone.
 */
export class Reconciler {
  private readonly suspects = new Suspects();
  private readonly exports = new ExportHints();
  private readonly unwanted = new Suspects(UNWANTED_PASS);
  private readonly rests: Rests;
  private leftovers = new Set<string>();
  private orphanPasses = new Map<string, number>();
  private pass = 0;
  /** Tells the hints of this process from those of others and of earlier ones. */
  private readonly run: string;

  constructor(
    private readonly ports: Ports,
    startedAt: Date,
    /** Spares live reads of what the watch shows anyway. */
    private readonly cluster = new Sightings(ports.cluster),
  ) {
    this.rests = new Rests(cluster);
    this.run = startedAt.getTime().toString(36);
  }

  /** One pass. @returns the number of hints it published */
  async reconcile(): Promise<number> {
    this.pass += 1;
    const queues = await readQueues(this.ports);
    const entries = await this.ports.store.inFlight.list();
    inFlight.set(entries.length);
    for (const kind of ['build', 'job'] as const) queued.set({ kind }, queues[kind].waiting.size);
    const due = this.rests.take(entries);
    const strays = await findStrays({ ...this.ports, cluster: this.cluster }, entries, queues, due);
    for (const entry of strays.well) this.rests.note(entry);
    unexported.set(strays.unexported.length);
    const room = this.cluster.places.take();
    const missed = [...this.suspects.take(strays.missed, room), ...this.takeUnwanted(entries)];
    for (const ref of missed) {
      await this.hintAt(ref);
      if (room.isWaitedFor(ref)) this.ports.log.info(ref, 'waits for room; asked to try again');
      else this.ports.log.warn(ref, 'was missed; asked to look again');
    }
    const waiting = this.exports.take(strays.unexported);
    for (const ref of waiting) await this.hintAt(ref);
    await this.sweepOrphans(strays.orphans);
    await this.sweepLeftovers(strays.leftovers);
    return missed.length + waiting.length;
  }

  /**
   * Whoever was held up over asking for a build or job may have made it a second time, when all was
   * over. An event that tells of its end is dropped as a duplicate then.
   */
  private takeUnwanted(entries: readonly InFlightEntry[]): ClusterRef[] {
    const wanted = new Set(entries.flatMap((entry) => [entry.inspectionId, entry.buildId]));
    return this.unwanted.take(this.cluster.all().filter(({ id }) => !wanted.has(id)));
  }

  private async hintAt({ kind, id }: ClusterRef): Promise<void> {
    const hint = `${this.run}-${this.pass}`;
    await this.ports.bus.publish(
      kind === 'build' ? createBuildComplete(id, { hint }) : createJobComplete(id, { hint }),
    );
    hints.inc({ kind });
  }

  /** Two passes tell that nobody is about to start it, or to take it up, at this moment. */
  private async sweepLeftovers(leftovers: readonly ClusterRef[]): Promise<void> {
    const confirmed = leftovers.filter(({ id }) => this.leftovers.has(id));
    this.leftovers = new Set(leftovers.map(({ id }) => id));
    for (const ref of confirmed) await endTurn(this.ports, ref);
  }

  private async sweepOrphans(orphans: readonly InFlightEntry[]): Promise<void> {
    const { store } = this.ports;
    const passes = new Map<string, number>();
    for (const entry of orphans) {
      const { inspectionId, buildId } = entry;
      const name = `${buildId}.${inspectionId}`;
      const seen = (this.orphanPasses.get(name) ?? 0) + 1;
      if (seen < ORPHAN_PASSES) passes.set(name, seen);
      else if ((await store.inspections.get(inspectionId))?.value.buildId !== buildId) {
        await store.inFlight.remove(entry);
      }
    }
    this.orphanPasses = passes;
  }
}
