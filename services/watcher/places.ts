import { keyOf } from '../../shared/cluster/key-of.js';
import type { ClusterRef, WatchEvent } from '../../shared/cluster/port.js';
import type { BuildObservation, JobObservation } from '../../shared/inspection/observation.js';
import type { Room } from './suspects.js';

/**
 * What the watch has shown of a quota: who waits for room, and how much has ended since somebody asked,
 * each of which may have made room for one.
 */
export class Places {
  private readonly held = new Set<string>();
  /** Of builds and jobs, how much of them has ended. */
  private readonly ended = new Map<string, number>();
  private freed = 0;

  /** Takes what the watch shows. */
  note(event: WatchEvent): void {
    if (event.kind === 'synced') return;
    if (event.kind === 'gone') {
      const key = keyOf(event.ref);
      this.held.delete(key);
      this.ended.delete(key);
      this.freed += 1;
      return;
    }
    const key = keyOf(event);
    if (event.observation.held === true) this.held.add(key);
    else this.held.delete(key);
    const ended = countEnded(event.observation);
    this.freed += Math.max(0, ended - (this.ended.get(key) ?? 0));
    this.ended.set(key, ended);
  }

  /** For a watch that broke off: the next one shows all ends anew, and those that were missed. */
  forget(): void {
    this.held.clear();
    this.ended.clear();
  }

  isHeld(ref: ClusterRef): boolean {
    return this.held.has(keyOf(ref));
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
