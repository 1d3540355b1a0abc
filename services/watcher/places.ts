import type { ClusterRef, WatchEvent } from '../../shared/cluster/port.js';
import { RefMap } from '../../shared/cluster/ref-map.js';
import type { BuildObservation, JobObservation } from '../../shared/inspection/observation.js';
import type { Room } from './suspects.js';

/**
 * What the watch has shown of a quota: who waits for room, and how much has ended since somebody asked,
 * each of which may have made room for one.
 */
export class Places {
  private readonly held = new RefMap<true>();
  /** Of builds and jobs of which something has ended, how much. */
  private readonly ended = new RefMap<number>();
  private freed = 0;

  /** Takes what the watch shows. */
  note(event: WatchEvent): void {
    if (event.kind === 'synced') return;
    if (event.kind === 'gone') {
      this.held.delete(event.ref);
      this.ended.delete(event.ref);
      this.freed += 1;
      return;
    }
    if (event.observation.held === true) this.held.set(event, true);
    else this.held.delete(event);
    const before = this.ended.get(event) ?? 0;
    const ended = countEnded(event.observation);
    this.freed += Math.max(0, ended - before);
    if (ended !== before) this.ended.set(event, ended);
  }

  /** For a watch that broke off: the next one shows all ends anew, and those that were missed. */
  forget(): void {
    this.held.clear();
    this.ended.clear();
  }

  isHeld(ref: ClusterRef): boolean {
    return this.held.has(ref);
  }

  /** The room that was made since this was asked last. */
  take(): Room {
    const places = this.freed;
    this.freed = 0;
    return { places, isWaitedFor: (ref) => this.isHeld(ref) };
  }
}

function countEnded(seen: BuildObservation | JobObservation): number {
  const parts = 'runs' in seen ? seen.runs : [seen];
  return parts.filter(({ state }) => state === 'terminated').length;
}
