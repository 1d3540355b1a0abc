import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { keyOf } from '../../shared/cluster/key-of.js';
import { orUndefined, writeWhole } from '../../shared/cluster/local/atomic-file.js';
import { folderOf, STATUS_FILE, type Layout } from '../../shared/cluster/local/layout.js';
import type { ClusterRef } from '../../shared/cluster/port.js';

interface Slot {
  /** What is to be written after the write that is under way. */
  next: (() => object) | undefined;
  done: Promise<void>;
}

/** Writes status files one after the other, and only the newest of several that pile up. */
export class StatusWriter {
  private readonly slots = new Map<string, Slot>();

  constructor(private readonly layout: Layout) {}

  /** Resolves when this status, or a later one, is on disk and whoever watches has been told. */
  write(ref: ClusterRef, status: () => object): Promise<void> {
    const key = keyOf(ref);
    const slot = this.slots.get(key);
    if (slot !== undefined) {
      slot.next = status;
      return slot.done;
    }
    const fresh: Slot = { next: status, done: Promise.resolve() };
    this.slots.set(key, fresh);
    fresh.done = this.drain(ref, fresh).finally(() => this.slots.delete(key));
    return fresh.done;
  }

  /** Resolves when nothing is left to be written. */
  async settle(): Promise<void> {
    await Promise.allSettled([...this.slots.values()].map((slot) => slot.done));
  }

  private async drain(ref: ClusterRef, slot: Slot): Promise<void> {
    while (slot.next !== undefined) {
      const status = slot.next;
      slot.next = undefined;
      await this.put(ref, status());
    }
  }

  /** A folder that was taken away meanwhile needs no status. */
  private async put(ref: ClusterRef, status: object): Promise<void> {
    const folder = folderOf(this.layout, ref);
    const now = new Date();
    await orUndefined(
      writeWhole(path.join(folder, STATUS_FILE), JSON.stringify(status)).then(() =>
        utimes(folder, now, now),
      ),
    );
  }
}
