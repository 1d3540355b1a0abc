import { mkdir } from 'node:fs/promises';
import { writeWhole } from '../../../shared/cluster/local/atomic-file.js';
import { queueFile, type Layout } from '../../../shared/cluster/local/layout.js';
import type { QueueFile } from '../../../shared/cluster/local/read-cluster.js';
import { parseQuantity } from '../../../shared/inspection/quantity.js';
import type { Requests } from '../../../shared/inspection/specification.js';
import { Admission, type Admitted, type Need, type Waiting } from './admission.js';

type Start = (unit: number) => void;

/** Gives builds and runs their turn, and publishes the order of those that wait. */
export class Slots {
  private readonly starts = new Map<string, Start>();
  private published = '';
  private isPublishing = false;
  private isScheduled = false;
  private isClosed = false;

  constructor(
    private readonly layout: Layout,
    private readonly admission: Admission,
  ) {}

  /** Calls `start` for each unit when its turn comes; never before this call has returned. */
  enqueue(waiting: Waiting, start: Start): void {
    this.starts.set(waiting.key, start);
    this.admission.enqueue(waiting);
    this.schedule();
  }

  withdraw(key: string): void {
    this.admission.withdraw(key);
    this.schedule();
  }

  /** Counts a unit that was found running. */
  hold(admitted: Admitted, need: Need): void {
    this.admission.hold(admitted, need);
  }

  release(admitted: Admitted): void {
    this.admission.release(admitted);
    this.schedule();
  }

  /** Nothing starts any more. */
  close(): void {
    this.isClosed = true;
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      if (this.isClosed) return;
      for (const { key, unit } of this.admission.admit()) this.starts.get(key)?.(unit);
      const waiting = this.admission.waiting();
      for (const key of this.starts.keys()) if (!waiting.includes(key)) this.starts.delete(key);
      void this.publish();
    });
  }

  private async publish(): Promise<void> {
    if (this.isPublishing) return;
    this.isPublishing = true;
    try {
      for (;;) {
        const queue: QueueFile = { waiting: this.admission.waiting() };
        const text = JSON.stringify(queue);
        if (text === this.published) return;
        await mkdir(this.layout.root, { recursive: true });
        await writeWhole(queueFile(this.layout), text);
        this.published = text;
      }
    } finally {
      this.isPublishing = false;
    }
  }
}

/** What requests take of the machine. */
export function needOf(requests: Requests): Need {
  return {
    cpus: parseQuantity(requests.cpu),
    memoryBytes: parseQuantity(requests.memory),
    gpus: requests.hardware.gpu ?? 0,
  };
}
